using BenchmarkDotNet.Running;
using Segue.Benchmarks;

if (args is ["features", ..])
{
    await FeatureScale.RunAsync(args[1..]);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}

using BenchmarkDotNet.Running;
using Segue.Benchmarks;
using Segue.Benchmarks.Ingest;

if (args is ["features", ..])
{
    await FeatureScale.RunAsync(args[1..]);
}
else if (args is ["ingest", ..])
{
    await IngestScale.RunAsync(args[1..]);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}

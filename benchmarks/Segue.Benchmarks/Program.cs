using BenchmarkDotNet.Running;
using Segue.Benchmarks;
using Segue.Benchmarks.Ingest;
using Segue.Benchmarks.Taste;

if (args is ["features", ..])
{
    await FeatureScale.RunAsync(args[1..]);
}
else if (args is ["ingest", ..])
{
    await IngestScale.RunAsync(args[1..]);
}
else if (args is ["taste", ..])
{
    TasteScale.Run(args[1..]);
}
else if (args is ["matrices", ..])
{
    await MatrixScale.RunAsync(args[1..]);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}

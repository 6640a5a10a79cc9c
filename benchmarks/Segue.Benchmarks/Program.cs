using BenchmarkDotNet.Running;
using Segue.Audio.Decoding.Workers;
using Segue.Benchmarks;
using Segue.Benchmarks.Home;
using Segue.Benchmarks.Ingest;
using Segue.Benchmarks.Radio;
using Segue.Benchmarks.Rankers;
using Segue.Benchmarks.Retrieval;
using Segue.Benchmarks.Sound;
using Segue.Benchmarks.Sounds;
using Segue.Benchmarks.State;
using Segue.Benchmarks.Taste;
using Segue.Benchmarks.Trends;

// Each measures whole processes or tables by itself; all else is BenchmarkDotNet's.
switch (args)
{
    case ["features", ..]:
        await FeatureScale.RunAsync(args[1..]);
        break;
    case ["home", ..]:
        await HomeScale.RunAsync(args[1..]);
        break;
    case ["ingest", ..]:
        await IngestScale.RunAsync(args[1..]);
        break;
    case ["taste", ..]:
        TasteScale.Run(args[1..]);
        break;
    case ["taste-disk", ..]:
        await DiskScale.RunAsync(args[1..]);
        break;
    case ["svd", ..]:
        RatingSweep.Run(args[1..]);
        break;
    case ["models", ..]:
        ModelLoad.Run(args[1..]);
        break;
    case ["matrices", ..]:
        await MatrixScale.RunAsync(args[1..]);
        break;
    case ["topk", ..]:
        TopKScale.Run(args[1..]);
        break;
    case ["retrieval", ..]:
        RetrievalScale.Run(args[1..]);
        break;
    case ["funnel", ..]:
        FunnelScale.Run(args[1..]);
        break;
    case ["funnel-http", ..]:
        await FunnelHttpScale.RunAsync(args[1..]);
        break;
    case [FunnelHttpScale.ServerCommand, var root]:   // what it starts
        await FunnelHttpScale.ServeAsync(root);
        break;
    case ["sessions", ..]:
        SessionScale.Run(args[1..]);
        break;
    case ["ranker", ..]:
        RankerScale.Run(args[1..]);
        break;
    case ["diversity", ..]:
        DiversityScale.Run(args[1..]);
        break;
    case ["networks", ..]:
        NetworkScale.Run(args[1..]);
        break;
    case ["state", ..]:
        await StateScale.RunAsync(args[1..]);
        break;
    case ["trending", ..]:
        TrendScale.Run(args[1..]);
        break;
    case ["spectra"]:
        SpectraScale.Run();
        break;
    case ["sounds", ..]:
        SoundScale.Run(args[1..]);
        break;
    case ["decode", ..]:
        DecodeScale.Run(args[1..]);
        break;
    case ["file-vector", ..]:
        FileVectorScale.Run(args[1..]);
        break;
    case [DecodeWorker.Command]:   // what both start for libsndfile
        DecodeWorker.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

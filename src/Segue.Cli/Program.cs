using System.CommandLine;
using System.CommandLine.Invocation;
using Segue.Audio.Decoding;
using Segue.Cli.Commands;
using Segue.Server.Music;

namespace Segue.Cli;

/// <summary>The one executable: each command is a file of its own under <c>Commands/</c>.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        var line = CreateRoot().Parse(args);
        if (line.Action is ParseErrorAction fault)
        {
            fault.ShowHelp = false;   // which would push what is wrong out of sight
        }
        return line.InvokeAsync();
    }

    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand("Segue: a self-hosted music recommender whose radio learns from every listen, skip and vote.");
        root.Add(ImportCommand.Create());
        root.Add(IngestCommand.Create());
        root.Add(EtlCommand.Create());
        root.Add(ScanCommand.Create(Analyzers));
        root.Add(SimilarCommand.Create());
        root.Add(TrainCommand.Create());
        root.Add(RecommendCommand.Create());
        root.Add(ListsCommand.Create());
        root.Add(ReplayCommand.Create());
        root.Add(PlanCommand.Create());
        root.Add(ModelsCommand.Create());
        root.Add(BenchmarkCommand.Create(Analyzers));
        root.Add(LabCommand.Create());
        root.Add(ServeCommand.Create(Analyzers));
        root.Add(DemoCommand.Create());
        root.Add(ListenerDataCommands.Export());
        root.Add(ListenerDataCommands.Erase());
        root.Add(ListenerDataCommands.Token());
        root.Add(DeadLettersCommand.Create());
        root.Add(LogCommands.Log());
        root.Add(LogCommands.Keys());
        root.Add(DecodeWorkerCommand.Create());
        return root;
    }

    private static TrackAnalyzers Analyzers(WindowPlan plan) => SoundAnalyzers.Create(plan, DecodeWorkerCommand.Self);
}

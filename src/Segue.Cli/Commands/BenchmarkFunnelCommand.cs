using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Funnel;
using Segue.Evaluation.Search;
using Segue.Events.Importing;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Similarity;
using Segue.Models.Tags;
using Segue.Ranking.Artists;

namespace Segue.Cli.Commands;

/// <summary><c>segue benchmark funnel DIR</c>: the funnel of artists beside each of its sources, on a seeded split of the HetRec data. Exit code 2: a file or a setting is bad.</summary>
internal sealed class BenchmarkFunnelCommand
{
    private const string Funnel = "funnel";
    private static readonly string[] Searched = [ImplicitAlsModel.KindName, TagSpaceModel.KindName, CooccurrenceModel.KindName];

    private readonly Argument<DirectoryInfo> _directory = new("directory") { Description = "The HetRec 2011 Last.fm data set." };
    private readonly Option<bool> _validation = new("--validation") { Description = "Ask the validation part, cut from the training part: for choosing settings." };
    private readonly Option<int> _tune = new("--tune") { Description = "Try so many settings of each source on the validation part, and use the best." };
    private readonly Option<bool> _weights = new("--weights") { Description = "Print the weights of the second stage, too." };
    private readonly Option<string> _maxBad = new("--max-bad") { Description = "Bad lines that are tolerated: a count or a share such as 1%.", DefaultValueFactory = _ => "0" };
    private readonly TrainingOptions _training = new();

    public static Command Create()
    {
        var options = new BenchmarkFunnelCommand();
        var command = new Command(Funnel, "Measure the funnel of artists beside each of its sources alone. Settings have the prefixes als., tags., cooccurrence. and funnel.")
        {
            options._directory, options._validation, options._tune, options._weights, options._maxBad,
        };
        options._training.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var (given, run) = _training.Read(line, cancel);
        var trials = TrainingOptions.RequireTrials(line.GetValue(_tune));
        var settings = Searched.Append(Funnel).ToDictionary(part => part, part => Of(part, given));
        if (given.Keys.FirstOrDefault(key => !settings.Keys.Any(part => key.StartsWith(part + '.', StringComparison.Ordinal))) is { } unknown)
        {
            throw new ArgumentException($"--set {unknown} has none of the prefixes {string.Join(", ", settings.Keys.Select(part => part + '.'))}.");
        }
        var options = ArtistFunnelOptions.FromSettings(settings[Funnel]);
        foreach (var kind in Searched)
        {
            _ = ModelKinds.Get(kind).Trainer(settings[kind]);   // settings out of range are told before the work starts
        }
        var source = HetRecImporter.Read(line.GetRequiredValue(_directory), BadLineBudget.Parse(line.GetRequiredValue(_maxBad)), progress: null, cancel);
        var split = ArtistSplit.Of(source, run.Seed);
        foreach (var kind in trials > 0 ? Searched : [])
        {
            var best = ConsoleProgress.Run($"Tuning {kind}", progress =>
                new ParameterSearch(ModelKinds.Get(kind), [split.Validation], run with { Progress = progress }).Run(trials, settings[kind]))[0];
            settings[kind] = TasteSettings.Over(best.Settings, settings[kind]);
            line.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {best.Value:F4} on validation by {BenchmarkOutput.Format(best.Settings)}"));
        }
        options = options with { Taste = settings[ImplicitAlsModel.KindName], Tags = settings[TagSpaceModel.KindName], CoListen = settings[CooccurrenceModel.KindName] };
        var set = line.GetValue(_validation) ? split.Validation : split.Test;
        var (results, funnel) = ConsoleProgress.Run("Measuring", progress => FunnelBenchmark.Run(set, options, run with { Progress = progress }));
        Write(line.InvocationConfiguration.Output, results);
        if (line.GetValue(_weights))
        {
            foreach (var (name, weight) in funnel.FeatureNames.Zip(funnel.Ranker.Weights))
            {
                line.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32}{weight,8:F3}"));
            }
        }
        return 0;
    }

    private static Dictionary<string, double> Of(string part, IReadOnlyDictionary<string, double> given)
        => given.Where(setting => setting.Key.StartsWith(part + '.', StringComparison.Ordinal)).ToDictionary(setting => setting.Key[(part.Length + 1)..], setting => setting.Value);

    private static void Write(TextWriter output, IReadOnlyList<FunnelResult> results)
    {
        output.WriteLine($"{results[0].Recall.Length:N0} users, lists of 20; the funnel's lead with its 95 % interval over users");
        output.WriteLine($"{"",-12}{"recall@20",10}{"ndcg@20",10}   {"lead in recall@20",-26}lead in ndcg@20");
        foreach (var result in results)
        {
            var (recall, ndcg) = result.LeadOf(results[^1]);
            var leads = result == results[^1] ? "" : string.Create(CultureInfo.InvariantCulture,
                $"   {$"{recall.Mean:F4} [{recall.Low:F4}, {recall.High:F4}]",-26}{ndcg.Mean:F4} [{ndcg.Low:F4}, {ndcg.High:F4}]");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Name,-12}{result.Recall.Average(),10:F4}{result.Ndcg.Average(),10:F4}{leads}"));
        }
    }
}

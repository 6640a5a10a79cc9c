using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Taste;
using Segue.Experiments.Analysis;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab taste</c>: what several actions, recency and folding in are worth, in worlds whose truth is known.</summary>
internal static class LabTasteCommand
{
    private const int MaxSeeds = 1000;

    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seeds = new Option<int>("--seeds") { Description = "Worlds of each situation.", DefaultValueFactory = _ => 5 };
        var first = new Option<int>("--first-seed") { Description = "Seed of the first world; the others follow.", DefaultValueFactory = _ => 1 };
        var events = new Option<int>("--events") { Description = "Plays since the last training that are folded in.", DefaultValueFactory = _ => 20 };
        var command = new Command("taste", "Compare shared with separate factors, recency with none, and folding in with training anew, by NDCG@20 against the truth.")
        {
            seeds, first, events,
        };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var worlds = Enumerable.Range(line.Require(first, int.MaxValue / 2), line.Require(seeds, MaxSeeds)).Select(seed => (ulong)seed).ToArray();
            var (output, news) = (line.InvocationConfiguration.Output, line.Require(events, 10_000));
            foreach (var situation in TasteComparison.Standard(sizes.Read(line)))
            {
                Write(situation.Name, ConsoleProgress.Run(situation.Name, progress => TasteComparison.Run(situation, worlds, progress, cancel)), output);
            }
            foreach (var (who, results) in ConsoleProgress.Run("Folding in", progress => FoldInComparison.Run(sizes.Read(line), worlds, news, progress, cancel)))
            {
                Write(who, results, output);
            }
            return 0;
        });
        return command;
    }

    private static void Write(string title, IReadOnlyList<TasteResult> results, TextWriter output)
    {
        output.WriteLine($"{title}: NDCG@20 by truth, gain over '{results[0].Name}' in % with a 95 % interval, by world");
        foreach (var result in results)
        {
            var gain = result == results[0] ? "" : Gain(result.GainOver(results[0]));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {result.Name,-50}{result.Mean:F4}  {gain,-26}({string.Join("  ", result.Ndcg.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)))})"));
        }
        output.WriteLine();
    }

    private static string Gain(PairedComparison gain)
        => string.Create(CultureInfo.InvariantCulture, $"{100 * gain.Mean:F1}")
            + (double.IsInfinity(gain.Low) ? "" : string.Create(CultureInfo.InvariantCulture, $" [{100 * gain.Low:F1}, {100 * gain.High:F1}]"));
}

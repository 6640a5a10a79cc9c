using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Playlists;
using Segue.Experiments.Analysis;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab playlists</c>: how well playlists of listeners whom nobody has met are continued.</summary>
internal static class LabPlaylistsCommand
{
    private const int MaxSeeds = 1000;

    /// <summary>The share of listeners who keep playlists, as an option.</summary>
    /// <param name="usual">Where nothing is said.</param>
    public static Option<double> Keepers(double usual)
        => new("--playlists") { Description = "Share of listeners who keep playlists, 0 to 1.", DefaultValueFactory = _ => usual };

    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seeds = new Option<int>("--seeds") { Description = "Worlds.", DefaultValueFactory = _ => 5 };
        var first = new Option<int>("--first-seed") { Description = "Seed of the first world; the others follow.", DefaultValueFactory = _ => 1 };
        var keepers = Keepers(usual: 0.4);
        var command = new Command("playlists", $"Ask models for the last {PlaylistComparison.HeldOut} tracks of playlists, of which they are told the others.") { seeds, first, keepers };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var worlds = Enumerable.Range(line.Require(first, int.MaxValue / 2), line.Require(seeds, MaxSeeds)).Select(seed => (ulong)seed).ToArray();
            var world = sizes.Read(line) with { PlaylistKeepers = line.GetValue(keepers) };
            Write(ConsoleProgress.Run("Continuing", progress => PlaylistComparison.Run(world, worlds, progress, cancel)), line.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    private static void Write(IReadOnlyList<ContinuationResult> results, TextWriter output)
    {
        output.WriteLine($"The last {PlaylistComparison.HeldOut} tracks of playlists: HR@10, recall@10 and recall@150, the lead of the last row in HR@10 with a 95 % interval over the worlds, HR@10 by world");
        foreach (var result in results)
        {
            var lead = result == results[^1] ? "" : Lead(results[^1].Over(result));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {result.Name,-38}{result.HitAt10.Average(),7:F4}{result.RecallAt10.Average(),8:F4}{result.RecallAt150.Average(),8:F4}   {lead,-26}({string.Join("  ", result.HitAt10.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)))})"));
        }
    }

    private static string Lead(PairedComparison lead) => string.Create(CultureInfo.InvariantCulture, $"{lead.Mean:+0.0000;-0.0000}")
        + (double.IsInfinity(lead.Low) ? "" : string.Create(CultureInfo.InvariantCulture, $" [{lead.Low:F4}, {lead.High:F4}]"));
}

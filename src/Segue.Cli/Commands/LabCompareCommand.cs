using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Rankers;
using Segue.Experiments.Analysis;
using Segue.Ranking.Learnt;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab compare</c>: the share of tracks that simulated listeners hear to their end under each policy.</summary>
internal static class LabCompareCommand
{
    private const int MaxSeeds = 1000;

    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seeds = new Option<int>("--seeds") { Description = "Worlds.", DefaultValueFactory = _ => 5 };
        var first = new Option<int>("--first-seed") { Description = "Seed of the first world; the others follow.", DefaultValueFactory = _ => 1 };
        var sittings = new Option<int>("--sittings") { Description = "Sittings of each listener under each policy.", DefaultValueFactory = _ => 1 };
        var rankers = new Option<bool>("--rankers") { Description = "Also radios with rankers that were learnt in each world, from sittings of their own at a radio that explores." };
        var playlists = LabPlaylistsCommand.Keepers(usual: 0);
        var sources = new Option<bool>("--sources") { Description = "Also radios that have listened to all tracks (25 ms each), that know their tags, both, and the playlists where listeners keep some." };
        var command = new Command("compare", "Let the same simulated listeners hold the same sittings under random, most popular, taste list and radio.")
        {
            seeds, first, sittings, rankers, sources, playlists,
        };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var (worlds, each) = (line.Require(seeds, MaxSeeds), line.Require(sittings, 1000));
            ulong[] numbers = [.. Enumerable.Range(line.Require(first, int.MaxValue / 2), worlds).Select(seed => (ulong)seed)];
            var world = sizes.Read(line) with { PlaylistKeepers = line.GetValue(playlists) };
            var tables = new List<(string Name, IReadOnlyList<RankerResult> Table)>();
            var results = ConsoleProgress.Run("Comparing", progress => line.GetValue(rankers)
                ? PolicyComparison.Run(
                    world, numbers, each,
                    (made, data, models) => RankerPolicies.Create(made, data, models, (name, table) => tables.Add((name, table)), cancel), progress, cancel)
                : line.GetValue(sources)
                    ? PolicyComparison.Run(world, numbers, each, (made, data, models) => SourcePolicies.Create(made, data, models, cancel), progress, cancel)
                    : PolicyComparison.Run(world, numbers, each, PolicyComparison.Standard, progress, cancel));
            var output = line.InvocationConfiguration.Output;
            foreach (var (name, table) in tables)
            {
                RankerOutput.Write(name, table, output);
            }
            Write(results, output);
            return 0;
        });
        return command;
    }

    private static void Write(IReadOnlyList<PolicyResult> results, TextWriter output)
    {
        output.WriteLine("Share of recommended tracks heard to the end, in %, by world");
        foreach (var result in results)
        {
            output.WriteLine($"  {result.Policy,-28}{Percent(result.Mean),7}   ({string.Join("  ", result.Kept.Select(Percent))})");
        }
        output.WriteLine();
        output.WriteLine("The radio's lead in percentage points, with a 95 % interval over the worlds");
        var radio = results[^1];
        foreach (var control in results.SkipLast(1))
        {
            output.WriteLine($"  over {control.Policy,-28}{Points(radio.Over(control))}");
        }
    }

    private static string Percent(double share) => (share * 100).ToString("F2", CultureInfo.InvariantCulture);

    private static string Points(PairedComparison lead)
        => double.IsInfinity(lead.Low)
            ? $"{Percent(lead.Mean),7}"
            : $"{Percent(lead.Mean),7}   [{Percent(lead.Low)}, {Percent(lead.High)}]";
}

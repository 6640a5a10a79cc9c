using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Cold;
using Segue.Experiments.Analysis;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab new-tracks</c>: how fast tracks that nobody has heard reach those who would like them, with their sound and without.</summary>
internal static class LabNewTracksCommand
{
    private static readonly int[] DaysShown = [1, 2, 3, 5, 7, 10, 20, 30];
    private static readonly NewTrackOptions Defaults = new();

    public static Command Create()
    {
        var sizes = new LabSizeOptions(Defaults.World);
        var seeds = new Option<int>("--seeds") { Description = "Worlds.", DefaultValueFactory = _ => 5 };
        var first = new Option<int>("--first-seed") { Description = "Seed of the first world; the others follow.", DefaultValueFactory = _ => 1 };
        var share = new Option<double>("--new") { Description = "Share of the tracks that are new, 0.005 to 0.2.", DefaultValueFactory = _ => Defaults.NewShare };
        var days = new Option<int>("--radio-days") { Description = "Days that the radio plays.", DefaultValueFactory = _ => Defaults.RadioDays };
        var explore = new Option<double>("--explore") { Description = "Share of places that explore, 0 to 0.5.", DefaultValueFactory = _ => Defaults.Explore };
        var command = new Command("new-tracks", "Let new tracks find their listeners at radios that learn every night: by chance, by artist and album, by sound too.") { seeds, first, share, days, explore };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var options = new NewTrackOptions { World = sizes.Read(line), NewShare = line.GetValue(share), RadioDays = line.GetValue(days), Explore = line.GetValue(explore) };
            var worlds = Enumerable.Range(line.Require(first, int.MaxValue / 2), line.Require(seeds, 1000)).Select(seed => (ulong)seed).ToArray();
            Write(ConsoleProgress.Run("Listening", progress => NewTrackComparison.Run(options, worlds, progress, cancel)), options, line.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    private static void Write(IReadOnlyList<NewTrackResult> results, NewTrackOptions options, TextWriter output)
    {
        int[] days = [.. DaysShown.Where(day => day < options.RadioDays), options.RadioDays];
        output.WriteLine($"New tracks: share of their true audience that was offered them by the end of a day, in %; days until it is what '{NewTrackComparison.Without}' came to in all days; share of the first {NewTrackComparison.FirstOffers} offers that went to it, in %; offers; tracks heard to the end, in %");
        output.WriteLine($"  {"",-26}{string.Concat(days.Select(day => $"{"day " + day.ToString(CultureInfo.InvariantCulture),8}"))}{"days",8}{"first",8}{"offers",8}{"heard",8}");
        var goal = results.Single(result => result.Arm == NewTrackComparison.Without);
        foreach (var result in results)
        {
            double Mean(Func<NewTrackRun, double> figure) => result.Worlds.Average(figure);
            var reached = result.Worlds.Zip(goal.Worlds, (own, other) => own.DaysUntil(other.Reached[^1])).ToList();
            var until = reached.Contains(null) ? "-" : reached.Average()!.Value.ToString("F1", CultureInfo.InvariantCulture);
            output.WriteLine($"  {result.Arm,-26}{string.Concat(days.Select(day => $"{Percent(Mean(world => world.Reached[day - 1])),8}"))}{until,8}{Percent(Mean(world => world.FirstHits)),8}{Mean(world => world.Offers).ToString("F0", CultureInfo.InvariantCulture),8}{Percent(Mean(world => world.Kept)),8}");
        }
        var with = results[^1];
        output.WriteLine();
        output.WriteLine($"The lead of '{with.Arm}' in percentage points, with a 95 % interval over the worlds: reached by day {days[0]} and day {days[^1]}, first offers, tracks heard to the end");
        foreach (var other in results.SkipLast(1))
        {
            var leads = new Func<NewTrackRun, double>[] { world => world.Reached[days[0] - 1], world => world.Reached[^1], world => world.FirstHits, world => world.Kept };
            output.WriteLine($"  over {other.Arm,-26}{string.Concat(leads.Select(figure => $"{Points(with.Over(other, figure)),24}"))}");
        }
    }

    private static string Percent(double share) => (share * 100).ToString("F1", CultureInfo.InvariantCulture);

    private static string Points(PairedComparison lead)
        => double.IsInfinity(lead.Low) ? Percent(lead.Mean) : $"{Percent(lead.Mean)} [{Percent(lead.Low)}, {Percent(lead.High)}]";
}

using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Cold;
using Segue.Experiments.Analysis;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab cold</c>: how fast the radio learns newcomers and changed tastes.</summary>
internal static class LabColdCommand
{
    private const int MaxSeeds = 1000;

    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seeds = new Option<int>("--seeds") { Description = "Worlds.", DefaultValueFactory = _ => 5 };
        var first = new Option<int>("--first-seed") { Description = "Seed of the first world; the others follow.", DefaultValueFactory = _ => 1 };
        var ideal = new Option<bool>("--ideal") { Description = "Also a learner that knows the laws of the lab, with the listener's taste known and to be learnt: how much a sitting can tell at all." };
        var command = new Command("cold", "Let listeners of whom the radio knows nothing, or an old taste, hear 30 tracks beside listeners whom it knows.") { seeds, first, ideal };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var worlds = Enumerable.Range(line.Require(first, int.MaxValue / 2), line.Require(seeds, MaxSeeds)).Select(seed => (ulong)seed).ToArray();
            var (cold, changed) = ConsoleProgress.Run("Listening", progress => ColdListenerComparison.Run(sizes.Read(line), worlds, new(), line.GetValue(ideal), progress, cancel));
            var output = line.InvocationConfiguration.Output;
            Write("Newcomers", cold, share: 0.8, output);
            Write("Tastes drawn anew", changed, share: 0.95, output);
            return 0;
        });
        return command;
    }

    private static void Write(string title, IReadOnlyList<ListeningCurve> curves, double share, TextWriter output)
    {
        var tracks = curves[0].Kept[0].Length;
        var windows = Enumerable.Range(0, tracks / ListeningCurve.Window).Select(n => (From: n * ListeningCurve.Window + 1, To: (n + 1) * ListeningCurve.Window)).ToList();
        output.WriteLine($"{title}: tracks heard to the end, in %, by the number of the track; below, in % of '{curves[0].Arm}' with a 95 % interval over the worlds");
        output.WriteLine($"  {"",-26}{string.Concat(windows.Select(window => $"{window.From + "-" + window.To,18}"))}");
        foreach (var curve in curves)
        {
            output.WriteLine($"  {curve.Arm,-26}{string.Concat(windows.Select(window => $"{Percent(curve.Shares(window.From, window.To).Average()),18}"))}");
        }
        foreach (var curve in curves.Skip(1))
        {
            var reached = curve.Reaches(curves[0], share) is { } track ? $"from track {track} on" : "not reached";
            output.WriteLine($"  {curve.Arm,-26}{string.Concat(windows.Select(window => $"{Ratio(curve.RatioTo(curves[0], window.From, window.To)),18}"))}   {Percent(share)} %: {reached}");
        }
        output.WriteLine();
    }

    private static string Percent(double share) => (share * 100).ToString("F1", CultureInfo.InvariantCulture);

    private static string Ratio(PairedComparison ratio)
        => double.IsInfinity(ratio.Low) ? Percent(ratio.Mean) : $"{Percent(ratio.Mean)} [{Percent(ratio.Low)}, {Percent(ratio.High)}]";
}

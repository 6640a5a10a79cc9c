using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Planning;
using Segue.Numerics;

namespace Segue.Cli.Commands;

/// <summary><c>segue plan --listeners N --tracks N --listens N --factors D</c>: what a night and a music library will take on this machine, from small runs on it.</summary>
internal static class PlanCommand
{
    // Of a sound vector.
    private const int Dimensions = 128;

    public static Command Create()
    {
        var listeners = new Option<long>("--listeners") { Description = "Listeners.", Required = true };
        var tracks = new Option<long>("--tracks") { Description = "Tracks.", Required = true };
        var listens = new Option<long>("--listens") { Description = "Interactions of all kinds.", Required = true };
        var factors = new Option<int>("--factors") { Description = "Latent dimensions.", DefaultValueFactory = _ => 64 };
        var threads = new Option<int>("--threads") { Description = "Threads to use.", DefaultValueFactory = _ => Workers.Default };
        var memory = new Option<int>("--memory") { Description = "MiB that building matrices may use.", DefaultValueFactory = _ => 1024 };
        var length = new Option<int>("--track-length") { Description = "Mean length of the tracks' files in seconds.", DefaultValueFactory = _ => 240 };
        var cores = new Option<int?>("--cores") { Description = "Cores like those of this machine that listen to files and learn from sound. Default: as many as --threads." };
        var cache = new Option<int>("--spectra-cache") { Description = "GiB of spectra that the library keeps.", DefaultValueFactory = _ => 10 };
        var command = new Command("plan", "Predict memory, disk and time of each step of a night, and of a music library, from small runs on this machine.")
        {
            listeners, tracks, listens, factors, threads, memory, length, cores, cache,
        };
        command.RunsAs((line, cancel) =>
        {
            var size = new ServiceSize(line.GetValue(listeners), line.GetValue(tracks), line.GetValue(listens), line.GetValue(factors));
            var (count, mebibytes) = (line.GetValue(threads), line.GetValue(memory));
            if (count is < 1 or > 1024 || mebibytes < 1)
            {
                throw new ArgumentException($"--threads is {count} and --memory {mebibytes}; allowed are 1 to 1024, and 1 or more.");
            }
            var music = new MusicSize(size.Tracks, line.GetValue(cores) ?? count, (long)line.GetValue(cache) << 30);
            var seconds = line.GetValue(length);
            if (seconds is < 10 or > 36_000)
            {
                throw new ArgumentException($"--track-length is {seconds}; allowed are 10 to 36000.");
            }
            var rates = ConsoleProgress.Run("Measuring this machine", progress => MachineRates.Measure(
                size.Factors, Path.GetTempPath(), new(1, count, progress, cancel)));
            var sound = ConsoleProgress.Run("Listening", progress => SoundRates.Measure(
                TimeSpan.FromSeconds(seconds), size.Factors, DecodeWorkerCommand.Self, Path.GetTempPath(), new(1, 1, progress, cancel)));
            var radio = ConsoleProgress.Run("Playing", progress => RadioRates.Measure(size.Factors, new(1, count, progress, cancel)));
            var output = line.InvocationConfiguration.Output;
            Write(size, rates, NightPlan.Of(size, rates, (long)mebibytes << 20), output);
            Write(radio, RadioPlan.Of(size, radio), output);
            Write(music, seconds, sound, SoundPlan.Of(music, sound, Dimensions), output);
            return 0;
        });
        return command;
    }

    private static void Write(ServiceSize size, MachineRates rates, IReadOnlyList<PlannedStep> steps, TextWriter output)
    {
        output.WriteLine(Text($"{size.Listeners:N0} listeners, {size.Tracks:N0} tracks, {size.Listens:N0} interactions, d = {size.Factors}, {rates.Threads} threads"));
        output.WriteLine(Text(
            $"Measured here: a sweep {1e9 * rates.SweepEntry:F0} ns an interaction and {1e6 * rates.SweepRow:F2} µs a row, matrices {1e9 * rates.MatrixEntry:F0} ns an interaction, ")
            + Text($"lists {1e9 * rates.ListCell:F2} ns a listener and track, a fold-in of 100 interactions {1e6 * rates.FoldIn:F0} µs."));
        output.WriteLine();
        output.WriteLine($"{"step",-62}{"minutes",10}{"memory GiB",13}{"disk GiB",11}");
        foreach (var step in steps)
        {
            output.WriteLine(Text($"{step.Name,-62}{step.Seconds / 60,10:F1}{Gibibytes(step.Memory),13:F2}{Gibibytes(step.Disk),11:F2}"));
        }
    }

    private static void Write(RadioRates rates, RadioPlan plan, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(Text($"Radio, a core: {plan.ReactionsPerCoreSecond:N0} reactions with a list of ten a second, {plan.StartsPerCoreSecond:N0} first lists, without HTTP and log (measured among {RadioRates.Tracks:N0} tracks: {1e3 * rates.Reaction:F2} and {1e3 * rates.Start:F2} ms)."));
        output.WriteLine(Text(
            $"Its memory: indexes {Gibibytes(plan.Index):F2} GiB, records of {plan.Active:N0} listeners who were there since the training {Gibibytes(plan.Records):F2}, {plan.AtOnce:N0} sittings at once {Gibibytes(plan.Sittings):F2} ({rates.SittingBytes / 1024:F0} KiB each). The data of the training come on top."));
    }

    private static void Write(MusicSize size, int length, SoundRates rates, IReadOnlyList<PlannedStep> steps, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(Text($"{size.Tracks:N0} files of {length} s, {size.SpectraCache >> 30} GiB of spectra"));
        output.WriteLine(Text($"Measured here, of one core: {rates.Format} of that length to spectra {1e3 * rates.Hear:F0} ms, tags {1e3 * rates.ReadTags:F0} ms, vector {1e3 * rates.Embed:F1} ms, ")
            + Text($"a window of the encoder's training {1e3 * rates.EncoderWindow:F2} ms, a crop of a network's {1e3 * rates.NetworkCrop:F2} ms; library {rates.TrackBytes:N0} bytes a track, {rates.TrackBytes + rates.SpectraBytes:N0} with spectra."));
        output.WriteLine();
        output.WriteLine($"{"step",-46}{"hours of a core",17}{$"hours on {size.Cores}",14}{"memory GiB",13}{"disk GiB",11}");
        foreach (var step in steps)
        {
            output.WriteLine(Text($"{step.Name,-46}{step.Seconds / 3600,17:F2}{step.Seconds / 3600 / size.Cores,14:F2}{Gibibytes(step.Memory),13:F2}{Gibibytes(step.Disk),11:F2}"));
        }
    }

    private static double Gibibytes(long bytes) => bytes / (double)(1 << 30);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Sound;
using Segue.Experiments.Analysis;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab sound</c>: how well tracks that nobody heard yet are placed by their sound, their artist and their album, in worlds whose truth is known.</summary>
internal static class LabSoundCommand
{
    private static readonly LabSoundOptions Defaults = new();

    public static Command Create()
    {
        var sizes = new LabSizeOptions(Defaults.World);
        var worlds = new Option<int>("--worlds") { Description = "Worlds, each of its own seed.", DefaultValueFactory = _ => 3 };
        var first = new Option<int>("--seed") { Description = "Seed of the first world; the others follow.", DefaultValueFactory = _ => 1 };
        var cold = new Option<double>("--cold") { Description = "Share of the tracks that nothing is learnt from, 0.05 to 0.5.", DefaultValueFactory = _ => Defaults.ColdShare };
        var steps = new Option<int>("--steps") { Description = "Steps of the encoder, of 96 windows each.", DefaultValueFactory = _ => Defaults.EncoderSteps };
        var networkSteps = new Option<int>("--network-steps") { Description = "Steps of each other network, of 64 crops of 6 s each.", DefaultValueFactory = _ => Defaults.NetworkSteps };
        var blend = new Option<bool>("--blend") { Description = "Judge instead how tracks that 1 to 32 have heard are blended from their own factors and from their place as new ones." };
        var command = new Command("sound", "Rank tracks that nobody heard yet for simulated listeners: by sound, by networks of several losses, by artist and album.")
        {
            worlds, first, cold, steps, networkSteps, blend,
        };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var options = new LabSoundOptions
            {
                World = sizes.Read(line), ColdShare = line.GetValue(cold), EncoderSteps = line.GetValue(steps), NetworkSteps = line.GetValue(networkSteps),
            };
            ulong[] seeds = [.. Enumerable.Range(line.Require(first, int.MaxValue / 2), line.Require(worlds, 1000)).Select(seed => (ulong)seed)];
            var output = line.InvocationConfiguration.Output;
            if (line.GetValue(blend))
            {
                Write(ConsoleProgress.Run("Listening", progress => LabBlendComparison.Run(options, seeds, progress, cancel)), output);
                return 0;
            }
            var judged = ConsoleProgress.Run("Listening", progress => LabSoundComparison.Run(options, seeds, progress, cancel));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{options.World.Tracks:N0} tracks, {options.ColdShare:P0} of them cold, {options.World.Listeners:N0} listeners, {options.World.Days:N0} days; {options.EncoderSteps:N0} steps of the encoder, {options.NetworkSteps:N0} of each network"));
            foreach (var (judge, results) in judged)
            {
                Write(judge, results, output);
            }
            return 0;
        });
        return command;
    }

    private static void Write(string judge, IReadOnlyList<ColdStartResult> results, TextWriter output)
    {
        var (random, timbre) = (results[0], results.Single(result => result.Name == $"nearest by {LabSoundComparison.TimbreName}"));
        output.WriteLine($"Judged by {judge}: recall@20 and its lead over random and over timbre, with 95 % intervals over the worlds; NDCG@20; AUC; recall@20 by world");
        foreach (var result in results)
        {
            var (chance, known) = (result == random ? "" : Lead(result.RecallOver(random)), result == timbre ? "" : Lead(result.RecallOver(timbre)));
            var worlds = string.Join("  ", result.Worlds.Select(world => world.Recall20.ToString("F3", CultureInfo.InvariantCulture)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {result.Name,-60}{result.Recall20:F3}  {chance,-24}{known,-24}{result.Ndcg20:F3}  {result.Auc:F3}  ({worlds})"));
        }
    }

    private static void Write(IReadOnlyList<BlendResult> results, TextWriter output)
    {
        output.WriteLine("Judged by true likings of listeners who did not tell: recall@20 and AUC of a track's own factors, of the blend, of its place as a new track");
        output.WriteLine($"{"listeners",-12}{"tracks",8}{"k",8}{"own",18}{"blend",18}{"place",18}");
        foreach (var result in results)
        {
            var scores = string.Concat(new[] { result.Own, result.Blended, result.Place }.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Recall20,12:F3}{score.Auc,6:F3}")));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Listeners,-12}{result.Tracks,8:F0}{result.BlendListens,8:0.##}{scores}"));
        }
    }

    private static string Lead(PairedComparison lead)
        => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(lead.Mean, 3) + 0.0:+0.000;-0.000}")   // no zero below zero
            + (double.IsInfinity(lead.Low) ? "" : string.Create(CultureInfo.InvariantCulture, $" [{lead.Low:F3}, {lead.High:F3}]"));
}

using Segue.Evaluation.Lab;
using Segue.Experiments.Analysis;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;

namespace Segue.Evaluation.Adaptivity;

/// <summary>What a policy reached: the share of played tracks that were heard to their end, world by world.</summary>
/// <param name="Kept">One share a world, in [0, 1].</param>
public sealed record PolicyResult(string Policy, IReadOnlyList<double> Kept)
{
    public double Mean => Kept.Average();

    /// <summary>How much more of the tracks is kept than under another policy, with a 95 % interval over the worlds.</summary>
    public PairedComparison Over(PolicyResult control) => PairedComparison.Of(Kept, control.Kept);
}

/// <summary>Lets the same simulated listeners hold the same sittings under several policies.</summary>
/// <remarks>Each world has its seed; models are trained on the world's history, and the sittings come after it. Mood, length and luck
/// of a sitting are keyed by listener and number, so all policies meet the same ones.</remarks>
public static class PolicyComparison
{
    /// <summary>The policies that every comparison shows, from chance to the radio as it is served.</summary>
    public static IReadOnlyList<ISittingPolicy> Standard(Dataset data, ModelSet models, ulong seed) =>
    [
        new RandomPolicy(data.Catalogue.Count, seed),
        new PopularPolicy(models),
        new TasteListPolicy(data, models),
        new RadioPolicy("radio without session", data, models, new() { AdaptsToSession = false }),
        new RadioPolicy("radio", data, models, new()),
    ];

    /// <param name="sizes">Size of each world; its seed is replaced.</param>
    /// <param name="seeds">One world each.</param>
    /// <param name="sittings">Sittings of each listener under each policy.</param>
    /// <param name="policies">Makes the policies of one world from its data, models and seed.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    public static IReadOnlyList<PolicyResult> Run(
        LabOptions sizes,
        IReadOnlyList<ulong> seeds,
        int sittings,
        Func<Dataset, ModelSet, ulong, IReadOnlyList<ISittingPolicy>> policies,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
        => Run(sizes, seeds, sittings, (world, data, models) => policies(data, models, world.Options.Seed), progress, cancellation);

    /// <param name="policies">Makes the policies of a world from it, its data and its models; whatever they learn in it, they learn in sittings of numbers that are not compared.</param>
    /// <inheritdoc cref="Run(LabOptions, IReadOnlyList{ulong}, int, Func{Dataset, ModelSet, ulong, IReadOnlyList{ISittingPolicy}}, IProgress{double}?, CancellationToken)"/>
    public static IReadOnlyList<PolicyResult> Run(
        LabOptions sizes,
        IReadOnlyList<ulong> seeds,
        int sittings,
        Func<LabWorld, Dataset, ModelSet, IReadOnlyList<ISittingPolicy>> policies,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sittings);
        var kept = new Dictionary<string, List<double>>();
        for (var n = 0; n < seeds.Count; n++)
        {
            var world = LabWorld.Create(sizes with { Seed = seeds[n] });
            var history = world.SimulateHistory(cancellation: cancellation);
            var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, history, world.Playlists(history)));
            var models = LabModels.TrainAll("lab", data.Training, new(seeds[n], sizes.Threads, Cancellation: cancellation));
            var all = policies(world, data, models);
            for (var p = 0; p < all.Count; p++)
            {
                kept.TryAdd(all[p].Name, []);
                kept[all[p].Name].Add(KeptShare(world, all[p], sittings, cancellation));
                progress?.Report((n + (p + 1.0) / all.Count) / seeds.Count);
            }
        }
        return [.. kept.Select(result => new PolicyResult(result.Key, result.Value))];
    }

    private static double KeptShare(LabWorld world, ISittingPolicy policy, int sittings, CancellationToken cancellation)
    {
        var (kept, played) = (new int[world.Listeners.Count], new int[world.Listeners.Count]);
        Workers.For(world.Listeners.Count, world.Options.Threads, listener =>
        {
            for (var number = 0; number < sittings; number++)
            {
                var sitting = world.Sit(listener, number, world.End.AddHours(12));
                var plan = policy.Begin(listener, number);
                while (sitting.Heard < sitting.Length)
                {
                    var track = plan.Next();
                    var reaction = sitting.React(track);
                    plan.Told(track, reaction);
                    played[listener]++;
                    kept[listener] += reaction.Skipped ? 0 : 1;
                }
            }
        }, cancellation);
        return (double)kept.Sum() / played.Sum();
    }
}

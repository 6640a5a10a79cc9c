using System.Diagnostics;
using System.Globalization;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Benchmarks.Taste;

/// <summary>Sweeps of the rating factorization, on one thread, and of pairwise ranking, on one and two: <c>svd [USERS ITEMS RATINGS]</c>, by default 23,000 ×
/// 18,000 × 810,000.</summary>
/// <remarks>Seconds of the rating factorization are the processor's, the best of several sweeps.</remarks>
internal static class RatingSweep
{
    private const int Runs = 10;

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (users, items, count) = numbers is [var u, var i, var c] ? (u, i, c) : (23_000, 18_000, 810_000);
        var ratings = Planted(users, items, count);
        foreach (var candidates in new[] { 1, 8 })
        {
            RankPairs(new(ratings), candidates);
        }
        foreach (var d in new[] { 32, 64, 128 })
        {
            var training = new RatingFactorization(new() { Factors = d });
            using var factors = new BiasedFactors(users, items, d, 3, 0.1, 1);
            var order = Enumerable.Range(0, users).ToArray();
            var (best, first, last) = (double.PositiveInfinity, 0.0, 0.0);
            for (var sweep = 0; sweep < Runs; sweep++)
            {
                var random = new SeededRandom(1, (ulong)sweep);
                random.Shuffle(order.AsSpan());
                var before = CorePeaks.CpuSeconds();
                last = training.Sweep(factors, ratings, order, sweep);
                best = Math.Min(best, CorePeaks.CpuSeconds() - before);
                first = sweep == 0 ? last : first;
            }
            Console.WriteLine(FormattableString.Invariant(
                $"rating factorization, d = {d}: {best:F4} CPU s a sweep of {ratings.Count:N0} ratings, {ratings.Count / best / 1e6:F1} M ratings/s; error met {first:F3} in the first sweep, {last:F3} in sweep {Runs}"));
        }
    }

    // The difference of two trainings, so that drawing the factors does not count.
    private static void RankPairs(TrainingSet likings, int candidates)
    {
        const int Few = 2, Many = 7;
        foreach (var threads in new[] { 1, 2 })
        {
            _ = Times(Few);   // compiled before it counts
            var (few, many) = (Times(Few), Times(Many));
            Console.WriteLine(FormattableString.Invariant(
                $"pairwise ranking, d = 64, best of {candidates}, {threads} threads: {(many.Cpu - few.Cpu) / (Many - Few):F3} CPU s and {(many.Wall - few.Wall) / (Many - Few):F3} s a sweep of {likings.Strengths.Count:N0} likings"));

            (double Cpu, double Wall) Times(int sweeps)
            {
                var (clock, before) = (Stopwatch.StartNew(), CorePeaks.CpuSeconds());
                _ = new BprTrainer(new() { Sweeps = sweeps, Candidates = candidates }).Train(likings, new(1, threads));
                return (CorePeaks.CpuSeconds() - before, clock.Elapsed.TotalSeconds);
            }
        }
    }

    // Ratings around 3 of one planted dimension, items by Zipf's law.
    private static CsrMatrix Planted(int users, int items, int count)
    {
        var popularity = new AliasTable([.. Enumerable.Range(1, items).Select(rank => Math.Pow(rank, -0.6))]);
        var random = new SeededRandom(5);
        var elements = new Dictionary<long, float>(count);
        while (elements.Count < count)
        {
            var (user, item) = (random.NextInt(users), popularity.Draw(ref random));
            elements[(long)user * items + item] = 3 + (user % 2 == item % 2 ? 1 : -1) + (float)random.NextNormal() / 2;
        }
        return CsrMatrix.FromTriplets(users, items, [.. elements.OrderBy(e => e.Key).Select(e => ((int)(e.Key / items), (int)(e.Key % items), e.Value))]);
    }
}

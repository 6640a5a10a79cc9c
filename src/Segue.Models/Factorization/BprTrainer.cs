using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Factorization;

/// <summary>Learns an order rather than numbers: Bayesian personalized ranking.</summary>
/// <remarks>
/// Maximizes Σ ln σ(s_ui − s_uj) − (λ/2)|Θ|² over likings i and other items j of a user, with s_ui = b_i + x_u·y_i: Rendle, Freudenthaler, Gantner and
/// Schmidt-Thieme, UAI 2009, by stochastic gradient steps. Of <c>candidates</c> items drawn evenly the one that scores best is j, so that steps go where the order is wrong
/// at the top of the list: Zhang, Chen, Wang and Yu, "Optimizing Top-N Collaborative Filtering via Dynamic Negative Item Sampling", SIGIR 2013. A refusal of
/// the user is one more candidate. How strong a liking is plays no part. Steps of blocks that share nothing run at once (<see cref="PairStrata"/>): equal
/// bytes for any number of threads, up to 8 of which help. A sweep costs O(candidates · d) a liking; memory 4 d bytes a user and an item, and 12 bytes a pair.
/// </remarks>
public sealed class BprTrainer(BprOptions options) : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var (users, items) = (Draw(data.Users, run.Seed, 0), Draw(data.Items, run.Seed, 1));
        var biases = new float[data.Items];
        var strata = new PairStrata(data.Strengths);
        for (var sweep = 0; sweep < options.Sweeps; sweep++)
        {
            strata.Deal(run.Seed, sweep, run.Threads);
            var rate = options.RateOf(sweep);
            for (var shift = 0; shift < strata.Parts; shift++)
            {
                Workers.For(strata.Parts, run.Threads, part => new BprBlock(options, users, items, biases, rate)
                    .Learn(strata, part, (part + shift) % strata.Parts, new SeededRandom(run.Seed, 3, (ulong)sweep, (ulong)part, (ulong)shift)), run.Cancellation);
            }
            RequireFinite(biases, sweep);
            run.Progress?.Report((double)(sweep + 1) / options.Sweeps);
        }
        ClearUnknown(data, users);
        return new BprModel(options, users, items, biases);
    }

    private DenseMatrix Draw(int rows, ulong seed, ulong side)
    {
        var matrix = new DenseMatrix(rows, options.Factors);
        var scale = options.Deviation / Math.Sqrt(options.Factors);
        for (var row = 0; row < rows; row++)
        {
            var random = new SeededRandom(seed, side, (ulong)row);
            foreach (ref var value in matrix.Row(row))
            {
                value = (float)(random.NextNormal() * scale);
            }
        }
        return matrix;
    }

    // Every step changes a bias by what its user and its items are: numbers that left the range show there.
    private void RequireFinite(float[] biases, int sweep)
    {
        if (!Array.TrueForAll(biases, float.IsFinite))
        {
            throw new ModelDivergedException($"Pairwise ranking left the finite range in sweep {sweep}; lower the rate, {options.Rate}, or raise lambda, {options.Lambda}.");
        }
    }

    // Who likes nothing was never stepped, and is answered with the biases, as a stranger is.
    private static void ClearUnknown(TrainingSet data, DenseMatrix users)
    {
        for (var user = 0; user < data.Users; user++)
        {
            if (!data.Strengths.Row(user).Values.ContainsAnyInRange(float.Epsilon, float.MaxValue))
            {
                users.Row(user).Clear();
            }
        }
        GC.KeepAlive(users);
    }
}

using Segue.Numerics;
using Segue.Numerics.Networks;
using Segue.Numerics.Networks.Losses;

namespace Segue.Ranking.Learnt;

/// <summary>Trains the multilayer perceptron.</summary>
/// <remarks>Logistic loss over single rows and, beside it, the pairwise loss of Rendle et al. (UAI 2009) over a taken and a refused row, by Adam; it ends when the loss on held-out rows
/// has not fallen for five rounds, and the best round's weights are taken.</remarks>
internal static class NetworkTraining
{
    private const int Batch = 256, MostRounds = 60, Patience = 5, Hidden = NetworkScorer.Hidden;
    private const float Rate = 2e-3f;

    /// <param name="rows">Standardized.</param>
    /// <param name="heldOut">Rows that tell when to end, standardized alike.</param>
    /// <returns>Weights as <see cref="NetworkScorer"/> takes them.</returns>
    public static float[] Fit(RankingTable rows, RankingTable heldOut, ulong seed, int threads, CancellationToken cancellation)
    {
        var features = rows.Features.Columns;
        var network = new Network(
            [new Dense(features, Hidden), new Bias(Hidden), new Relu(), new Dropout(0.1f), new Dense(Hidden, 1), new Bias(1)], seed);
        var (best, least, since) = (Weights(network), double.PositiveInfinity, 0);
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        for (var round = 0; round < MostRounds && since < Patience; round++, since++)
        {
            cancellation.ThrowIfCancellationRequested();
            new SeededRandom(seed, (ulong)round).Shuffle<int>(order);
            for (var first = 0; first + 1 < order.Length; first += Batch)
            {
                Step(network, rows, order.AsSpan(first, Math.Min(Batch, order.Length - first)), threads);
            }
            var loss = LossOf(network, heldOut, threads);
            if (loss < least)
            {
                (best, least, since) = (Weights(network), loss, 0);
            }
        }
        return best;
    }

    private static void Step(Network network, RankingTable rows, ReadOnlySpan<int> batch, int threads)
    {
        var features = rows.Features.Columns;
        var (input, taken) = (new float[batch.Length * features], new float[batch.Length]);
        for (var n = 0; n < batch.Length; n++)
        {
            rows.Features.Row(batch[n]).CopyTo(input.AsSpan(n * features));
            taken[n] = rows.Taken[batch[n]];
        }
        var scores = network.Forward(input, batch.Length, new(1, features), threads).AsSpan();
        var gradient = network.OutputGradient.AsSpan();
        LogisticLoss.Loss(scores, taken, gradient);
        for (var n = 0; n < batch.Length; n++)
        {
            gradient[n] *= rows.Weights[batch[n]];
        }
        AddPairs(scores, rows, batch, gradient);
        network.Step(Rate, threads);
    }

    // Each row with the nearest one before it that fared otherwise; rows are drawn, for within a sitting what was refused before would tell what comes.
    private static void AddPairs(ReadOnlySpan<float> scores, RankingTable rows, ReadOnlySpan<int> batch, Span<float> gradient)
    {
        var pairs = new List<(int Taken, int Refused)>();
        for (var n = 1; n < batch.Length; n++)
        {
            var other = n - 1;
            while (other >= 0 && rows.Taken[batch[other]] == rows.Taken[batch[n]])
            {
                other--;
            }
            if (other >= 0)
            {
                pairs.Add(rows.Taken[batch[n]] > 0 ? (n, other) : (other, n));
            }
        }
        var (taken, refused, byTaken, byRefused) = (new float[pairs.Count], new float[pairs.Count], new float[pairs.Count], new float[pairs.Count]);
        for (var p = 0; p < pairs.Count; p++)
        {
            (taken[p], refused[p]) = (scores[pairs[p].Taken], scores[pairs[p].Refused]);
        }
        PairwiseRankingLoss.Loss(taken, refused, byTaken, byRefused);
        for (var p = 0; p < pairs.Count; p++)
        {
            gradient[pairs[p].Taken] += byTaken[p];
            gradient[pairs[p].Refused] += byRefused[p];
        }
    }

    private static double LossOf(Network network, RankingTable rows, int threads)
    {
        var scores = new float[rows.Rows];
        network.Infer(rows.Features.AsSpan(), rows.Rows, new(1, rows.Features.Columns), scores, threads);
        return LogisticLoss.Loss(scores, rows.Taken, new float[scores.Length]);
    }

    private static float[] Weights(Network network) => [.. network.State.Weights.SelectMany(parameter => parameter.Values)];
}

using System.Globalization;
using System.Runtime.InteropServices;
using Segue.Numerics;

namespace Segue.Ranking.Learnt.Trees;

/// <summary>Boosts regression trees by XGBoost: LambdaRank on NDCG (Burges, MSR-TR-2010-82; Chen and Guestrin, KDD 2016), within groups of rows that are drawn.</summary>
/// <remarks>Not within answers, of which most have one outcome; and not within sittings: of a sitting with taken and refused tracks, what was refused before tells that the rest was taken, and trees learn
/// that first. On one thread, for XGBoost draws pairs by thread and would give other trees for another number of them. Weights of rows are left out: in ranking XGBoost weighs whole groups.</remarks>
internal static unsafe class TreeTraining
{
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["objective"] = "rank:ndcg", ["tree_method"] = "hist", ["max_depth"] = "4", ["eta"] = "0.1", ["min_child_weight"] = "5", ["subsample"] = "0.8", ["lambda"] = "1",
        ["nthread"] = "1", ["verbosity"] = "0",
    };

    private const int MostRounds = 200, Every = 20, GroupLength = 32;

    // They are the same for all tracks of an answer, so no order follows from them, but rows of several answers can be told apart by them.
    private static readonly int[] Shared = [.. Enumerable.Range(0, RankingFeatures.Context.Count).Where(column => RankingFeatures.Context[column].Part == ScorePart.Answer)];

    /// <param name="rows">Standardized.</param>
    /// <param name="heldOut">Rows whose AUC tells how many trees are kept, standardized alike.</param>
    /// <returns>Nodes as <see cref="TreeScorer"/> takes them.</returns>
    /// <exception cref="XgboostException">The library is missing, or failed.</exception>
    public static float[] Fit(RankingTable rows, RankingTable heldOut, ulong seed, CancellationToken cancellation)
    {
        XgboostLibrary.Require();
        var matrix = Matrix(rows, seed);
        nint booster = 0;
        try
        {
            Check(NativeMethods.CreateBooster(&matrix, 1, out booster));
            foreach (var (name, value) in Parameters)
            {
                Check(NativeMethods.SetParameter(booster, name, value));
            }
            Check(NativeMethods.SetParameter(booster, "seed", (seed & int.MaxValue).ToString(CultureInfo.InvariantCulture)));
            float[] best = [];
            var most = double.NegativeInfinity;
            for (var round = 1; round <= MostRounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                Check(NativeMethods.Update(booster, round - 1, matrix));
                if (round % Every == 0 && TreeScorer.Parse(Dump(booster)) is var nodes && Auc(nodes, heldOut) is var auc && (best.Length == 0 || auc > most))
                {
                    (best, most) = (nodes, auc);
                }
            }
            return best;
        }
        finally
        {
            _ = booster == 0 ? 0 : NativeMethods.FreeBooster(booster);
            _ = NativeMethods.FreeMatrix(matrix);
        }
    }

    private static double Auc(float[] nodes, RankingTable rows)
    {
        var scorer = new TreeScorer(nodes, [], []);
        float[] scores = [.. Enumerable.Range(0, rows.Rows).Select(n => scorer.Score(rows.Features.Row(n)))];
        return RankerMeasures.AucOf(scores, rows.Taken);
    }

    private static nint Matrix(RankingTable rows, ulong seed)
    {
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        new SeededRandom(seed).Shuffle<int>(order);
        var sorted = new DenseMatrix(order.Length, rows.Features.Columns);
        for (var n = 0; n < order.Length; n++)
        {
            rows.Features.Row(order[n]).CopyTo(sorted.Row(n));
            foreach (var column in Shared)
            {
                sorted.Row(n)[column] = 0;
            }
        }
        float[] taken = [.. order.Select(n => rows.Taken[n])];
        uint[] groups = [.. order.Chunk(GroupLength).Select(group => (uint)group.Length)];
        fixed (float* values = sorted.AsSpan(), labels = taken)
        fixed (uint* sizes = groups)
        {
            Check(NativeMethods.CreateMatrix(values, (ulong)sorted.Rows, (ulong)sorted.Columns, float.NaN, out var matrix));   // copies the values
            Check(NativeMethods.SetFloats(matrix, "label", labels, (ulong)taken.Length));
            Check(NativeMethods.SetUInts(matrix, "group", sizes, (ulong)groups.Length));
            return matrix;
        }
    }

    private static List<string> Dump(nint booster)
    {
        Check(NativeMethods.Dump(booster, "", 0, "json", out var count, out var trees));
        var texts = new List<string>((int)count);
        for (var n = 0; n < (int)count; n++)
        {
            texts.Add(Marshal.PtrToStringUTF8((nint)trees[n])!);
        }
        return texts;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new XgboostException($"XGBoost failed: {Marshal.PtrToStringUTF8((nint)NativeMethods.LastError())?.Split('\n')[0]}");
        }
    }
}

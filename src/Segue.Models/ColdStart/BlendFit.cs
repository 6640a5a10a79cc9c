using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.ColdStart;

/// <summary>Finds after how many listens a track's own factors count as much as its place as a new one.</summary>
/// <remarks>
/// Tracks that many have heard are learnt anew from 1, 2, 4 … 32 of their listeners, at most half of them. The k of a grid is chosen with which
/// m / (m + k) of these factors and the rest of the place come nearest to what all listeners tell: in the mean over tracks and numbers of
/// listeners of |blend − y|² ÷ |y|², measured by XᵀX as in <see cref="ColdWeightFit"/>.
/// </remarks>
public static class BlendFit
{
    /// <summary>Fewer tracks tell nothing.</summary>
    public const int LeastTracks = 20;

    private const int MostTracks = 1000, FewestListens = 4;
    private static readonly int[] Thinned = [1, 2, 4, 8, 16, 32];
    private static readonly double[] Grid = [0, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128];

    /// <param name="data">What <paramref name="cold"/> was fitted on.</param>
    /// <param name="learn">Told rows and a number of listeners, gives the factors that so many tell, shape [rows × d].</param>
    /// <returns>k; null where too few tracks were heard by enough.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double? Run(ColdStartData data, ColdFactors cold, Func<IReadOnlyList<int>, int, DenseMatrix> learn, TrainingRun run)
    {
        int[] heard = [.. Enumerable.Range(0, data.Factors.Rows).Where(item => data.Listens[item] >= FewestListens && UnitRows.IsDirection(data.Factors.Row(item)))];
        new SeededRandom(run.Seed, 0xB1E7).Shuffle<int>(heard);
        int[] items = [.. heard.Take(MostTracks).Order()];
        var placed = cold.PlaceKnown(items, run.Threads, run.Cancellation);
        int[] known = [.. Enumerable.Range(0, items.Length).Where(n => placed[n].Sources != ColdSources.None)];
        if (known.Length < LeastTracks)
        {
            return null;
        }
        var losses = new double[Grid.Length];
        foreach (var listeners in Thinned)
        {
            int[] enough = [.. known.Where(n => data.Listens[items[n]] >= 2 * listeners)];
            var own = learn([.. enough.Select(n => items[n])], listeners);
            for (var row = 0; row < enough.Length; row++)
            {
                var truth = data.Factors.Row(items[enough[row]]);
                var scale = Length(truth, data.UserGram);
                for (var k = 0; k < Grid.Length && scale > 0; k++)
                {
                    var error = ColdFactors.Blend(own.Row(row), listeners, placed[enough[row]].Factors, Grid[k]);
                    Vectors.AddScaled(error, truth, -1);
                    losses[k] += Length(error, data.UserGram) / scale;
                }
            }
        }
        return Grid[Array.IndexOf(losses, losses.Min())];
    }

    private static double Length(ReadOnlySpan<float> vector, DenseMatrix? gram)
    {
        var sum = 0.0;
        for (var f = 0; f < vector.Length; f++)
        {
            sum += vector[f] * (gram is null ? vector[f] : (double)Vectors.Dot(gram.Row(f), vector));
        }
        return sum;
    }
}

using Segue.Numerics;

namespace Segue.Retrieval.Nearest;

/// <summary>Some tracks by the length of their factors, the longest first: who asks for the nearest need not look at those that are too short. Immutable; 8 bytes a track.</summary>
internal sealed class NormOrder
{
    private const int Together = 64;
    private const float Rounding = 1.0001f;   // far above that of a product
    private readonly DenseMatrix _factors;
    private readonly int[] _tracks;
    private readonly float[] _norms;   // falls

    /// <param name="factors">Of all tracks, shape [tracks × d].</param>
    public NormOrder(DenseMatrix factors, IEnumerable<int> tracks)
    {
        var ordered = tracks.Select(track => (Track: track, Norm: Vectors.Norm(factors.Row(track)))).OrderByDescending(entry => entry.Norm).ThenBy(entry => entry.Track).ToList();
        (_factors, _tracks, _norms) = (factors, [.. ordered.Select(entry => entry.Track)], [.. ordered.Select(entry => entry.Norm)]);
    }

    /// <summary>Adds the tracks nearest to a direction, as scoring all would. O(tracks · d) at worst: Cauchy and Schwarz end it where no later track can be among the best.</summary>
    /// <param name="direction">Length d, finite.</param>
    public void AddNearest(ReadOnlySpan<float> direction, ExcludedTracks excluded, TopK best)
    {
        var reach = Vectors.Norm(direction) * Rounding;
        Span<float> products = stackalloc float[Together];
        Span<int> allowed = stackalloc int[Together];
        for (var from = 0; from < _tracks.Length && reach * _norms[from] >= best.Least; from += Together)
        {
            scoped ReadOnlySpan<int> tracks = _tracks.AsSpan(from, Math.Min(Together, _tracks.Length - from));
            if (excluded.Filter is { } filter)
            {
                tracks = Allowed(filter, tracks, allowed);
            }
            Vectors.DotRows(_factors, tracks, direction, products[..tracks.Length]);
            for (var n = 0; n < tracks.Length; n++)
            {
                if (products[n] >= best.Least && !excluded.Contains(tracks[n]))
                {
                    best.Add(tracks[n], products[n]);
                }
            }
        }
    }

    private static ReadOnlySpan<int> Allowed(TrackChoice filter, ReadOnlySpan<int> tracks, Span<int> allowed)
    {
        var count = 0;
        foreach (var track in tracks)
        {
            allowed[count] = track;
            count += filter.Allows(track) ? 1 : 0;
        }
        return allowed[..count];
    }
}

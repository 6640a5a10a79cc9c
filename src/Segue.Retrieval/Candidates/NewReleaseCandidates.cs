using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that came lately, near to what the sitting kept; before any, near to long-term taste.</summary>
/// <remarks>Score: inner product with the factors · 2^(−days since it came ÷ 14), only above 0. O(new tracks · d) at worst: tracks are met in the order of what they could score at most, and where that is
/// less than the list has, no other is.</remarks>
public sealed class NewReleaseCandidates : ICandidateGenerator
{
    private const int Together = 64;
    private const float Rounding = 1.0001f;   // far above that of a product

    public string Source => "new-releases";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        if (context.Releases?.In(context.Models.Taste) is not { } releases)
        {
            return [];
        }
        ReadOnlySpan<float> taste = context.SessionTaste ?? context.Taste;
        var (best, reach) = (new TopK(count), Vectors.Norm(taste) * Rounding);
        Span<float> products = stackalloc float[Together];
        for (var from = 0; from < releases.Tracks.Length && reach * releases.Most[from] >= best.Least; from += Together)
        {
            var tracks = releases.Tracks.AsSpan(from, Math.Min(Together, releases.Tracks.Length - from));
            Vectors.DotRows(context.Models.Taste.ItemFactors, tracks, taste, products[..tracks.Length]);
            for (var n = 0; n < tracks.Length; n++)
            {
                var score = products[n] * releases.Freshness[from + n];
                if (score > 0 && score >= best.Least && !context.Excluded.Contains(tracks[n]))
                {
                    best.Add(tracks[n], score);
                }
            }
        }
        GC.KeepAlive(context.Models.Taste);
        return best.Take();
    }
}

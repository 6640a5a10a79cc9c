using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that came lately, near to what the sitting kept; before any, near to long-term taste.</summary>
/// <remarks>Score: inner product with the factors · 2^(−days since it came ÷ 14), only above 0. O(new tracks · d).</remarks>
public sealed class NewReleaseCandidates : ICandidateGenerator
{
    private const double HalfLife = 14;   // days

    public string Source => "new-releases";

    public bool IsSearch => true;

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
    {
        ReadOnlySpan<float> taste = context.SessionTaste ?? context.Taste;
        var (items, best) = (context.Models.Taste.ItemFactors, new TopK(count));
        foreach (var (track, days) in context.Releases?.Tracks ?? [])
        {
            var score = Vectors.Dot(taste, items.Row(track)) * (float)Math.Pow(2, -days / HalfLife);
            if (score > 0 && !context.Excluded.Contains(track))
            {
                best.Add(track, score);
            }
        }
        GC.KeepAlive(context.Models.Taste);
        return [.. best.Take().Select(scored => new Candidate(scored.Item, Source, scored.Score))];
    }
}

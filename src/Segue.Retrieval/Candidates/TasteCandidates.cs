using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks nearest to the listener's long-term factors.</summary>
public sealed class TasteCandidates : ICandidateGenerator
{
    public string Source => "taste";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
        => context.History.Items.Count == 0 ? [] : FactorScan.Nearest(context, context.Taste, count, Source);
}

/// <summary>Tracks nearest to the sitting's factors.</summary>
public sealed class SessionCandidates : ICandidateGenerator
{
    public string Source => "session";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
        => context.SessionTaste is { } session ? FactorScan.Nearest(context, session, count, Source) : [];
}

/// <summary>The exact scan over all item factors: items · d multiply-adds.</summary>
internal static class FactorScan
{
    public static IEnumerable<Candidate> Nearest(ListenerContext context, ReadOnlySpan<float> factors, int count, string source)
    {
        var scores = new float[context.Models.Items];
        context.Models.Taste.Score(factors, scores);
        foreach (var track in context.Excluded)
        {
            scores[track] = float.NegativeInfinity;
        }
        return TopK.Select(scores, count).Select(scored => new Candidate(scored.Item, source, scored.Score));
    }
}

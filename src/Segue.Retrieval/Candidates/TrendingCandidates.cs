using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>What many listeners near this one turn to in these days.</summary>
public sealed class TrendingCandidates : ICandidateGenerator
{
    public string Source => "trending";

    public ScoredItem[] Propose(ListenerContext context, int count)
        => [.. (context.Trending?.Tracks ?? []).Where(scored => !context.Excluded.Contains(scored.Item)).Take(count)];
}

using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>What people of the listener's country, age and gender like: for who has no history.</summary>
public sealed class PeopleCandidates : ICandidateGenerator
{
    public string Source => "people-like-you";

    public ScoredItem[] Propose(ListenerContext context, int count)
        => context.History.Items.Count > 0 ? []
            : [.. (context.People?.Tracks ?? []).Where(scored => !context.Excluded.Contains(scored.Item)).Take(count)];
}

namespace Segue.Retrieval.Candidates;

/// <summary>What most listeners play: the answer for whom nothing is known, and a pinch of the common for everybody.</summary>
public sealed class PopularCandidates : ICandidateGenerator
{
    public string Source => "popular";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
        => context.Models.Popular.MostLiked
            .Where(track => !context.Excluded.Contains(track))
            .Take(count)
            .Select(track => new Candidate(track, Source, context.Models.Popular.Likes(track)));
}

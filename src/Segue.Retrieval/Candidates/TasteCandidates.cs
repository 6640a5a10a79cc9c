namespace Segue.Retrieval.Candidates;

/// <summary>Tracks nearest to the listener's long-term factors.</summary>
public sealed class TasteCandidates : ICandidateGenerator
{
    public string Source => "taste";

    public bool IsSearch => true;

    public bool IsOfHistory => true;

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
        => context.History.Items.Count == 0 ? [] : NearestTracks.Of(context, context.Taste, count, Source);
}

/// <summary>Tracks nearest to the sitting's factors, with some of the long-term ones.</summary>
public sealed class SessionCandidates : ICandidateGenerator
{
    public string Source => "session";

    public bool IsSearch => true;

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
        => context.SessionQuery is { } session ? NearestTracks.Of(context, session, count, Source) : [];
}

/// <summary>The nearest among all item factors.</summary>
internal static class NearestTracks
{
    public static IEnumerable<Candidate> Of(ListenerContext context, ReadOnlySpan<float> factors, int count, string source)
        => Array.ConvertAll(context.Nearest.Nearest(factors, count, context.Excluded.Rows, context.Excluded.Filter), scored => new Candidate(scored.Item, source, scored.Score));
}

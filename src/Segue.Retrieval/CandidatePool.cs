using Segue.Retrieval.Candidates;

namespace Segue.Retrieval;

/// <summary>The first stage of the funnel: the union of what all generators propose.</summary>
/// <param name="generators">Asked in this order; a track keeps the first source that named it.</param>
/// <param name="perSource">Candidates asked of each source, at least 1.</param>
public sealed class CandidatePool(IReadOnlyList<ICandidateGenerator> generators, int perSource)
{
    /// <summary>All sources of this program.</summary>
    public static IReadOnlyList<ICandidateGenerator> AllSources { get; } =
    [
        new SessionCandidates(), new CoListenCandidates(), new TasteCandidates(), new GenreCandidates(), new TrendingCandidates(),
        new NewReleaseCandidates(), new LibraryCandidates(), new PopularCandidates(),
    ];

    /// <summary>The pool, in the order of the sources.</summary>
    public IReadOnlyList<Candidate> Gather(ListenerContext context)
    {
        var pool = new Dictionary<int, Candidate>();
        foreach (var candidate in generators.SelectMany(generator => generator.Propose(context, perSource)))
        {
            pool.TryAdd(candidate.Track, candidate);
        }
        return [.. pool.Values];
    }
}

namespace Segue.Retrieval;

/// <summary>A track that one generator proposes.</summary>
/// <param name="Source">The generator's name.</param>
/// <param name="Score">The generator's own score; comparable within one source only.</param>
public readonly record struct Candidate(int Track, string Source, float Score);

/// <summary>One way of finding tracks that a listener may want now. Stateless: safe for any number of callers.</summary>
public interface ICandidateGenerator
{
    /// <summary>Short name that impressions and answers carry.</summary>
    string Source { get; }

    /// <summary>At most <paramref name="count"/> tracks, best first, none of them excluded; none when this source has nothing to say.</summary>
    IEnumerable<Candidate> Propose(ListenerContext context, int count);
}

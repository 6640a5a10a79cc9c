using Segue.Numerics;

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

    /// <summary>True for one that searches a whole index: a sitting asks it only where it has moved on since (<see cref="SittingPool"/>). Such a one looks at histories, signals and what is excluded alone.</summary>
    bool IsSearch => false;

    /// <summary>True for a search that does not look at signals: a sitting makes it once, and again when much of what it found was heard.</summary>
    bool IsOfHistory => false;

    /// <summary>At most <paramref name="count"/> tracks with their scores, best first, none of them excluded; none when this source has nothing to say.</summary>
    ScoredItem[] Propose(ListenerContext context, int count);
}

namespace Segue.Ranking.Rules;

/// <summary>One rule over one list in the making: what may come next, and what is put on or taken off its score there.</summary>
/// <remarks>Made anew for each list from its <see cref="ListScene"/>, so it may remember what was taken. A candidate is named by its place in
/// <see cref="ListScene.Ranking"/>. Not safe for two callers.</remarks>
public abstract class ListRule
{
    /// <summary>What keeps tracks away, in words that follow "kept out by".</summary>
    public abstract string Name { get; }

    /// <summary>True: where nothing else is left, a track that breaks the rule comes rather than none. False: the list ends.</summary>
    public virtual bool Yields => true;

    /// <summary>Whether the candidate may come next.</summary>
    public virtual bool Allows(int candidate) => true;

    /// <summary>What is added to the candidate's score if it came next, in the units of <see cref="RankedTrack.Score"/>; finite.</summary>
    public virtual float Change(int candidate) => 0;

    /// <summary>At least every <see cref="Change"/>: a picker need not look at candidates that could not win by so much. The same for the whole list.</summary>
    public virtual float MostAdded => 0;

    /// <summary>True: a candidate's <see cref="Change"/> never rises while the list grows, so that what it was is at least what it will be.</summary>
    public virtual bool OnlyFalls => false;

    /// <summary>The candidate was taken and comes next.</summary>
    public virtual void Take(int candidate)
    {
    }
}

using Segue.Numerics;

namespace Segue.Retrieval;

/// <summary>A moment of a sitting at which the whole index is searched for it.</summary>
/// <param name="Events">What was taken in by then.</param>
/// <param name="Signals">What the sitting told by then, oldest first.</param>
/// <param name="Out">Rows that had been heard or banned by then.</param>
/// <param name="OutOfHistory">The same when the searches that go by the history alone were due; replaced as a whole.</param>
public sealed record SittingAnchor(int Events, IReadOnlyList<SessionSignal> Signals, IReadOnlyCollection<int> Out, IReadOnlyCollection<int> OutOfHistory)
{
    // Factors move by about 1 ÷ n at the n-th event, so a search keeps longer the more was told.
    private const int EventsAStep = 4, LongestStep = 8;

    // Of what a search by history found, so many may have been heard before it is made again.
    private const int MostHeard = 30;

    /// <summary>Before anything was heard.</summary>
    public static SittingAnchor Of(IReadOnlyList<SessionSignal> seeds) => new(0, seeds, [], []);

    /// <summary>Whether a sitting of so many events has moved on so far that another search is due.</summary>
    public bool IsPast(int events) => events - Events >= Math.Clamp(Events / EventsAStep, 1, LongestStep);

    /// <summary>The moment after this one.</summary>
    /// <param name="events">What was taken in by then.</param>
    /// <param name="signals">What the sitting told by then, oldest first.</param>
    /// <param name="gone">Rows that had been heard or banned by then.</param>
    public SittingAnchor Then(int events, IReadOnlyList<SessionSignal> signals, IReadOnlyCollection<int> gone)
        => new(events, signals, gone, gone.Count - OutOfHistory.Count < MostHeard ? OutOfHistory : gone);
}

/// <summary>What a sitting keeps from one list to the next: the long-term factors, and what searches found at its last anchor.</summary>
/// <remarks>A pool depends on the anchor and never on when a list was asked for, so a sitting that is told again what happened in it makes the same lists. 8 bytes a candidate, up to 12 KiB with 150 of each source, the long-term factors, and <see cref="SittingFolds"/>. Not safe for
/// two callers: the sitting's lock holds.</remarks>
public sealed class SittingPool
{
    private SittingAnchor? _at;

    /// <summary>Long-term factors; null until somebody needed them.</summary>
    public float[]? Taste { get; private set; }

    /// <summary>Foldings that hold from list to list.</summary>
    public SittingFolds Folds { get; } = new();

    /// <summary>What was found at the last anchor.</summary>
    public IReadOnlyList<ScoredItem[]> Found { get; private set; } = [];

    /// <summary>What was found at an anchor; searches where that was not done yet.</summary>
    /// <param name="search">The searches as of the anchor; told what was found before where searches by history still hold, else null.</param>
    public IReadOnlyList<ScoredItem[]> FoundAt(SittingAnchor anchor, Func<IReadOnlyList<ScoredItem[]>?, IReadOnlyList<ScoredItem[]>> search)
    {
        if (!ReferenceEquals(_at, anchor))
        {
            Found = search(ReferenceEquals(_at?.OutOfHistory, anchor.OutOfHistory) ? Found : null);
            _at = anchor;
        }
        return Found;
    }

    /// <summary>Keeps the long-term factors of a context.</summary>
    public void Keep(ListenerContext context) => Taste ??= context.Taste;
}

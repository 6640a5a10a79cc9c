using Segue.Numerics;

namespace Segue.Features.Interactions;

/// <summary>What the models of a run are trained on: users × items with their strengths, and each user's items in time order.</summary>
public sealed class TrainingSet
{
    private readonly int[][]? _sequences;
    private readonly Lazy<ActionRows> _actions;
    private readonly bool _knowsActions;
    private readonly Lazy<ItemTags?> _tags = new((ItemTags?)null);

    /// <param name="strengths">Users × items. A positive value is a liking of that weight, a negative one a refusal of that weight.</param>
    /// <param name="sequences">Each user's items, oldest first, repeats kept; null when the source knows no order.</param>
    /// <param name="actions">What the strengths are made of; null: each liking is so many listens, each refusal a skip of that amount.</param>
    /// <exception cref="ArgumentException">The number of sequences or of rows of actions is not that of the users, or an item lies outside.</exception>
    public TrainingSet(CsrMatrix strengths, int[][]? sequences = null, ActionRows? actions = null)
    {
        if (actions is not null && actions.Users != strengths.Rows)
        {
            throw new ArgumentException($"There are {strengths.Rows} users and {actions.Users} rows of actions.", nameof(actions));
        }
        if (sequences is not null && sequences.Length != strengths.Rows)
        {
            throw new ArgumentException($"There are {strengths.Rows} users and {sequences.Length} sequences.", nameof(sequences));
        }
        if (sequences?.SelectMany(items => items).Any(item => (uint)item >= (uint)strengths.Columns) == true)
        {
            throw new ArgumentException("A sequence holds an item outside the matrix.", nameof(sequences));
        }
        (Strengths, _sequences) = (strengths, sequences);
        ItemUsers = CountLikes(strengths);
        _actions = new(() => actions ?? OfStrengths(strengths));
        _knowsActions = actions is not null;
    }

    /// <param name="tags">Asked once, when somebody needs the tags: serving does not.</param>
    internal TrainingSet(CsrMatrix strengths, int[][]? sequences, ActionRows? actions, Func<ItemTags?> tags)
        : this(strengths, sequences, actions)
        => _tags = new(tags);

    private TrainingSet(TrainingSet before, int items)
    {
        (Strengths, _sequences, _actions) = (before.Strengths.WithColumns(items), before._sequences, before._actions);
        ItemUsers = [.. before.ItemUsers, .. new int[items - before.Items]];
        (_knowsActions, Playlists) = (before._knowsActions, before.Playlists);
        var tags = before._tags;   // and not the whole set before, which would live as long
        _tags = new(() => tags.Value?.WithItems(items));
    }

    public CsrMatrix Strengths { get; }

    /// <summary>What each user did, action by action: for models that weigh them themselves.</summary>
    public ActionRows Actions => _actions.Value;
    public int Users => Strengths.Rows;
    public int Items => Strengths.Columns;

    /// <summary>What words were put on the items; null where none were.</summary>
    public ItemTags? Tags
    {
        get => _tags.Value;
        init => _tags = new(value);
    }

    /// <summary>Which items stand together on users' playlists; null where nobody told. Items behind its end are on none.</summary>
    public ItemPlaylists? Playlists { get; init; }

    /// <summary>True when the order of each user's items is that of time.</summary>
    public bool IsOrdered => _sequences is not null;

    /// <summary>True when the actions tell how long ago they were done.</summary>
    public bool HasAges => _knowsActions && Actions.OldestAge > 0;

    /// <summary>How many users like each item.</summary>
    public IReadOnlyList<int> ItemUsers { get; }

    /// <summary>How many days ago somebody did something to each item first, as far as is known: a pair tells of its newest action alone. -1 for items that nobody touched.</summary>
    public float[] FirstListens()
    {
        var days = new float[Items];
        Array.Fill(days, -1);
        for (var user = 0; user < Users; user++)
        {
            foreach (var action in Actions.Row(user))
            {
                days[action.Item] = Math.Max(days[action.Item], action.Age);
            }
        }
        return days;
    }

    /// <summary>The same with items behind that nobody did anything to; shares this one's memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer items than now.</exception>
    public TrainingSet WithItems(int items) => new(this, items);

    /// <summary>A user's liked items: oldest first where time is known, else by row.</summary>
    public ReadOnlySpan<int> Sequence(int user)
    {
        if (_sequences is not null)
        {
            return _sequences[user];
        }
        var row = Strengths.Row(user);
        var liked = new List<int>(row.Count);
        for (var n = 0; n < row.Count; n++)
        {
            if (row.Values[n] > 0)
            {
                liked.Add(row.Columns[n]);
            }
        }
        return liked.ToArray();
    }

    private static ActionRows OfStrengths(CsrMatrix strengths) => ActionRows.Gather(
        strengths.Rows,
        Enumerable.Range(0, strengths.Rows).SelectMany(user =>
        {
            var row = strengths.Row(user);
            return PairAction.OfStrengths(row.Columns.ToArray(), row.Values.ToArray()).Select(action => (user, action));
        }));

    private static int[] CountLikes(CsrMatrix strengths)
    {
        var counts = new int[strengths.Columns];
        for (var user = 0; user < strengths.Rows; user++)
        {
            var row = strengths.Row(user);
            for (var n = 0; n < row.Count; n++)
            {
                counts[row.Columns[n]] += row.Values[n] > 0 ? 1 : 0;
            }
        }
        return counts;
    }
}

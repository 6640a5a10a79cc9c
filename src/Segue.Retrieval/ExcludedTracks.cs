using System.Collections;
using Segue.Numerics.Tables;
using Segue.Retrieval.Nearest;

namespace Segue.Retrieval;

/// <summary>Tracks that must not be offered: some, by name, and all that a filter keeps out.</summary>
/// <param name="named">Rows.</param>
/// <param name="filter">Null: none.</param>
public sealed class ExcludedTracks(RowTable<bool> named, TrackChoice? filter = null)
{
    private int[]? _rows;

    /// <inheritdoc cref="ExcludedTracks(RowTable{bool}, TrackChoice?)"/>
    public ExcludedTracks(IReadOnlyCollection<int> named, TrackChoice? filter = null)
        : this(TableOf(named), filter)
    {
    }

    /// <summary>Nothing is kept out.</summary>
    public static ExcludedTracks None { get; } = new(new HashSet<int>());

    /// <summary>The filter's choice; null: all tracks.</summary>
    public TrackChoice? Filter { get; } = filter;

    /// <summary>Rows that are kept out by name, ascending.</summary>
    public ReadOnlySpan<int> Rows => _rows ??= InOrder(named);

    /// <summary>How many are kept out by name.</summary>
    public int Named => named.Count;

    public bool Contains(int track) => named.Contains(track) || (Filter is not null && !Filter.Allows(track));

    private static RowTable<bool> TableOf(IReadOnlyCollection<int> rows)
    {
        var table = new RowTable<bool>(rows.Count);
        foreach (var row in rows)
        {
            table.At(row) = true;
        }
        return table;
    }

    private static int[] InOrder(RowTable<bool> named)
    {
        var (rows, count) = (new int[named.Count], 0);
        foreach (var (row, _) in named)
        {
            rows[count++] = row;
        }
        Array.Sort(rows);
        return rows;
    }
}

/// <summary>Tracks that a filter lets through, in a form that a search looks at while it runs. One bit a track, twice.</summary>
/// <remarks>Immutable, for any number of searches of one index.</remarks>
public sealed class TrackChoice
{
    private readonly BitArray _allowed;

    /// <param name="nearest">Whose tracks they are.</param>
    /// <param name="keep">Told a row; true lets it be found. Asked once for each.</param>
    public TrackChoice(TasteIndex nearest, Func<int, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        _allowed = new(nearest.Items);
        for (var track = 0; track < nearest.Items; track++)
        {
            _allowed[track] = keep(track);
            Count += _allowed[track] ? 1 : 0;
        }
        Choices = nearest.Choose(Allows);
    }

    /// <summary>Tracks let through.</summary>
    public int Count { get; }

    internal TasteIndex.Choices Choices { get; }

    public bool Allows(int track) => _allowed[track];
}

using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Nearest;

/// <summary>Finds the tracks of greatest inner product with a listener's factors, exactly and among all: those that were trained, and those that came since.</summary>
/// <remarks>The trained ones are indexed once for a set of models, when somebody asks first; tracks that came since have an index of their own, which is made anew with each of them and is small. Thread-safe.</remarks>
public sealed class TasteIndex
{
    private readonly ImplicitAlsModel _taste;
    private readonly Lazy<IndexPart> _trained, _added;

    /// <param name="taste">All tracks.</param>
    /// <param name="trained">The first of them, as they were trained.</param>
    /// <param name="made">The index of the latter, where it was made before.</param>
    public TasteIndex(ImplicitAlsModel taste, ImplicitAlsModel trained, ByteIndex? made = null)
        : this(taste, trained, new Lazy<IndexPart>(() => new(made ?? new(trained.ItemFactors, Workers.Default))))
    {
    }

    private TasteIndex(ImplicitAlsModel taste, ImplicitAlsModel trained, Lazy<IndexPart> part)
    {
        (_taste, Trained, _trained) = (taste, trained, part);
        _added = new(() => new(new(Behind(taste.ItemFactors, trained.Items), Workers.Default)));
    }

    /// <summary>What the larger index is of.</summary>
    public ImplicitAlsModel Trained { get; }

    /// <summary>All tracks.</summary>
    public int Items => _taste.Items;

    /// <summary>The same with other tracks behind those that were trained, whose index it shares.</summary>
    public TasteIndex With(ImplicitAlsModel taste) => new(taste, Trained, _trained);

    /// <summary>The nearest tracks, best first: those and that order that scoring all would give. O(items · d) at worst; bounds leave most of it out.</summary>
    /// <param name="factors">Length d, finite.</param>
    /// <param name="excluded">Rows that may not be found, ascending.</param>
    /// <param name="choice">The only tracks that may be found, of this index; null: all.</param>
    /// <param name="least">At most the score of the last of them, where the caller knows that: it spares the search work and changes nothing.</param>
    public ScoredItem[] Nearest(ReadOnlySpan<float> factors, int count, ReadOnlySpan<int> excluded, TrackChoice? choice = null, float least = float.NegativeInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return [];
        }
        var at = excluded.BinarySearch(Trained.Items);
        var split = at < 0 ? ~at : at;
        var found = _trained.Value.Nearest(factors, count, excluded[..split], choice?.Choices.Trained, least);
        if (_taste.Items == Trained.Items)
        {
            return found;
        }
        int[] rest = [.. excluded[split..]];
        foreach (ref var row in rest.AsSpan())
        {
            row -= Trained.Items;
        }
        ScoredItem[] all = [.. found, .. _added.Value.Nearest(factors, count, rest, choice?.Choices.Added, least).Select(item => item with { Item = item.Item + Trained.Items })];
        Array.Sort(all, ScoredItem.BestFirst);
        return all.Length > count ? all[..count] : all;
    }

    /// <summary>An index over some of the trained tracks.</summary>
    internal IndexPart Part(IEnumerable<int> tracks) => _trained.Value.Part(tracks);

    /// <summary>Item factors of all tracks.</summary>
    internal DenseMatrix Factors => _taste.ItemFactors;

    /// <summary>The tracks that a test keeps, for both indexes. O(items).</summary>
    internal Choices Choose(Func<int, bool> keep)
        => new(_trained.Value.Choose(keep), Items == Trained.Items ? null : _added.Value.Choose(row => keep(row + Trained.Items)));

    private static DenseMatrix Behind(DenseMatrix all, int from)
    {
        var rest = new DenseMatrix(all.Rows - from, all.Columns);
        for (var row = 0; row < rest.Rows; row++)
        {
            all.Row(from + row).CopyTo(rest.Row(row));
        }
        return rest;
    }

    /// <summary>A choice among the tracks of each part.</summary>
    /// <param name="Added">Null where no tracks came since.</param>
    internal sealed record Choices(ItemChoice Trained, ItemChoice? Added);
}

using System.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Finds the k items of greatest inner product for a few queries at a time: exactly those, in exactly that order, that scoring every item with <see cref="Vectors.Dot"/> and keeping
/// the best with <see cref="TopK"/> would give.</summary>
/// <remarks>
/// A product of codes lies within |q| e + |q − q̂| |x̂| of the true one, e the distance of an item from its codes: what lies further below the k-th best so far is left, the rest is scored again
/// with the factors as given. A query is done where the norms of all later items are too small (Cauchy and Schwarz),
/// and of a block it reads the first half of the turned dimensions alone where no item's rest can bring it to the list. Queries of a batch share one reading of the items.
/// For one thread; O(n d) for each query at worst, and 13 d bytes a query and 8 a candidate of scratch.
/// </remarks>
public sealed unsafe class ByteSearch : IDisposable
{
    /// <summary>The most queries of a batch.</summary>
    public const int BatchQueries = 16;

    private readonly ByteIndex _index;
    private readonly int _k;
    private readonly NativeBuffer<sbyte> _codes;    // [query][group of four dimensions][4]
    private readonly NativeBuffer<int> _sums = new(2 * ByteTiles.Items);
    private readonly NativeBuffer<int> _more = new(2 * ByteTiles.Items);
    private readonly NativeBuffer<float> _scores = new(ByteTiles.Items);
    private readonly ByteQuery[] _queries = new ByteQuery[BatchQueries];
    private readonly ByteQuery[] _live = new ByteQuery[BatchQueries];
    private long _wholly;

    /// <param name="k">Length of a list, at least 1; lists are shorter where fewer items may be found.</param>
    public ByteSearch(ByteIndex index, int k)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        (_index, _k) = (index, Math.Min(k, index.Items));
        var step = (index.Groups * 4 + 63) / 64 * 64;
        _codes = new((long)BatchQueries * step);
        for (var n = 0; n < BatchQueries; n++)
        {
            _queries[n] = new(index, _k, _codes.Start + n * step);
        }
    }

    /// <summary>Queries added since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Of all searches so far: blocks that queries met, those of them whose second half was read too, and items that were scored again.</summary>
    public (long Blocks, long Wholly, long Rescored) Work { get; private set; }

    /// <summary>Adds a query to the batch.</summary>
    /// <param name="query">Length d.</param>
    /// <param name="excluded">Items that may not be found, ascending; copied.</param>
    /// <param name="choice">The only items that may be found; null: all.</param>
    /// <param name="least">At most the score of the k-th best, where the caller knows that: what is below is not looked at.</param>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    /// <exception cref="ArgumentException">The query is not finite or too large, or its length is not d; or the choice is of another index.</exception>
    public void Add(ReadOnlySpan<float> query, ReadOnlySpan<int> excluded = default, ItemChoice? choice = null, float least = float.NegativeInfinity)
    {
        Shape.RequireSame(_index.Factors, query.Length);
        if (Count == BatchQueries)
        {
            throw new InvalidOperationException($"A batch takes {BatchQueries} queries.");
        }
        if (choice is not null && choice.Index != _index)
        {
            throw new ArgumentException("The choice is of another index.", nameof(choice));
        }
        _queries[Count].Begin(query, excluded, choice, least);
        Count++;
    }

    /// <summary>Makes the lists of the queries added.</summary>
    public void Run()
    {
        var live = 0;
        for (var n = 0; n < Count; n++)
        {
            if (_queries[n].Norm > 0)
            {
                _live[live++] = _queries[n];
            }
        }
        var blocks = 0L;
        for (var block = 0; block < _index.Blocks && live > 0; block++)
        {
            live = Keep(live, _index.BlockNorms[block]);
            blocks += live;
            for (var n = 0; n < live; n += 2)
            {
                Meet(block, _live[n], n + 1 < live ? _live[n + 1] : null);
            }
        }
        var rescored = 0L;
        for (var n = 0; n < Count; n++)
        {
            rescored += _queries[n].Decide();
        }
        Work = (Work.Blocks + blocks, _index.HeadGroups < _index.Groups ? _wholly : Work.Blocks + blocks, Work.Rescored + rescored);
    }

    /// <summary>The list of a query of the batch, best first, after <see cref="Run"/>; valid until the next.</summary>
    public ReadOnlySpan<ScoredItem> Found(int query)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)query, (uint)Count, nameof(query));
        return _queries[query].Found;
    }

    /// <summary>Begins a new batch.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        _codes.Dispose();
        _sums.Dispose();
        _more.Dispose();
        _scores.Dispose();
    }

    private int Keep(int live, float norm)
    {
        var kept = 0;
        for (var n = 0; n < live; n++)
        {
            if (_live[n].MayReach(norm))
            {
                _live[kept++] = _live[n];
            }
        }
        return kept;
    }

    private void Meet(int block, ByteQuery first, ByteQuery? second)
    {
        ulong ofFirst = first.MaskOf(block), ofSecond = second?.MaskOf(block) ?? 0;
        var (head, groups) = (_index.HeadGroups, _index.Groups);
        Multiply(_index.Heads(block), 0, head, first, ofFirst, second, ofSecond, _sums.Start);
        if (head < groups)
        {
            ofFirst = Hopeful(block, first, ofFirst, _sums.Start);
            ofSecond = second is null ? 0 : Hopeful(block, second, ofSecond, _sums.Start + ByteTiles.Items);
            _wholly += (ofFirst != 0 ? 1 : 0) + (ofSecond != 0 ? 1 : 0);
            Multiply(_index.Tails(block), head, groups - head, first, ofFirst, second, ofSecond, _more.Start);
        }
        if (ofFirst != 0)
        {
            Take(block, first, ofFirst, _sums.Start, _more.Start);
        }
        if (ofSecond != 0)
        {
            Take(block, second!, ofSecond, _sums.Start + ByteTiles.Items, _more.Start + ByteTiles.Items);
        }
    }

    private void Multiply(byte* codes, int from, int groups, ByteQuery first, ulong ofFirst, ByteQuery? second, ulong ofSecond, int* sums)
    {
        var ahead = from == 0 ? 2L * groups * ByteTiles.GroupBytes : 0;   // heads follow each other; which tail comes next nobody knows
        if (ofFirst != 0 && ofSecond != 0)
        {
            ByteTiles.Two(_index.Path, codes, groups, ahead, first.Codes + 4 * from, second!.Codes + 4 * from, sums);
        }
        else if (ofFirst != 0)
        {
            ByteTiles.One(_index.Path, codes, groups, ahead, first.Codes + 4 * from, sums);
        }
        else if (ofSecond != 0)
        {
            ByteTiles.One(_index.Path, codes, groups, ahead, second!.Codes + 4 * from, sums + ByteTiles.Items);
        }
    }

    // Items that the first groups do not exclude.
    private ulong Hopeful(int block, ByteQuery query, ulong mask, int* sums) => mask == 0 ? 0 : mask & ByteTiles.MayReach(
        _index.Path, sums, query.HeadCorrection, query.Scale, _index.Scales(block), query.Rest, _index.Rests(block),
        query.Threshold - query.SlackOf(_index.BlockNorms[block], _index.BlockErrors[block]));

    private void Take(int block, ByteQuery query, ulong mask, int* sums, int* more)
    {
        if (_index.HeadGroups < _index.Groups)
        {
            ByteTiles.Add(sums, more);
        }
        var slack = query.SlackOf(_index.BlockNorms[block], _index.BlockErrors[block]);
        var reached = mask & ByteTiles.Reach(_index.Path, sums, query.Correction, query.Scale, _index.Scales(block), query.Threshold - slack, _scores.Start);
        for (; reached != 0; reached &= reached - 1)
        {
            var n = BitOperations.TrailingZeroCount(reached);
            query.Take(_index.Order[block * ByteTiles.Items + n], _scores.Start[n], slack);
        }
    }
}

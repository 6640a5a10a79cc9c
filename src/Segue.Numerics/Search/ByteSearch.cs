using System.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Finds the k items of greatest inner product for a few queries at a time: exactly those, in exactly that order, that scoring every item with <see cref="Vectors.Dot"/> and keeping
/// the best with <see cref="TopK"/> would give.</summary>
/// <remarks>
/// A product of codes lies within |q| e + |q − q̂| |x̂| of the true one, e the distance of an item from its codes: what lies further below the k-th best so far is left, the rest is scored again
/// with the factors as given. A query is done where the norms of all later items are too small (Cauchy and Schwarz). Queries of a batch share one reading of the items.
/// For one thread; O(n d) for each query at worst, and d + 16 bytes a query and 8 a candidate of scratch.
/// </remarks>
public sealed unsafe class ByteSearch : IDisposable
{
    /// <summary>The most queries of a batch.</summary>
    public const int BatchQueries = 16;

    private readonly ByteIndex _index;
    private readonly int _k;
    private readonly NativeBuffer<sbyte> _codes;    // [query][group of four dimensions][4]
    private readonly NativeBuffer<int> _sums = new(2 * ByteTiles.Items);
    private readonly NativeBuffer<float> _scores = new(ByteTiles.Items);
    private readonly Query[] _queries = new Query[BatchQueries];
    private readonly Query[] _live = new Query[BatchQueries];

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

    /// <summary>Of all searches so far: blocks that queries met, and items that were scored again.</summary>
    public (long Blocks, long Rescored) Work { get; private set; }

    /// <summary>Adds a query to the batch.</summary>
    /// <param name="query">Length d.</param>
    /// <param name="excluded">Items that may not be found, ascending; copied.</param>
    /// <param name="choice">The only items that may be found; null: all.</param>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    /// <exception cref="ArgumentException">The query is not finite or too large, or its length is not d; or the choice is of another index.</exception>
    public void Add(ReadOnlySpan<float> query, ReadOnlySpan<int> excluded = default, ItemChoice? choice = null)
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
        _queries[Count].Begin(query, excluded, choice);
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
        Work = (Work.Blocks + blocks, Work.Rescored + rescored);
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

    private void Meet(int block, Query first, Query? second)
    {
        ulong ofFirst = first.MaskOf(block), ofSecond = second?.MaskOf(block) ?? 0;
        if (ofFirst != 0 && ofSecond != 0)
        {
            ByteTiles.Two(_index.Path, _index.Codes(block), _index.Groups, first.Codes, second!.Codes, _sums.Start);
            Take(block, first, ofFirst, _sums.Start);
            Take(block, second, ofSecond, _sums.Start + ByteTiles.Items);
        }
        else if ((ofFirst | ofSecond) != 0)
        {
            var query = ofFirst != 0 ? first : second!;
            ByteTiles.One(_index.Path, _index.Codes(block), _index.Groups, query.Codes, _sums.Start);
            Take(block, query, ofFirst | ofSecond, _sums.Start);
        }
    }

    private void Take(int block, Query query, ulong mask, int* sums)
    {
        var slack = query.SlackOf(_index.BlockNorms[block], _index.BlockErrors[block]);
        var reached = mask & ByteTiles.Reach(_index.Path, sums, query.Correction, query.Scale, _index.Scales(block), query.Threshold - slack, _scores.Start);
        for (; reached != 0; reached &= reached - 1)
        {
            var n = BitOperations.TrailingZeroCount(reached);
            query.Take(_index.Order[block * ByteTiles.Items + n], _scores.Start[n], slack);
        }
    }

    /// <summary>One query of a batch and what it has found so far.</summary>
    private sealed class Query(ByteIndex index, int k, sbyte* codes)
    {
        private readonly float[] _given = new float[index.Factors];
        private readonly float[] _lower = new float[k];   // a heap of what the best have at least, the least at the root
        private readonly List<(int Item, float Upper)> _candidates = [];
        private readonly List<ScoredItem> _scored = [];
        private int[] _excluded = new int[64];
        private int _excludedCount, _count, _limit;
        private ItemChoice? _choice;
        private readonly float _underflow = index.Factors * 16_384 * float.Epsilon;   // steps of codes whose worth has no digits left
        private float _reach, _error, _rounding;

        public sbyte* Codes => codes;
        public double Norm { get; private set; }
        public int Correction { get; private set; }
        public float Scale { get; private set; }

        /// <summary>At most the k-th best score: what is below is not in the list.</summary>
        public float Threshold { get; private set; }

        public ReadOnlySpan<ScoredItem> Found => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_scored);

        public void Begin(ReadOnlySpan<float> query, ReadOnlySpan<int> excluded, ItemChoice? choice)
        {
            Norm = ItemIndex.Norm(query);
            if (!(Norm * (index.Blocks == 0 ? 0 : index.BlockNorms[0]) < float.MaxValue / 4) || !double.IsFinite(Norm))
            {
                throw new ArgumentException("The query is not finite, or so large that a score would not be.", nameof(query));
            }
            query.CopyTo(_given);
            Encode(query);
            if (_excluded.Length < excluded.Length)
            {
                _excluded = new int[Math.Max(2 * _excluded.Length, excluded.Length)];
            }
            excluded.CopyTo(_excluded);
            (_excludedCount, _choice, _count, _limit, Threshold) = (excluded.Length, choice, 0, 4 * k + 256, float.NegativeInfinity);
            _candidates.Clear();
        }

        public bool MayReach(float norm) => norm * _reach >= Threshold;

        public ulong MaskOf(int block) => _choice is null ? index.Held(block) : _choice.Masks[block];

        /// <summary>How far a score by codes may lie from the true one, and from how <see cref="Vectors.Dot"/> rounds that.</summary>
        public float SlackOf(float norm, float error) => (_reach * error + _error * (norm + error) + _rounding * norm) * 1.00001f + _underflow;

        public void Take(int item, float score, float slack)
        {
            if (_excludedCount > 0 && _excluded.AsSpan(0, _excludedCount).BinarySearch(item) >= 0)
            {
                return;
            }
            _candidates.Add((item, score + slack));
            Raise(score - slack);
            if (_candidates.Count > _limit)
            {
                _candidates.RemoveAll(candidate => candidate.Upper < Threshold);
                _limit = Math.Max(_limit, 2 * _candidates.Count);   // many that are equal stay
            }
        }

        /// <summary>The last word: candidates scored with the factors as given.</summary>
        /// <returns>How many.</returns>
        public int Decide()
        {
            _scored.Clear();
            if (Norm == 0)
            {
                AddFirst();
                return 0;
            }
            foreach (var (item, upper) in _candidates)
            {
                if (upper >= Threshold)
                {
                    _scored.Add(new(item, Vectors.Dot(_given, index.Given.Row(item))));
                }
            }
            var count = _scored.Count;
            _scored.Sort(ScoredItem.BestFirst);
            if (count > k)
            {
                _scored.RemoveRange(k, count - k);
            }
            return count;
        }

        // All scores are zero: the first items.
        private void AddFirst()
        {
            var places = Enumerable.Range(0, index.Items).Where(place => (MaskOf(place / ByteTiles.Items) >> (place % ByteTiles.Items) & 1) != 0);
            var items = places.Select(place => index.Order[place]).Where(item => _excluded.AsSpan(0, _excludedCount).BinarySearch(item) < 0);
            _scored.AddRange(items.Order().Take(k).Select(item => new ScoredItem(item, 0)));
        }

        private void Encode(ReadOnlySpan<float> query)
        {
            var most = 0f;
            foreach (var value in query)
            {
                most = MathF.Max(most, MathF.Abs(value));
            }
            Scale = most / ByteTiles.MostQueryCode;
            var (sum, error) = (0, 0.0);
            for (var f = 0; f < query.Length; f++)
            {
                var code = Scale > 0 ? Math.Clamp((int)MathF.Round(query[f] / Scale), -ByteTiles.MostQueryCode, ByteTiles.MostQueryCode) : 0;
                codes[f] = (sbyte)code;
                sum += code;
                var rest = query[f] - (double)Scale * code;
                error += rest * rest;
            }
            Correction = -ByteTiles.Offset * sum;
            var rounding = (2 * query.Length + 16) * Math.ScaleB(1, -24) * Norm;   // of the tile, and of Vectors.Dot
            (_error, _rounding, _reach) = (ItemIndex.Up(Math.Sqrt(error)), ItemIndex.Up(rounding), ItemIndex.Up((Norm + rounding) * 1.000001));
        }

        private void Raise(float lower)
        {
            if (_count < k)
            {
                var at = _count++;
                for (; at > 0 && _lower[(at - 1) / 2] > lower; at = (at - 1) / 2)
                {
                    _lower[at] = _lower[(at - 1) / 2];
                }
                _lower[at] = lower;
                Threshold = _count < k ? float.NegativeInfinity : _lower[0];
            }
            else if (lower > _lower[0])
            {
                Sink(lower);
                Threshold = _lower[0];
            }
        }

        private void Sink(float lower)
        {
            var at = 0;
            for (var child = 1; child < k; child = 2 * at + 1)
            {
                child += child + 1 < k && _lower[child + 1] < _lower[child] ? 1 : 0;
                if (_lower[child] >= lower)
                {
                    break;
                }
                _lower[at] = _lower[child];
                at = child;
            }
            _lower[at] = lower;
        }
    }
}

namespace Segue.Numerics.Search;

/// <summary>One query of a batch and what it has found so far.</summary>
internal sealed unsafe class ByteQuery(ByteIndex index, int k, sbyte* codes)
{
    private readonly float[] _given = new float[index.Factors];
    private readonly double[] _turned = new double[index.Factors];
    private readonly float[] _lower = new float[k];   // a heap of what the best have at least, the least at the root
    private readonly List<(int Item, float Upper)> _candidates = [];
    private readonly List<ScoredItem> _scored = [];
    private int[] _excluded = new int[64];
    private int _excludedCount, _count, _limit;
    private ItemChoice? _choice;
    private readonly float _underflow = index.Factors * 16_384 * float.Epsilon;   // steps of codes whose worth has no digits left
    private float _reach, _error, _rounding, _least;

    public sbyte* Codes => codes;
    public double Norm { get; private set; }
    public int Correction { get; private set; }
    public float Scale { get; private set; }

    /// <summary>As <see cref="Correction"/>, for the groups of the first step.</summary>
    public int HeadCorrection { get; private set; }

    /// <summary>At least the norm beyond those groups.</summary>
    public float Rest { get; private set; }

    /// <summary>At most the k-th best score: what is below is not in the list.</summary>
    public float Threshold { get; private set; }

    public ReadOnlySpan<ScoredItem> Found => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_scored);

    public void Begin(ReadOnlySpan<float> query, ReadOnlySpan<int> excluded, ItemChoice? choice, float least)
    {
        Norm = ItemIndex.Norm(query);
        if (!(Norm * Math.Max(1, index.Blocks == 0 ? 0 : index.BlockNorms[0]) < float.MaxValue / 4))
        {
            throw new ArgumentException("The query is not finite, or so large that a score would not be.", nameof(query));
        }
        query.CopyTo(_given);
        index.Turn(query, _turned);
        Encode(_turned);
        Rest = ItemIndex.Up(index.RestOf(_turned) * 1.00001);
        if (_excluded.Length < excluded.Length)
        {
            _excluded = new int[Math.Max(2 * _excluded.Length, excluded.Length)];
        }
        excluded.CopyTo(_excluded);
        (_excludedCount, _choice, _count, _limit, _least, Threshold) = (excluded.Length, choice, 0, 4 * k + 256, least, least);
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
        ScoredItem.SortBestFirst(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_scored));
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

    private void Encode(ReadOnlySpan<double> query)
    {
        Scale = ByteTiles.MostOf(query) / ByteTiles.MostQueryCode;
        var (sum, head, error) = (0, 0, 0.0);
        for (var f = 0; f < query.Length; f++)
        {
            var code = Scale > 0 ? Math.Clamp((int)Math.Round(query[f] / Scale), -ByteTiles.MostQueryCode, ByteTiles.MostQueryCode) : 0;
            codes[f] = (sbyte)code;
            sum += code;
            head += f < 4 * index.HeadGroups ? code : 0;
            var rest = query[f] - (double)Scale * code;
            error += rest * rest;
        }
        (Correction, HeadCorrection) = (-ByteTiles.Offset * sum, -ByteTiles.Offset * head);
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
            Threshold = _count < k ? _least : Math.Max(_least, _lower[0]);
        }
        else if (lower > _lower[0])
        {
            Sink(lower);
            Threshold = Math.Max(_least, _lower[0]);
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

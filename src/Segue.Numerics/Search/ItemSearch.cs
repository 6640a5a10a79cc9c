using System.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Finds the k items of greatest inner product for blocks of users: exactly those, in exactly that order, that scoring every item with
/// <see cref="Vectors.Dot"/> and keeping the best with <see cref="TopK"/> would give.</summary>
/// <remarks>
/// Eight users and 32 items make a tile. A user's threshold is the k-th best score so far less what rounding may do to a score; a tile of which no bound
/// reaches its user's threshold is left, and a group of eight users is done where the norms of all later items are too small. What reaches the list
/// is scored again with the factors as they were given, so neither rotation nor order of addition changes a rank.
/// Scratch of one thread: 8 (d + 2 k) bytes a user of a block. A user whose factors are zero gets the first items.
/// </remarks>
public sealed unsafe class ItemSearch : IDisposable
{
    /// <summary>The most users of a block; full blocks are the fastest, for all users of a block share one reading of the items.</summary>
    public const int BlockUsers = 256;

    private const int BytesInCache = 160 << 10;   // of panels that stay near the core while all groups of a block pass over them
    private readonly ItemIndex _index;
    private readonly int _k;
    private readonly NativeBuffer<float> _users;        // [group][dimension][8], turned
    private readonly NativeBuffer<float> _lanes;        // of each user: threshold, norm beyond the head
    private readonly NativeBuffer<float> _tile;
    private readonly float[] _given;                    // [user][dimension], as given
    private readonly float[] _norms = new float[BlockUsers];
    private readonly float[] _reaches = new float[BlockUsers / SearchTiles.Users];   // least norm of an item that may enter a list of the group
    private readonly BoundedList[] _lists = new BoundedList[BlockUsers];
    private readonly (int From, int Count)[] _excludedOf = new (int, int)[BlockUsers];
    private readonly List<ScoredItem> _candidates = [];
    private readonly ScoredItem[] _found;
    private readonly int[] _foundOf = new int[BlockUsers];
    private readonly double[] _turned;
    private int[] _excluded = new int[1024];
    private int _excludedCount;

    /// <param name="k">Length of a list, at least 1; lists are shorter where fewer items are left.</param>
    public ItemSearch(ItemIndex index, int k)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        (_index, _k) = (index, Math.Min(k, index.Items));
        (_users, _lanes, _tile) = (new((long)BlockUsers * index.Factors), new(2 * BlockUsers), new(SearchTiles.Users * SearchTiles.Items + 16));
        (_given, _turned) = (new float[BlockUsers * index.Factors], new double[index.Factors]);
        _found = new ScoredItem[BlockUsers * _k];
        for (var user = 0; user < BlockUsers; user++)
        {
            _lists[user] = new(_k);
        }
    }

    /// <summary>Users added since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Tiles of eight users and 32 items of all searches so far: those in the blocks, those begun, those computed to the end.</summary>
    public (long All, long Begun, long Finished) Tiles { get; private set; }

    /// <summary>Adds a user to the block.</summary>
    /// <param name="factors">Length d.</param>
    /// <param name="excluded">Items that may not appear, ascending; copied.</param>
    /// <exception cref="InvalidOperationException">The block is full.</exception>
    /// <exception cref="ArgumentException">The factors are not finite or too large, or their number is not d.</exception>
    public void Add(ReadOnlySpan<float> factors, ReadOnlySpan<int> excluded)
    {
        Shape.RequireSame(_index.Factors, factors.Length);
        if (Count == BlockUsers)
        {
            throw new InvalidOperationException($"A block takes {BlockUsers} users.");
        }
        var norm = ItemIndex.Norm(factors);
        if (!(norm * _index.MostNorm < float.MaxValue / 4))
        {
            throw new ArgumentException("The factors of a user are not finite, or so large that a score would not be.", nameof(factors));
        }
        var user = Count++;
        factors.CopyTo(_given.AsSpan(user * _index.Factors));
        Spread(user, factors);
        _norms[user] = norm == 0 ? 0 : _norms[user];
        _lists[user].Begin(Slack(norm));
        _excludedOf[user] = (_excludedCount, excluded.Length);
        if (_excludedCount + excluded.Length > _excluded.Length)
        {
            Array.Resize(ref _excluded, Math.Max(2 * _excluded.Length, _excludedCount + excluded.Length));
        }
        excluded.CopyTo(_excluded.AsSpan(_excludedCount));
        _excludedCount += excluded.Length;
    }

    /// <summary>Makes the lists of the users added. O(n d) for each user at worst.</summary>
    public void Run()
    {
        var groups = (Count + SearchTiles.Users - 1) / SearchTiles.Users;
        for (var user = 0; user < groups * SearchTiles.Users; user++)
        {
            Thresholds[user] = user < Count && _norms[user] > 0 ? float.NegativeInfinity : float.PositiveInfinity;
        }
        for (var group = 0; group < groups; group++)
        {
            _reaches[group] = ReachOf(group);
        }
        var together = Math.Max(1, BytesInCache / (SearchTiles.Items * sizeof(float) * _index.Factors));
        for (var panel = 0; panel < _index.Panels; panel += together)
        {
            for (var group = 0; group < groups; group++)
            {
                Pass(group, panel, Math.Min(_index.Panels, panel + together));
            }
        }
        Tiles = Tiles with { All = Tiles.All + (long)groups * _index.Panels };
        for (var user = 0; user < Count; user++)
        {
            _foundOf[user] = Decide(user);
        }
    }

    /// <summary>The list of a user of the block, best first, after <see cref="Run"/>; valid until the next.</summary>
    public ReadOnlySpan<ScoredItem> Found(int user)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)user, (uint)Count, nameof(user));
        return _found.AsSpan(user * _k, _foundOf[user]);
    }

    /// <summary>Begins a new block.</summary>
    public void Clear() => Count = _excludedCount = 0;

    public void Dispose()
    {
        _users.Dispose();
        _lanes.Dispose();
        _tile.Dispose();
    }

    private float* Thresholds => _lanes.Start;
    private float* UserRests => _lanes.Start + BlockUsers;

    // A score by tile and one by Vectors.Dot differ by at most (2 d + 3) ε |u| |v|: d roundings each, and the two of the turned factors. A list needs
    // twice that below its k-th score, and a bound by a norm once more.
    private float Slack(double norm)
    {
        var (d, most) = (_index.Factors, _index.MostNorm);
        var rounding = (2 * d + 8) * Math.ScaleB(1, -24) * norm * most;
        var underflow = d * (double)float.Epsilon * (norm + most + 4);
        return MathF.BitIncrement((float)(3 * (rounding + underflow)));
    }

    private void Spread(int user, ReadOnlySpan<float> factors)
    {
        _index.Axes.Turn(factors, _turned);
        var lanes = _users.Start + (long)(user / SearchTiles.Users) * SearchTiles.Users * _index.Factors + user % SearchTiles.Users;
        double whole = 0, rest = 0;
        for (var f = 0; f < _turned.Length; f++)
        {
            var value = lanes[f * SearchTiles.Users] = (float)_turned[f];
            whole += (double)value * value;
            rest += f < _index.Head ? 0 : (double)value * value;
        }
        UserRests[user] = ItemIndex.Up(Math.Sqrt(rest));
        _norms[user] = MathF.BitIncrement((float)Math.Sqrt(whole));
    }

    private float ReachOf(int group)
    {
        var reach = float.PositiveInfinity;
        for (var user = group * SearchTiles.Users; user < (group + 1) * SearchTiles.Users; user++)
        {
            reach = Thresholds[user] < float.PositiveInfinity ? MathF.Min(reach, Thresholds[user] / _norms[user]) : reach;
        }
        return reach;
    }

    private void Pass(int group, int from, int to)
    {
        var (d, head, rest) = (_index.Factors, _index.Head, _index.Factors - _index.Head);
        float* users = _users.Start + (long)group * SearchTiles.Users * d, scores = _tile.Start;
        float* thresholds = Thresholds + group * SearchTiles.Users, userRests = UserRests + group * SearchTiles.Users;
        var reached = (uint*)(scores + SearchTiles.Users * SearchTiles.Items);
        long begun = 0, finished = 0;
        for (var panel = from; panel < to; panel++)
        {
            if (_index.PanelNorms[panel] < _reaches[group] && _index.Pruned)
            {
                break;
            }
            begun++;
            var items = _index.Panel(panel);
            if (SearchTiles.Begin(_index.Path, users, items, head, scores, userRests, _index.Rests(panel), thresholds))
            {
                finished++;
                SearchTiles.Finish(_index.Path, users + head * SearchTiles.Users, items + head * SearchTiles.Items, rest, scores, thresholds, reached);
                Take(group, panel, scores, reached);
            }
        }
        Tiles = Tiles with { Begun = Tiles.Begun + begun, Finished = Tiles.Finished + finished };
    }

    private void Take(int group, int panel, float* scores, uint* reached)
    {
        var changed = false;
        for (var lane = 0; lane < SearchTiles.Users; lane++)
        {
            var user = group * SearchTiles.Users + lane;
            for (var bits = reached[lane]; bits != 0; bits &= bits - 1)
            {
                var n = BitOperations.TrailingZeroCount(bits);
                var place = panel * SearchTiles.Items + n;
                var score = scores[lane * SearchTiles.Items + n];
                if (score >= Thresholds[user] && place < _index.Items && !IsExcluded(user, _index.Order[place]))
                {
                    Thresholds[user] = _lists[user].Add(_index.Order[place], score);
                    changed = true;
                }
            }
        }
        _reaches[group] = changed ? ReachOf(group) : _reaches[group];
    }

    private bool IsExcluded(int user, int item)
    {
        var (from, count) = _excludedOf[user];
        return _excluded.AsSpan(from, count).BinarySearch(item) >= 0;
    }

    // The last word: candidates scored with the factors as given.
    private int Decide(int user)
    {
        _candidates.Clear();
        if (_norms[user] == 0)
        {
            for (var item = 0; item < _index.Items && _candidates.Count < _k; item++)
            {
                if (!IsExcluded(user, item))
                {
                    _candidates.Add(new(item, 0));
                }
            }
        }
        else
        {
            _lists[user].CopyTo(_candidates);
        }
        ReadOnlySpan<float> factors = _given.AsSpan(user * _index.Factors, _index.Factors);
        foreach (ref var candidate in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_candidates))
        {
            candidate = candidate with { Score = Vectors.Dot(factors, _index.Given.Row(candidate.Item)) };
        }
        _candidates.Sort(ScoredItem.BestFirst);
        var count = Math.Min(_k, _candidates.Count);
        _candidates.CopyTo(0, _found, user * _k, count);
        return count;
    }
}

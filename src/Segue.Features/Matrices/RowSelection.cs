using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Matrices;

/// <summary>From all that a user did to the entries of its row: rare items, short rows and the cap, then the weights. Not thread-safe.</summary>
/// <param name="itemUsers">Users of each item; null where no item is left out for having few.</param>
internal sealed class RowSelection(MatrixOptions options, TasteWeights weights, int[]? itemUsers)
{
    private PairAction[] _kept = [];
    private ulong[] _ranks = [], _sorted = [];
    private int[] _items = [];
    private float[] _weights = [], _targets = [];

    /// <summary>Of the row weighed last, ascending.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>One for each item.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>One for each item.</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <returns>How many items the row has, 0 for one that is left out.</returns>
    public int Weigh(int user, ReadOnlySpan<PairAction> row)
    {
        if (_items.Length < row.Length)
        {
            var length = Math.Max(row.Length, 2 * _items.Length);
            (_kept, _items, _weights, _targets) = (new PairAction[length], new int[length], new float[length], new float[length]);
            (_ranks, _sorted) = (new ulong[length], new ulong[length]);
        }
        if (itemUsers is not null)
        {
            row = WithoutRareItems(row);
        }
        var distinct = Distinct(row);
        if (distinct == 0 || distinct < options.MinUserItems)
        {
            return 0;
        }
        if (options.MaxItemsPerUser > 0 && distinct > options.MaxItemsPerUser)
        {
            row = Cap(user, row, distinct);
        }
        return weights.Weigh(row, _items, _weights, _targets);
    }

    /// <summary>How many items a row has.</summary>
    public static int Distinct(ReadOnlySpan<PairAction> row)
    {
        var distinct = 0;
        for (var n = 0; n < row.Length; n++)
        {
            distinct += n == 0 || row[n].Item != row[n - 1].Item ? 1 : 0;
        }
        return distinct;
    }

    private ReadOnlySpan<PairAction> WithoutRareItems(ReadOnlySpan<PairAction> row)
    {
        var count = 0;
        foreach (ref readonly var entry in row)
        {
            if (itemUsers![entry.Item] >= options.MinItemUsers)
            {
                _kept[count++] = entry;
            }
        }
        return _kept.AsSpan(0, count);
    }

    // The items of least rank stay. The row may lie in _kept: what is kept moves forward only.
    private ReadOnlySpan<PairAction> Cap(int user, ReadOnlySpan<PairAction> row, int distinct)
    {
        Rank(user, row);
        var cap = options.MaxItemsPerUser;
        _ranks.AsSpan(0, distinct).CopyTo(_sorted);
        _sorted.AsSpan(0, distinct).Sort();
        var last = _sorted[cap - 1];
        var ofLast = cap - _sorted.AsSpan(0, cap).IndexOf(last);   // of equal ranks only as many as there is room for
        var (count, place) = (0, -1);
        var stays = false;
        for (var n = 0; n < row.Length; n++)
        {
            if (n == 0 || row[n].Item != row[n - 1].Item)
            {
                var rank = _ranks[++place];
                stays = rank < last || (rank == last && ofLast-- > 0);
            }
            if (stays)
            {
                _kept[count++] = row[n];
            }
        }
        return _kept.AsSpan(0, count);
    }

    private void Rank(int user, ReadOnlySpan<PairAction> row)
    {
        var stream = SeededRandom.Mix(SeededRandom.Mix(options.Seed + 0x9E3779B97F4A7C15UL) + (ulong)user);
        var place = 0;
        for (var n = 0; n < row.Length; place++)
        {
            var item = row[n].Item;
            var age = row[n].Age;
            for (; n < row.Length && row[n].Item == item; n++)
            {
                age = Math.Min(age, row[n].Age);
            }
            var chance = SeededRandom.Mix(stream + (ulong)item * 0x9E3779B97F4A7C15UL);
            _ranks[place] = options.CapMode == CapMode.Sampled ? chance : (ulong)BitConverter.SingleToUInt32Bits(age) << 32 | chance >> 32;
        }
    }
}

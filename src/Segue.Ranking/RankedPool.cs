using System.Collections;
using System.Runtime.InteropServices;
using Segue.Numerics;
using Segue.Retrieval;

namespace Segue.Ranking;

/// <summary>A pool in the order of its scores, best first, equal ones by lower row. Put in order as far as somebody looks: a list takes from its beginning. For one thread.</summary>
public sealed class RankedPool : IReadOnlyList<RankedTrack>
{
    private const int AtFirst = 128;
    private readonly Candidate[] _pool;
    private readonly ScoreParts[] _parts;   // by place in the pool
    private readonly uint[] _falling;
    private readonly ulong[] _keys;
    private readonly int[] _order;   // places in the pool
    private int _ordered;

    /// <param name="parts">One for each candidate; kept.</param>
    internal RankedPool(Candidate[] pool, ScoreParts[] parts)
    {
        (_pool, _parts, _falling, _keys, _order) = (pool, parts, new uint[parts.Length], new ulong[parts.Length], new int[parts.Length]);
        for (var n = 0; n < parts.Length; n++)
        {
            _falling[n] = ScoredItem.Falling(parts[n].Total);
        }
    }

    public int Count => _order.Length;

    public RankedTrack this[int index] => PlaceOf(index) is var place ? new(_pool[place], _parts[place]) : default;

    /// <summary>The track at an index, as <see cref="this[int]"/> has it.</summary>
    public int TrackAt(int index) => _pool[PlaceOf(index)].Track;

    /// <summary>The score at an index, as <see cref="this[int]"/> has it.</summary>
    public float ScoreAt(int index) => _parts[PlaceOf(index)].Total;

    public IEnumerator<RankedTrack> GetEnumerator()
    {
        for (var n = 0; n < Count; n++)
        {
            yield return this[n];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int PlaceOf(int index)
    {
        if (index >= _ordered)
        {
            Order(index < AtFirst && Count > 2 * AtFirst ? AtFirst : Count);
        }
        return _order[index];
    }

    // Puts the best in order, so many at least: all that score as the last of them come along.
    private void Order(int least)
    {
        var worst = uint.MaxValue;
        if (least < Count)
        {
            var scratch = MemoryMarshal.Cast<int, uint>(_order.AsSpan());   // its places are not known yet
            _falling.CopyTo(scratch);
            worst = Selection.Nth(scratch, least - 1);
        }
        _ordered = 0;
        for (var n = 0; n < _falling.Length; n++)
        {
            if (_falling[n] <= worst)
            {
                (_keys[_ordered], _order[_ordered]) = ((ulong)_falling[n] << 32 | (uint)_pool[n].Track, n);
                _ordered++;
            }
        }
        Array.Sort(_keys, _order, 0, _ordered);
    }
}

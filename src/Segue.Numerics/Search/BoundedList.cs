namespace Segue.Numerics.Search;

/// <summary>The k best of scores that are known up to a rounding, and beside them whatever might be among the k best when scored again.</summary>
internal sealed class BoundedList(int k)
{
    private readonly float[] _scores = new float[k];   // a heap, the least at the root
    private readonly int[] _items = new int[k];
    private readonly List<ScoredItem> _near = [];
    private float _slack;
    private int _count, _nearLimit;

    /// <param name="slack">Scores that lie less than this below the k-th best may still be among the k best.</param>
    public void Begin(float slack)
    {
        (_slack, _count, _nearLimit) = (slack, 0, 2 * k + 64);
        _near.Clear();
    }

    /// <summary>Takes an item whose score is at least the threshold.</summary>
    /// <returns>The threshold from now on: negative infinity until there are k items.</returns>
    public float Add(int item, float score)
    {
        if (_count < k)
        {
            SiftUp(item, score);
            return Threshold;
        }
        if (score <= _scores[0])
        {
            Keep(item, score);
            return Threshold;
        }
        var (lastItem, lastScore) = (_items[0], _scores[0]);
        SiftDown(item, score);
        if (lastScore >= Threshold)
        {
            Keep(lastItem, lastScore);
        }
        return Threshold;
    }

    /// <summary>Every item that may be among the k best: at least those k.</summary>
    public void CopyTo(List<ScoredItem> target)
    {
        for (var n = 0; n < _count; n++)
        {
            target.Add(new(_items[n], _scores[n]));
        }
        foreach (var item in _near)
        {
            if (item.Score >= Threshold)
            {
                target.Add(item);
            }
        }
    }

    private float Threshold => _count < k ? float.NegativeInfinity : _scores[0] - _slack;

    private void Keep(int item, float score)
    {
        _near.Add(new(item, score));
        if (_near.Count > _nearLimit)
        {
            var threshold = Threshold;
            _near.RemoveAll(near => near.Score < threshold);
            _nearLimit = Math.Max(_nearLimit, 2 * _near.Count);   // many that are equal stay
        }
    }

    private void SiftUp(int item, float score)
    {
        var at = _count++;
        for (; at > 0 && _scores[(at - 1) / 2] > score; at = (at - 1) / 2)
        {
            (_scores[at], _items[at]) = (_scores[(at - 1) / 2], _items[(at - 1) / 2]);
        }
        (_scores[at], _items[at]) = (score, item);
    }

    private void SiftDown(int item, float score)
    {
        var at = 0;
        for (var child = 1; child < k; child = 2 * at + 1)
        {
            child += child + 1 < k && _scores[child + 1] < _scores[child] ? 1 : 0;
            if (_scores[child] >= score)
            {
                break;
            }
            (_scores[at], _items[at]) = (_scores[child], _items[child]);
            at = child;
        }
        (_scores[at], _items[at]) = (score, item);
    }
}

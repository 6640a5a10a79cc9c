namespace Segue.Numerics;

/// <summary>Draws an index with given odds in constant time (Walker's alias table, built after Vose 1991).</summary>
public sealed class AliasTable
{
    private readonly double[] _keep;
    private readonly int[] _other;

    /// <param name="weights">Odds, finite and not negative, at least one positive.</param>
    /// <exception cref="ArgumentException">No weight is positive, or one is negative or not finite.</exception>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (var weight in weights)
        {
            if (!(weight >= 0) || double.IsInfinity(weight))
            {
                throw new ArgumentException($"A weight is {weight}; it must be finite and not negative.", nameof(weights));
            }
            sum += weight;
        }
        if (!(sum > 0))
        {
            throw new ArgumentException("No weight is positive.", nameof(weights));
        }
        var n = weights.Length;
        (_keep, _other) = (new double[n], new int[n]);
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < n; i++)
        {
            _keep[i] = weights[i] * n / sum;
            (_keep[i] < 1 ? small : large).Push(i);
        }
        while (small.Count > 0 && large.Count > 0)
        {
            var (less, more) = (small.Pop(), large.Peek());
            _other[less] = more;
            _keep[more] -= 1 - _keep[less];
            if (_keep[more] < 1)
            {
                small.Push(large.Pop());
            }
        }
        foreach (var rest in small.Concat(large))   // rounding alone leaves these: they keep their own place
        {
            _keep[rest] = 1;
        }
    }

    public int Draw(ref SeededRandom random)
    {
        var slot = random.NextInt(_keep.Length);
        return random.NextDouble() < _keep[slot] ? slot : _other[slot];
    }
}

namespace Segue.Numerics.Sparse;

/// <summary>Finds a codebook for the pairs it was shown: the pairs themselves while there are at most 256, else a grid over them.</summary>
/// <remarks>
/// The grid: targets are rounded to as many levels as still leave each a share of the codes (exact while there are at most eight of
/// them), and each level's weights are spread evenly on a logarithmic scale between its least and its greatest. The relative error of a weight is at
/// most half a step: 2.5 % for one target and weights over a range of 1 : 300,000, or two targets and 1 : 500. Pairs may be shown in any order;
/// the codebook depends only on which were shown. Not thread-safe.
/// </remarks>
public sealed class WeightCodebookBuilder
{
    private const int MaxExactTargets = 8;
    private readonly HashSet<(float Weight, float Target)> _exact = [];
    private readonly SortedDictionary<float, (float Low, float High)> _ranges = [];
    private readonly (float Low, float High)[] _rounded = new (float, float)[MaxExactTargets];
    private (float Target, float Low, float High) _recent = (float.NaN, 0, 0);

    /// <exception cref="ArgumentException">A weight is negative or not finite, or a target outside [-1, 1].</exception>
    public void Add(float weight, float target)
    {
        if (target == _recent.Target && weight >= _recent.Low && weight <= _recent.High)
        {
            return;   // too many pairs for codes of their own, and within what was shown of this target
        }
        WeightCodebook.Require(weight, target);
        if (_exact.Count <= WeightCodebook.MaxPairs)
        {
            _exact.Add((weight, target));
        }
        if (_ranges.Count <= MaxExactTargets)
        {
            _ranges[target] = _ranges.TryGetValue(target, out var range) ? Widen(range, weight) : (weight, weight);
        }
        ref var level = ref _rounded[Level(target)];
        level = level == default ? (weight, weight) : Widen(level, weight);
        if (_exact.Count > WeightCodebook.MaxPairs && _ranges.TryGetValue(target, out var shown))
        {
            _recent = (target, shown.Low, shown.High);
        }
    }

    /// <summary>Adds all that another was shown.</summary>
    public void Add(WeightCodebookBuilder other)
    {
        if (_exact.Count <= WeightCodebook.MaxPairs)
        {
            _exact.UnionWith(other._exact);
        }
        foreach (var (target, (low, high)) in other._ranges)
        {
            _ranges[target] = _ranges.TryGetValue(target, out var range) ? Widen(Widen(range, low), high) : (low, high);
        }
        for (var level = 0; level < MaxExactTargets; level++)
        {
            var (mine, its) = (_rounded[level], other._rounded[level]);
            _rounded[level] = mine == default ? its : its == default ? mine : Widen(Widen(mine, its.Low), its.High);
        }
        _recent.Target = float.NaN;
    }

    /// <summary>The codebook of all that was shown; that of ones when nothing was.</summary>
    public WeightEncoder Build()
    {
        if (_exact.Count == 0)
        {
            return new(WeightCodebook.Ones, isExact: true);
        }
        if (_exact.Count <= WeightCodebook.MaxPairs)
        {
            var pairs = _exact.Order().ToArray();
            return new(new([.. pairs.Select(pair => pair.Weight)], [.. pairs.Select(pair => pair.Target)]), isExact: true);
        }
        var levels = _ranges.Count <= MaxExactTargets
            ? _ranges.Select(range => (Target: range.Key, range.Value.Low, range.Value.High)).ToArray()
            : [.. _rounded.Select((range, n) => (Target: TargetOf(n), range.Low, range.High)).Where(level => level.High > 0)];
        return new(Grid(levels), isExact: false);
    }

    // Codes are shared out by the logarithmic length of each level's weights, so that all have about the same step.
    private static WeightCodebook Grid((float Target, float Low, float High)[] levels)
    {
        var (weights, targets) = (new List<float>(), new List<float>());
        var lengths = levels.Select(level => Math.Log(Greatest(level.High) / LeastPositive(level.Low, level.High))).ToArray();
        var free = WeightCodebook.MaxPairs - 3 * levels.Length;   // two ends and the weight 0 for each
        for (var n = 0; n < levels.Length; n++)
        {
            var (target, low, high) = levels[n];
            var least = LeastPositive(low, high);
            var steps = 1 + (lengths.Sum() > 0 ? (int)(free * lengths[n] / lengths.Sum()) : 0);
            for (var step = low == 0 ? -1 : 0; step <= steps; step++)
            {
                weights.Add(step < 0 ? 0 : (float)(least * Math.Exp(lengths[n] * step / steps)));
                targets.Add(target);
            }
        }
        return new([.. weights], [.. targets]);
    }

    // Weights below a millionth of the greatest say nothing beside it; they must not use up the codes.
    private static double LeastPositive(float low, float high) => Math.Max(low, 1e-6 * Greatest(high));

    private static double Greatest(float high) => high > 0 ? high : 1;

    private static (float Low, float High) Widen((float Low, float High) range, float weight) => (Math.Min(range.Low, weight), Math.Max(range.High, weight));

    private static int Level(float target) => (int)MathF.Round((target + 1) / 2 * (MaxExactTargets - 1));

    private static float TargetOf(int level) => level * 2f / (MaxExactTargets - 1) - 1;
}

/// <summary>Gives each (weight, target) the code of the nearest pair: nearest target first, then nearest weight by ratio.</summary>
public sealed class WeightEncoder
{
    private readonly float[] _targets;
    private readonly (float[] Weights, byte[] Codes)[] _levels;

    internal WeightEncoder(WeightCodebook codebook, bool isExact)
    {
        (Codebook, IsExact) = (codebook, isExact);
        var byTarget = Enumerable.Range(0, codebook.Count)
            .GroupBy(code => codebook.Targets[code])
            .OrderBy(level => level.Key)
            .ToArray();
        _targets = [.. byTarget.Select(level => level.Key)];
        _levels = [.. byTarget.Select(level => level.OrderBy(code => codebook.Weights[code]).ToArray())
            .Select(codes => (codes.Select(code => codebook.Weights[code]).ToArray(), codes.Select(code => (byte)code).ToArray()))];
    }

    public WeightCodebook Codebook { get; }

    /// <summary>True when every pair shown has a code of its own.</summary>
    public bool IsExact { get; }

    public byte Encode(float weight, float target)
    {
        var (weights, codes) = _levels[Nearest(_targets, target, (low, high, value) => value - low <= high - value)];
        return codes[Nearest(weights, weight, (low, high, value) => low > 0 ? (double)value * value <= (double)low * high : value * 2 < high)];
    }

    private static int Nearest(float[] ascending, float value, Func<float, float, float, bool> isNearerToLow)
    {
        // The first that is not below the value: halves without branches, which nobody could foretell.
        var (at, length) = (0, ascending.Length);
        while (length > 1)
        {
            var half = length >> 1;
            at += half * (ascending[at + half - 1] < value ? 1 : 0);
            length -= half;
        }
        at += ascending[at] < value ? 1 : 0;
        return at < ascending.Length && (at == 0 || ascending[at] == value) ? at
            : at == ascending.Length || isNearerToLow(ascending[at - 1], ascending[at], value) ? at - 1
            : at;
    }
}

namespace Segue.Audio.Descriptors;

/// <summary>Mean and standard deviation of vectors told one after the other.</summary>
internal sealed class RunningMoments(int dimensions)
{
    private readonly double[] _sums = new double[dimensions], _squares = new double[dimensions];

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            double value = values[i];
            _sums[i] += value;
            _squares[i] += value * value;
        }
        Count++;
    }

    /// <summary>Adds later − earlier.</summary>
    public void AddDifference(ReadOnlySpan<float> earlier, ReadOnlySpan<float> later)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            var value = (double)later[i] - earlier[i];
            _sums[i] += value;
            _squares[i] += value * value;
        }
        Count++;
    }

    /// <summary>0 of nothing.</summary>
    public float Mean(int dimension) => Count == 0 ? 0 : (float)(_sums[dimension] / Count);

    /// <summary>Of the population; 0 of nothing.</summary>
    public float Deviation(int dimension)
    {
        var mean = Count == 0 ? 0 : _sums[dimension] / Count;
        return Count == 0 ? 0 : (float)Math.Sqrt(Math.Max(0, _squares[dimension] / Count - mean * mean));
    }

    public void Clear()
    {
        Array.Clear(_sums);
        Array.Clear(_squares);
        Count = 0;
    }
}

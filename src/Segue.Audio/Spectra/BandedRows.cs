namespace Segue.Audio.Spectra;

/// <summary>A matrix whose rows are zero but for one stretch each: filter banks, cosine transforms, sums over a spectrum.</summary>
internal sealed class BandedRows
{
    private BandedRows(int columns, int[] first, int[] offsets, float[] weights)
        => (Columns, First, Offsets, Weights) = (columns, first, offsets, new AlignedFloats(weights));

    /// <summary>Rows.</summary>
    public int Count => First.Length;

    public int Columns { get; }

    /// <summary>Where the stretch of each row begins.</summary>
    public int[] First { get; }

    /// <summary>Where the weights of each row begin; one more for the end.</summary>
    public int[] Offsets { get; }

    public AlignedFloats Weights { get; }

    /// <summary>Columns up to the last that some row weighs.</summary>
    public int Reach => Enumerable.Range(0, Count).Max(row => First[row] + Offsets[row + 1] - Offsets[row]);

    /// <param name="weight">Weight of (row, column).</param>
    public static BandedRows Create(int rows, int columns, Func<int, int, double> weight)
    {
        var (first, offsets, weights) = (new int[rows], new int[rows + 1], new List<float>());
        var values = new float[columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                values[column] = (float)weight(row, column);
            }
            var start = Array.FindIndex(values, value => value != 0);
            first[row] = Math.Max(start, 0);
            if (start >= 0)
            {
                weights.AddRange(values.AsSpan(start..(Array.FindLastIndex(values, value => value != 0) + 1)));
            }
            offsets[row + 1] = weights.Count;
        }
        return new(columns, first, offsets, [.. weights]);
    }

    /// <summary>All weights, shape [rows × columns].</summary>
    public float[] ToDense()
    {
        var dense = new float[Count * Columns];
        for (var row = 0; row < Count; row++)
        {
            Weights.Span[Offsets[row]..Offsets[row + 1]].CopyTo(dense.AsSpan(row * Columns + First[row]));
        }
        return dense;
    }
}

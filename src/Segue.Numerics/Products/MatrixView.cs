namespace Segue.Numerics.Products;

/// <summary>A float32 matrix to be read inside other memory: element (i, j) is values[i · rowStep + j · columnStep]. Rows may overlap.</summary>
public readonly ref struct MatrixView
{
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="ArgumentException">The last element lies outside.</exception>
    public MatrixView(ReadOnlySpan<float> values, int rows, int columns, int rowStep, int columnStep = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rowStep);
        ArgumentOutOfRangeException.ThrowIfNegative(columnStep);
        var last = rows == 0 || columns == 0 ? -1 : (long)(rows - 1) * rowStep + (long)(columns - 1) * columnStep;
        if (last >= values.Length)
        {
            throw new ArgumentException($"A matrix of {rows} × {columns} with steps {rowStep} and {columnStep} needs {last + 1} values; there are {values.Length}.", nameof(values));
        }
        Values = values;
        (Rows, Columns, RowStep, ColumnStep) = (rows, columns, rowStep, columnStep);
    }

    public ReadOnlySpan<float> Values { get; }
    public int Rows { get; }
    public int Columns { get; }
    public int RowStep { get; }
    public int ColumnStep { get; }

    /// <summary>The same values with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Values, Columns, Rows, ColumnStep, RowStep);
}

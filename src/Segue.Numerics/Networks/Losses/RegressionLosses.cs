namespace Segue.Numerics.Networks.Losses;

/// <summary>Mean squared error: the mean over all elements of (output − target)².</summary>
public static class MeanSquaredError
{
    /// <param name="gradient">Receives the derivative by each output; the length of <paramref name="outputs"/>.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static float Loss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        Shape.RequireSame(outputs.Length, targets.Length);
        Shape.RequireSame(outputs.Length, gradient.Length);
        double sum = 0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = outputs[i] - targets[i];
            sum += (double)difference * difference;
            gradient[i] = 2 * difference / outputs.Length;
        }
        return (float)(sum / outputs.Length);
    }
}

/// <summary>Mean over rows of 1 − cos(output, target), in [0, 2].</summary>
public static class CosineLoss
{
    /// <param name="outputs">Shape [rows × columns].</param>
    /// <param name="targets">The same shape; a row of zeros counts 1 and has no gradient.</param>
    /// <param name="gradient">Receives the derivative by each output.</param>
    /// <exception cref="ArgumentException">Lengths differ, or are no whole number of rows.</exception>
    public static float Loss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int columns, Span<float> gradient)
    {
        Shape.RequireSame(outputs.Length, targets.Length);
        Shape.RequireSame(outputs.Length, gradient.Length);
        var rows = Rows.Count(outputs.Length, columns);
        double sum = 0;
        for (var row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = Rows.Of(outputs, row, columns), y = Rows.Of(targets, row, columns);
            var dx = gradient.Slice(row * columns, columns);
            dx.Clear();
            float length = Vectors.Norm(x), norms = length * Vectors.Norm(y);
            if (norms > 0)
            {
                // d cos / dx = (y/|y| − x/|x| · cos) / |x|
                var cosine = Vectors.Dot(x, y) / norms;
                sum += cosine;
                Vectors.AddScaled(dx, y, -1 / (norms * rows));
                Vectors.AddScaled(dx, x, cosine / (length * length * rows));
            }
        }
        return (float)(1 - sum / rows);
    }
}

internal static class Rows
{
    public static int Count(int length, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        return length % columns == 0 ? length / columns : throw new ArgumentException($"{length} values are no whole number of rows of {columns}.");
    }

    public static ReadOnlySpan<float> Of(ReadOnlySpan<float> values, int row, int columns) => values.Slice(row * columns, columns);
}

using Segue.Numerics.Products;

namespace Segue.Numerics.Networks.Losses;

/// <summary>Supervised contrastive loss: embeddings of one group shall be near each other, all others far.</summary>
/// <remarks>
/// L_out, equation 2 of Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020: for each anchor i with others of its group P(i),
/// −1/|P(i)| Σ_p ln( exp(z_i·z_p/τ) / Σ_{a≠i} exp(z_i·z_a/τ) ), here as the mean over these anchors. With two of each group it is NT-Xent (Chen et al., ICML
/// 2020). O(n² d) for n embeddings of d values.
/// </remarks>
public static class ContrastiveLoss
{
    /// <param name="embeddings">z, shape [groups × columns], each of length 1.</param>
    /// <param name="groups">Group of each embedding.</param>
    /// <param name="temperature">τ, positive.</param>
    /// <param name="gradient">Receives the derivative by each value of <paramref name="embeddings"/>.</param>
    /// <returns>The loss; 0 where no embedding has another of its group.</returns>
    /// <exception cref="ArgumentException">Lengths do not agree, or the temperature is not positive.</exception>
    public static float Loss(ReadOnlySpan<float> embeddings, ReadOnlySpan<int> groups, int columns, float temperature, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        Shape.RequireSame(embeddings.Length, gradient.Length);
        var n = Rows.Count(embeddings.Length, columns);
        Shape.RequireSame(n, groups.Length);
        var z = new MatrixView(embeddings, n, columns, columns);
        var pull = new float[n * n];
        MatrixProduct.Multiply(z, z.Transposed, pull, n);
        double sum = 0;
        var anchors = 0;
        for (var i = 0; i < n; i++)
        {
            if (Anchor(pull.AsSpan(i * n, n), i, groups, temperature) is { } loss)
            {
                sum += loss;
                anchors++;
            }
        }
        // A similarity moves both of its embeddings.
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                pull[i * n + j] = pull[j * n + i] = (pull[i * n + j] + pull[j * n + i]) / (temperature * anchors);
            }
        }
        gradient.Clear();
        if (anchors > 0)
        {
            MatrixProduct.Multiply(new(pull, n, n, n), z, gradient, columns);
        }
        return anchors > 0 ? (float)(sum / anchors) : 0;
    }

    // The loss of one anchor, its row of similarities becoming softmax less target; null where no other is of its group.
    private static double? Anchor(Span<float> row, int anchor, ReadOnlySpan<int> groups, float temperature)
    {
        var positives = 0;
        double near = 0;
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j == anchor ? float.NegativeInfinity : row[j] / temperature;
            if (j != anchor && groups[j] == groups[anchor])
            {
                near += row[j];
                positives++;
            }
        }
        if (positives == 0)
        {
            row.Clear();
            return null;
        }
        var log = Softmax.Apply(row);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] -= j != anchor && groups[j] == groups[anchor] ? 1f / positives : 0;
        }
        return log - near / positives;
    }
}

namespace Segue.Numerics;

/// <summary>Solves symmetric positive definite systems by A = LLᵀ.</summary>
public static class Cholesky
{
    /// <summary>Solves A x = b in place.</summary>
    /// <remarks>d³/3 multiply-adds for the factor and 2 d² for the solution. Allocates nothing. A pivot must exceed 1e-7 of the
    /// largest diagonal element: below that, float32 holds no digit of it.</remarks>
    /// <param name="a">A, shape [d × d], row-major; only the lower triangle is read; overwritten with L.</param>
    /// <param name="b">b on entry, x on return, length d; undefined when the method fails.</param>
    /// <returns>False when A is not positive definite or not finite.</returns>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static bool TrySolveInPlace(Span<float> a, Span<float> b)
    {
        if (!TryFactorInPlace(a))
        {
            return false;
        }
        SolveFactored(a, b);
        foreach (var value in b)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Overwrites the lower triangle of A with L; false when A is not positive definite or not finite.</summary>
    public static bool TryFactorInPlace(Span<float> a)
    {
        var d = Shape.RequireSquare(a.Length);
        var largest = 0f;
        for (var i = 0; i < d; i++)
        {
            largest = Math.Max(largest, a[i * d + i]);
        }
        for (var i = 0; i < d; i++)
        {
            var row = a.Slice(i * d, i + 1);
            for (var j = 0; j < i; j++)
            {
                row[j] = (row[j] - Vectors.Dot(row[..j], a.Slice(j * d, j))) / a[j * d + j];
            }
            var pivot = row[i] - Vectors.Dot(row[..i], row[..i]);
            if (!(pivot > largest * 1e-7f) || float.IsInfinity(pivot))
            {
                return false;
            }
            row[i] = MathF.Sqrt(pivot);
        }
        return true;
    }

    /// <summary>Solves L Lᵀ x = b in place, L from <see cref="TryFactorInPlace"/>.</summary>
    public static void SolveFactored(ReadOnlySpan<float> l, Span<float> b)
    {
        var d = b.Length;
        Shape.RequireSame(d * d, l.Length);
        for (var i = 0; i < d; i++)
        {
            b[i] = (b[i] - Vectors.Dot(l.Slice(i * d, i), b[..i])) / l[i * d + i];
        }
        for (var i = d - 1; i >= 0; i--)
        {
            b[i] /= l[i * d + i];
            Vectors.AddScaled(b[..i], l.Slice(i * d, i), -b[i]);
        }
    }
}

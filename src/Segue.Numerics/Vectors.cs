using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Segue.Numerics;

/// <summary>Kernels over dense vectors whose order of addition is fixed, so that equal input gives equal bits.</summary>
/// <remarks>That a model's bytes follow from seed and data rests on this order, and the framework's tensor primitives promise none; that
/// is why these exist (they are no slower). The order still depends on the processor's vector width. Spans of unequal length are an
/// error.</remarks>
public static class Vectors
{
    private const int RowsAhead = 6;

    /// <summary>Σ aᵢ bᵢ, in float32 with four running vectors.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Shape.RequireSame(a.Length, b.Length);
        return Product(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), a.Length);
    }

    /// <summary>The products of some rows with a few vectors, each as <see cref="Dot"/> gives it, to the bit. Every row is read once.</summary>
    /// <param name="rows">Shape [rows × d].</param>
    /// <param name="picked">Rows, in any order; those that come soon are fetched ahead.</param>
    /// <param name="vectors">One after the other; length a multiple of d.</param>
    /// <param name="products">Receives [vector][picked].</param>
    public static void DotRows(DenseMatrix rows, ReadOnlySpan<int> picked, ReadOnlySpan<float> vectors, Span<float> products)
    {
        var (d, count) = (rows.Columns, vectors.Length / rows.Columns);
        Shape.RequireSame(count * d, vectors.Length);
        Shape.RequireSame(count * picked.Length, products.Length);
        ref var first = ref MemoryMarshal.GetReference(vectors);
        for (var n = 0; n < picked.Length; n++)
        {
            if (n + RowsAhead < picked.Length)
            {
                Fetch(rows.Row(picked[n + RowsAhead]));
            }
            ref var row = ref MemoryMarshal.GetReference(rows.Row(picked[n]));
            for (var v = 0; v < count; v++)
            {
                products[v * picked.Length + n] = Product(ref Unsafe.Add(ref first, v * d), ref row, d);
            }
        }
        GC.KeepAlive(rows);
    }

    /// <summary>The lengths of some rows, each as <see cref="Norm"/> gives it, to the bit.</summary>
    /// <param name="rows">Shape [rows × d].</param>
    /// <param name="lengths">Receives one for each of <paramref name="picked"/>.</param>
    public static void NormRows(DenseMatrix rows, ReadOnlySpan<int> picked, Span<float> lengths)
    {
        Shape.RequireSame(picked.Length, lengths.Length);
        for (var n = 0; n < picked.Length; n++)
        {
            ref var row = ref MemoryMarshal.GetReference(rows.Row(picked[n]));
            lengths[n] = MathF.Sqrt(Product(ref row, ref row, rows.Columns));
        }
        GC.KeepAlive(rows);
    }

    /// <summary>The largest product of a vector with some others, each as <see cref="Dot"/> gives it, to the bit.</summary>
    /// <param name="a">Length d.</param>
    /// <param name="others">One after the other; length a multiple of d.</param>
    /// <param name="least">What comes where none is larger.</param>
    public static float MostDot(ReadOnlySpan<float> a, ReadOnlySpan<float> others, float least)
    {
        Shape.RequireSame(a.IsEmpty ? others.Length : others.Length % a.Length, 0);
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var first = ref MemoryMarshal.GetReference(others);
        for (var at = 0; at < others.Length; at += a.Length)
        {
            least = Math.Max(least, Product(ref x, ref Unsafe.Add(ref first, at), a.Length));
        }
        return least;
    }

    private static unsafe void Fetch(ReadOnlySpan<float> row)
    {
        const int Line = 64 / sizeof(float);
        if (Sse.IsSupported)
        {
            ref var start = ref MemoryMarshal.GetReference(row);
            for (var f = 0; f < row.Length; f += Line)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref start, f)));   // a hint: nobody looks through the pointer
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Product(ref float x, ref float y, int length)
    {
        var width = Vector<float>.Count;
        var i = 0;
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; i <= length - 4 * width; i += 4 * width)
        {
            s0 = Vector.FusedMultiplyAdd(Load(ref x, i), Load(ref y, i), s0);
            s1 = Vector.FusedMultiplyAdd(Load(ref x, i + width), Load(ref y, i + width), s1);
            s2 = Vector.FusedMultiplyAdd(Load(ref x, i + 2 * width), Load(ref y, i + 2 * width), s2);
            s3 = Vector.FusedMultiplyAdd(Load(ref x, i + 3 * width), Load(ref y, i + 3 * width), s3);
        }
        for (; i <= length - width; i += width)
        {
            s0 = Vector.FusedMultiplyAdd(Load(ref x, i), Load(ref y, i), s0);
        }
        var sum = Vector.Sum((s0 + s1) + (s2 + s3));
        for (; i < length; i++)
        {
            sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref x, i), Unsafe.Add(ref y, i), sum);
        }
        return sum;
    }

    /// <summary>target ← target + scale · source.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float scale)
    {
        Shape.RequireSame(target.Length, source.Length);
        ref var x = ref MemoryMarshal.GetReference(target);
        ref var y = ref MemoryMarshal.GetReference(source);
        var width = Vector<float>.Count;
        var factor = new Vector<float>(scale);
        var i = 0;
        for (; i <= target.Length - width; i += width)
        {
            Vector.FusedMultiplyAdd(Load(ref y, i), factor, Load(ref x, i)).StoreUnsafe(ref Unsafe.Add(ref x, i));
        }
        for (; i < target.Length; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(source[i], scale, target[i]);
        }
    }

    /// <summary>Euclidean length.</summary>
    public static float Norm(ReadOnlySpan<float> a) => MathF.Sqrt(Dot(a, a));

    /// <summary>Divides by the length; a zero vector stays zero.</summary>
    /// <returns>The length before.</returns>
    public static float Normalize(Span<float> a)
    {
        var norm = Norm(a);
        if (norm > 0)
        {
            ref var x = ref MemoryMarshal.GetReference(a);
            var i = 0;
            for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Load(ref x, i) / new Vector<float>(norm)).StoreUnsafe(ref Unsafe.Add(ref x, i));
            }
            for (; i < a.Length; i++)
            {
                a[i] /= norm;
            }
        }
        return norm;
    }

    /// <summary>Cosine of the angle between two vectors, in [-1, 1]; 0 when one of them is zero.</summary>
    public static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Shape.RequireSame(a.Length, b.Length);
        var norms = Norm(a) * Norm(b);
        return norms > 0 ? Math.Clamp(Dot(a, b) / norms, -1, 1) : 0;
    }

    /// <summary>Adds <paramref name="value"/> to each diagonal element of a square row-major matrix.</summary>
    public static void AddToDiagonal(Span<float> square, float value)
    {
        var d = Shape.RequireSquare(square.Length);
        for (var i = 0; i < d; i++)
        {
            square[i * d + i] += value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float start, int offset) => Vector.LoadUnsafe(ref Unsafe.Add(ref start, offset));
}

/// <summary>Checks of shapes, so that a wrong one is named where it enters.</summary>
public static class Shape
{
    public static void RequireSame(int left, int right)
    {
        if (left != right)
        {
            throw new ArgumentException($"Lengths differ: {left} and {right}.");
        }
    }

    /// <summary>The side d of a square of d² elements.</summary>
    public static int RequireSquare(int length)
    {
        var d = (int)Math.Round(Math.Sqrt(length));
        return d * d == length ? d : throw new ArgumentException($"{length} elements do not make a square matrix.");
    }
}

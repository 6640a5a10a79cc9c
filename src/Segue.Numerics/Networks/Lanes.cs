using System.Numerics;
using System.Runtime.CompilerServices;

namespace Segue.Numerics.Networks;

/// <summary>Small loops over rows of channels, in vectors; each lane by itself, so that no width changes a bit.</summary>
internal static unsafe class Lanes
{
    /// <summary>Values of a vector; loops go by so many and end one by one.</summary>
    public static int Width => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from) => Vector.Load(from);

    /// <summary>to ← to + from.</summary>
    public static void Add(float* to, float* from, long count)
    {
        long i = 0;
        for (; i <= count - Width; i += Width)
        {
            (Load(to + i) + Load(from + i)).Store(to + i);
        }
        for (; i < count; i++)
        {
            to[i] += from[i];
        }
    }

    /// <summary>to ← to + a · b.</summary>
    public static void AddProduct(float* to, float* a, float* b, int count)
    {
        var i = 0;
        for (; i <= count - Width; i += Width)
        {
            Vector.FusedMultiplyAdd(Load(a + i), Load(b + i), Load(to + i)).Store(to + i);
        }
        for (; i < count; i++)
        {
            to[i] = MathF.FusedMultiplyAdd(a[i], b[i], to[i]);
        }
    }

    /// <summary>sum ← sum + w and products ← products + w · (x − offset); without w, x − offset takes its place.</summary>
    public static void AddMoments(float* w, float* x, float* offset, float* sum, float* products, int count)
    {
        var i = 0;
        for (; i <= count - Width; i += Width)
        {
            var difference = Load(x + i) - Load(offset + i);
            var weight = w is null ? difference : Load(w + i);
            (Load(sum + i) + weight).Store(sum + i);
            Vector.FusedMultiplyAdd(weight, difference, Load(products + i)).Store(products + i);
        }
        for (; i < count; i++)
        {
            var difference = x[i] - offset[i];
            var weight = w is null ? difference : w[i];
            sum[i] += weight;
            products[i] = MathF.FusedMultiplyAdd(weight, difference, products[i]);
        }
    }

    /// <summary>Adds the parts of all chunks, in their order, into <paramref name="to"/>.</summary>
    /// <param name="parts">Shape [chunks × length].</param>
    public static void SumChunks(float* parts, int chunks, long length, float* to, int threads)
    {
        const int Block = 1 << 14;
        Workers.For((int)((length + Block - 1) / Block), threads, block =>
        {
            var from = (long)block * Block;
            var count = Math.Min(Block, length - from);
            new ReadOnlySpan<float>(parts + from, (int)count).CopyTo(new(to + from, (int)count));
            for (var chunk = 1; chunk < chunks; chunk++)
            {
                Add(to + from, parts + chunk * length + from, count);
            }
        });
    }
}

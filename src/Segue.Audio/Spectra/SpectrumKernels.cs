using System.Runtime.CompilerServices;

namespace Segue.Audio.Spectra;

/// <summary>log10(1 + t) = t · (a₀ + a₁ t + … + a₇ t⁷) for t in [√½ − 1, √2 − 1].</summary>
/// <remarks>Fitted for the least greatest error: 1.5e-8, and 3.2e-8 in float32.</remarks>
internal static class LogarithmTerms
{
    /// <summary>The bits of √½.</summary>
    public const int RootOfHalf = 0x3F3504F3;

    public const float LogOfTwo = 0.30103f;

    public const float A0 = 0.4342944f, A1 = -0.21715014f, A2 = 0.1447772f, A3 = -0.10839705f;
    public const float A4 = 0.08630755f, A5 = -0.07527829f, A6 = 0.071311094f, A7 = -0.043873426f;
}

/// <summary>What is done with power spectra of a lane set of frames.</summary>
internal static unsafe class SpectrumKernels<T>
    where T : struct, ILanes<T>
{
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>to[row] ← Σ over the row's columns of weight · from[column].</summary>
    [MethodImpl(Kernel)]
    public static void Project(BandedRows rows, float* from, float* to)
    {
        fixed (int* firsts = rows.First, offsets = rows.Offsets)
        {
            for (var row = 0; row < rows.Count; row++, to += T.Width)
            {
                float* w = rows.Weights.Start + offsets[row], end = rows.Weights.Start + offsets[row + 1], x = from + (nint)firsts[row] * T.Width;
                T even = T.Of(0), odd = T.Of(0);
                for (; w + 1 < end; w += 2, x += 2 * T.Width)
                {
                    even = T.MultiplyAdd(T.Of(w[0]), T.Load(x), even);
                    odd = T.MultiplyAdd(T.Of(w[1]), T.Load(x + T.Width), odd);
                }
                if (w < end)
                {
                    even = T.MultiplyAdd(T.Of(w[0]), T.Load(x), even);
                }
                (even + odd).Store(to);
            }
        }
    }

    [MethodImpl(Kernel)]
    public static void Root(float* values, int rows)
    {
        for (var row = 0; row < rows; row++, values += T.Width)
        {
            T.Sqrt(T.Load(values)).Store(values);
        }
    }

    /// <summary>to ← scale · log10(max(floor, factor · from + plus)) + offset; the floor is a positive normal number.</summary>
    [MethodImpl(Kernel)]
    public static void Compress(float* from, float* to, int rows, float scale, float factor, float plus, float floor, float offset)
    {
        T factors = T.Of(factor), terms = T.Of(plus), floors = T.Of(floor), scales = T.Of(scale), offsets = T.Of(offset);
        for (var row = 0; row < rows; row++, from += T.Width, to += T.Width)
        {
            var x = T.Max(floors, T.MultiplyAdd(factors, T.Load(from), terms));
            var t = T.Split(x, out var exponent) - T.Of(1);
            var sum = T.MultiplyAdd(T.Of(LogarithmTerms.A7), t, T.Of(LogarithmTerms.A6));
            sum = T.MultiplyAdd(sum, t, T.Of(LogarithmTerms.A5));
            sum = T.MultiplyAdd(sum, t, T.Of(LogarithmTerms.A4));
            sum = T.MultiplyAdd(sum, t, T.Of(LogarithmTerms.A3));
            sum = T.MultiplyAdd(sum, t, T.Of(LogarithmTerms.A2));
            sum = T.MultiplyAdd(sum, t, T.Of(LogarithmTerms.A1));
            sum = T.MultiplyAdd(sum, t, T.Of(LogarithmTerms.A0));
            var logarithm = T.MultiplyAdd(exponent, T.Of(LogarithmTerms.LogOfTwo), sum * t);
            T.MultiplyAdd(logarithm, scales, offsets).Store(to);
        }
    }

    /// <summary>For each frame, how many of the leading rows together hold less than the frame's threshold.</summary>
    [MethodImpl(Kernel)]
    public static void CountBelow(float* values, int rows, float* thresholds, float* counts)
    {
        T sum = T.Of(0), count = T.Of(0), threshold = T.Load(thresholds);
        for (var row = 0; row < rows; row++, values += T.Width)
        {
            sum += T.Load(values);
            count += T.IsLess(sum, threshold);
        }
        count.Store(counts);
    }

    /// <summary>Lane by lane into frames: to[lane × stride + row].</summary>
    /// <param name="count">Lanes wanted.</param>
    [MethodImpl(Kernel)]
    public static void Spread(float* from, int rows, float* to, nint stride, int count)
    {
        var row = 0;
        for (; row + 3 < rows; row += 4, from += 4 * T.Width)
        {
            T.StoreColumns(
                T.Load(from), T.Load(from + T.Width), T.Load(from + 2 * T.Width), T.Load(from + 3 * T.Width), to + row, stride, count);
        }
        for (; row < rows; row++, from += T.Width)
        {
            for (var lane = 0; lane < count; lane++)
            {
                to[lane * stride + row] = from[lane];
            }
        }
    }
}

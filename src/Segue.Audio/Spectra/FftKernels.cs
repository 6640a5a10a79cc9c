using System.Runtime.CompilerServices;

namespace Segue.Audio.Spectra;

/// <summary>Power spectra of a lane set of frames: radix-4 decimation in frequency, sizes that leave the first-level cache taken apart first.</summary>
/// <remarks>Row k of a buffer holds value k of each frame. Costs about 2.2 · N · log2 N operations a frame.</remarks>
internal static unsafe class FftKernels<T>
    where T : struct, ILanes<T>
{
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    // 64 rows of 16 lanes, twice, are 8 kB.
    private const int CacheRows = 64;

    /// <summary>Windows the frames: even samples become real parts, odd ones imaginary parts.</summary>
    /// <param name="frames">Where each lane's frame begins.</param>
    [MethodImpl(Kernel)]
    public static void Load(FftTables tables, float** frames, float* re, float* im)
    {
        var window = tables.Window.Start;
        var n = tables.Length;
        for (var i = 0; i < n; i += 4, re += 2 * T.Width, im += 2 * T.Width)
        {
            T.LoadColumns(frames, i, out var a, out var b, out var c, out var d);
            (a * T.Of(window[i])).Store(re);
            (b * T.Of(window[i + 1])).Store(im);
            (c * T.Of(window[i + 2])).Store(re + T.Width);
            (d * T.Of(window[i + 3])).Store(im + T.Width);
        }
    }

    /// <summary>Transforms n rows in place; Z[k] comes to lie at <see cref="FftTables.Places"/>.</summary>
    public static void Transform(FftTables tables, float* re, float* im, int n)
    {
        if (n <= CacheRows)
        {
            Near(tables.Twiddles.Start, re, im, n);
            return;
        }
        Pass(tables.Twiddles.Start + FftTables.TwiddlesBelow(n / 4), re, im, n, n);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var at = quarter * (n / 4) * T.Width;
            Transform(tables, re + at, im + at, n / 4);
        }
    }

    /// <summary>|X[k]|² for k below <paramref name="bins"/> (at most N/2 + 1), row by row.</summary>
    [MethodImpl(Kernel)]
    public static void Power(FftTables tables, float* re, float* im, float* power, int bins)
    {
        var half = tables.Half;
        var turns = tables.Split.Start;
        fixed (int* places = tables.Places)
        {
            T z = T.Load(re), y = T.Load(im);
            T first = z + y, last = z - y;
            Squared(first + first, T.Of(0)).Store(power);
            if (half < bins)
            {
                Squared(last + last, T.Of(0)).Store(power + half * T.Width);
            }
            for (var k = 1; k <= half / 2; k++)
            {
                var (at, mirror) = (places[k] * T.Width, places[half - k] * T.Width);
                T zr = T.Load(re + at), zi = T.Load(im + at), yr = T.Load(re + mirror), yi = T.Load(im + mirror);
                T c = T.Of(turns[2 * k]), s = T.Of(turns[2 * k + 1]);
                T er = zr + yr, ei = zi - yi, or = zi + yi, oi = yr - zr;
                T tr = T.MultiplySubtract(oi, s, or * c), ti = T.MultiplyAdd(oi, c, or * s);
                if (k < bins)
                {
                    Squared(er + tr, ei + ti).Store(power + k * T.Width);
                }
                if (half - k < bins)
                {
                    Squared(er - tr, ti - ei).Store(power + (half - k) * T.Width);
                }
            }
        }
    }

    // All sizes of a stretch that stays in the first-level cache.
    private static void Near(float* twiddles, float* re, float* im, int n)
    {
        var size = n;
        for (; size > 4; size /= 4)
        {
            Pass(twiddles + FftTables.TwiddlesBelow(size / 4), re, im, size, n);
        }
        if (size == 4)
        {
            LastFour(re, im, n);
        }
        else if (size == 2)
        {
            LastTwo(re, im, n);
        }
    }

    // One radix-4 step of every transform of `size` rows among n.
    [MethodImpl(Kernel)]
    private static void Pass(float* twiddles, float* re, float* im, int size, int n)
    {
        var quarter = (nint)(size / 4) * T.Width;
        for (var start = 0; start < n; start += size, re += 4 * quarter, im += 4 * quarter)
        {
            var w = twiddles;
            for (nint at = 0; at < quarter; at += T.Width, w += 6)
            {
                float* p = re + at, q = im + at;
                T ar = T.Load(p), ai = T.Load(q), cr = T.Load(p + 2 * quarter), ci = T.Load(q + 2 * quarter);
                T sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci;
                T br = T.Load(p + quarter), bi = T.Load(q + quarter), dr = T.Load(p + 3 * quarter), di = T.Load(q + 3 * quarter);
                T ur = br + dr, ui = bi + di, vr = bi - di, vi = dr - br;   // v = −i (b − d)
                (sr + ur).Store(p);
                (si + ui).Store(q);
                StoreTurned(tr + vr, ti + vi, w, p + quarter, q + quarter);
                StoreTurned(sr - ur, si - ui, w + 2, p + 2 * quarter, q + 2 * quarter);
                StoreTurned(tr - vr, ti - vi, w + 4, p + 3 * quarter, q + 3 * quarter);
            }
        }
    }

    [MethodImpl(Kernel)]
    private static void LastFour(float* p, float* q, int n)
    {
        for (var start = 0; start < n; start += 4, p += 4 * T.Width, q += 4 * T.Width)
        {
            T ar = T.Load(p), ai = T.Load(q), cr = T.Load(p + 2 * T.Width), ci = T.Load(q + 2 * T.Width);
            T sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci;
            T br = T.Load(p + T.Width), bi = T.Load(q + T.Width), dr = T.Load(p + 3 * T.Width), di = T.Load(q + 3 * T.Width);
            T ur = br + dr, ui = bi + di, vr = bi - di, vi = dr - br;
            (sr + ur).Store(p);
            (si + ui).Store(q);
            (tr + vr).Store(p + T.Width);
            (ti + vi).Store(q + T.Width);
            (sr - ur).Store(p + 2 * T.Width);
            (si - ui).Store(q + 2 * T.Width);
            (tr - vr).Store(p + 3 * T.Width);
            (ti - vi).Store(q + 3 * T.Width);
        }
    }

    [MethodImpl(Kernel)]
    private static void LastTwo(float* p, float* q, int n)
    {
        for (var start = 0; start < n; start += 2, p += 2 * T.Width, q += 2 * T.Width)
        {
            T ar = T.Load(p), ai = T.Load(q), br = T.Load(p + T.Width), bi = T.Load(q + T.Width);
            (ar + br).Store(p);
            (ai + bi).Store(q);
            (ar - br).Store(p + T.Width);
            (ai - bi).Store(q + T.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTurned(T r, T i, float* turn, float* p, float* q)
    {
        T c = T.Of(turn[0]), s = T.Of(turn[1]);
        T.MultiplySubtract(i, s, r * c).Store(p);
        T.MultiplyAdd(i, c, r * s).Store(q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Squared(T re, T im) => T.MultiplyAdd(re, re, im * im);
}

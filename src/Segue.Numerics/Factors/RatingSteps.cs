using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Segue.Numerics.Factors;

/// <summary>The steps of <see cref="BiasedFactors"/> over the ratings of one user, once for each <see cref="VectorPath"/>.</summary>
/// <remarks>The methods call nothing that is not inlined. At d = 64 the user's factors stay in registers from rating to rating, and the rows of the items to come are fetched while one
/// is stepped: the rows of a catalogue do not fit into a core's own memory, and waiting for them is what a sweep costs.</remarks>
internal static unsafe class RatingSteps
{
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
    private const int Ahead = 6;

    /// <param name="x">x_u, d rounded up to <paramref name="stride"/>.</param>
    /// <param name="rows">y of all items.</param>
    public readonly struct Work(
        float* x, float* userBias, float* rows, float* biases, int stride, int* items, float* ratings, int count, float mean, float rate, float lambda)
    {
        public readonly float* X = x, UserBias = userBias, Rows = rows, Biases = biases, Ratings = ratings;
        public readonly int* Items = items;
        public readonly int Stride = stride, Count = count;
        public readonly float Mean = mean, Rate = rate, Lambda = lambda;
    }

    /// <summary>The formulas as they are written: the plain twin of the other two.</summary>
    public static double RunScalar(Work* work)
    {
        var (w, squares) = (*work, 0.0);
        for (var n = 0; n < w.Count; n++)
        {
            float* x = w.X, y = w.Rows + (long)w.Items[n] * w.Stride;
            ref var itemBias = ref w.Biases[w.Items[n]];
            var error = w.Ratings[n] - w.Mean - *w.UserBias - itemBias;
            for (var f = 0; f < w.Stride; f++)
            {
                error -= x[f] * y[f];
            }
            squares += error * error;
            for (var f = 0; f < w.Stride; f++)
            {
                (x[f], y[f]) = (x[f] + w.Rate * (error * y[f] - w.Lambda * x[f]), y[f] + w.Rate * (error * x[f] - w.Lambda * y[f]));
            }
            *w.UserBias += w.Rate * (error - w.Lambda * *w.UserBias);
            itemBias += w.Rate * (error - w.Lambda * itemBias);
        }
        return squares;
    }

    [MethodImpl(Kernel)]
    public static double Run256(Work* work)
    {
        var (w, squares, keep) = (*work, 0.0, Vector256.Create(1 - work->Rate * work->Lambda));
        for (var n = 0; n < w.Count; n++)
        {
            if (Sse.IsSupported && n + Ahead < w.Count)
            {
                var next = w.Rows + (long)w.Items[n + Ahead] * w.Stride;
                for (var line = 0; line < w.Stride; line += 16)
                {
                    Sse.Prefetch0(next + line);
                }
            }
            float* x = w.X, y = w.Rows + (long)w.Items[n] * w.Stride, itemBias = w.Biases + w.Items[n];
            Vector256<float> s0 = default, s1 = default;
            for (var f = 0; f < w.Stride; f += 16)
            {
                s0 = Vector256.FusedMultiplyAdd(Vector256.Load(x + f), Vector256.Load(y + f), s0);
                s1 = Vector256.FusedMultiplyAdd(Vector256.Load(x + f + 8), Vector256.Load(y + f + 8), s1);
            }
            var error = w.Ratings[n] - w.Mean - *w.UserBias - *itemBias - Vector256.Sum(s0 + s1);
            squares += error * error;
            var step = Vector256.Create(w.Rate * error);
            for (var f = 0; f < w.Stride; f += 8)
            {
                Vector256<float> before = Vector256.Load(x + f), item = Vector256.Load(y + f);
                Vector256.FusedMultiplyAdd(step, item, before * keep).Store(x + f);
                Vector256.FusedMultiplyAdd(step, before, item * keep).Store(y + f);
            }
            *w.UserBias += w.Rate * (error - w.Lambda * *w.UserBias);
            *itemBias += w.Rate * (error - w.Lambda * *itemBias);
        }
        return squares;
    }

    [MethodImpl(Kernel)]
    public static double Run64(Work* work)
    {
        float* x = work->X, rows = work->Rows, biases = work->Biases, ratings = work->Ratings;
        var (items, count, mean, rate, lambda) = ((nint)work->Items, work->Count, work->Mean, work->Rate, work->Lambda);
        var (userBias, squares, keep) = (*work->UserBias, 0.0, Vector512.Create(1 - rate * lambda));
        Vector512<float> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 16), x2 = Vector512.Load(x + 32), x3 = Vector512.Load(x + 48);
        for (var n = 0; n < count; n++)
        {
            if (n + Ahead < count)
            {
                var next = rows + ((int*)items)[n + Ahead] * 64L;
                Sse.Prefetch0(next);
                Sse.Prefetch0(next + 16);
                Sse.Prefetch0(next + 32);
                Sse.Prefetch0(next + 48);
            }
            var item = ((int*)items)[n];
            var y = rows + item * 64L;
            Vector512<float> y0 = Vector512.Load(y), y1 = Vector512.Load(y + 16), y2 = Vector512.Load(y + 32), y3 = Vector512.Load(y + 48);
            var products = Avx512F.FusedMultiplyAdd(x0, y0, x1 * y1) + Avx512F.FusedMultiplyAdd(x2, y2, x3 * y3);
            var error = ratings[n] - mean - userBias - biases[item] - Vector512.Sum(products);
            squares += error * error;
            var step = Vector512.Create(rate * error);
            Avx512F.FusedMultiplyAdd(step, x0, y0 * keep).Store(y);
            Avx512F.FusedMultiplyAdd(step, x1, y1 * keep).Store(y + 16);
            Avx512F.FusedMultiplyAdd(step, x2, y2 * keep).Store(y + 32);
            Avx512F.FusedMultiplyAdd(step, x3, y3 * keep).Store(y + 48);
            x0 = Avx512F.FusedMultiplyAdd(step, y0, x0 * keep);
            x1 = Avx512F.FusedMultiplyAdd(step, y1, x1 * keep);
            x2 = Avx512F.FusedMultiplyAdd(step, y2, x2 * keep);
            x3 = Avx512F.FusedMultiplyAdd(step, y3, x3 * keep);
            userBias += rate * (error - lambda * userBias);
            biases[item] += rate * (error - lambda * biases[item]);
        }
        x0.Store(x);
        x1.Store(x + 16);
        x2.Store(x + 32);
        x3.Store(x + 48);
        *work->UserBias = userBias;
        return squares;
    }
}

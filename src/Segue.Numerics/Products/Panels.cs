using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Segue.Numerics.Factors;

namespace Segue.Numerics.Products;

/// <summary>Copies of matrices in the order in which tiles read them.</summary>
internal static unsafe class Panels
{
    /// <summary>Lays eight rows of the left matrix out as [depth × 8]; rows that are missing are zero.</summary>
    public static void PackRows(Strided a, int rows, int depth, float* to)
    {
        if (rows == Tiles.Rows && a.RowStep == 1)
        {
            for (var k = 0; k < depth; k++)
            {
                Vector256.Load(a.Start + k * a.ColumnStep).Store(to + k * Tiles.Rows);
            }
            return;
        }
        var done = rows == Tiles.Rows && a.ColumnStep == 1 ? TurnEight(a.Start, a.RowStep, depth, to, Tiles.Rows) : 0;
        for (var k = done; k < depth; k++)
        {
            for (var i = 0; i < Tiles.Rows; i++)
            {
                to[k * Tiles.Rows + i] = i < rows ? a.Start[i * a.RowStep + k * a.ColumnStep] : 0;
            }
        }
    }

    /// <summary>Lays columns of the right matrix out as panels of [depth × 32]; columns that are missing are zero.</summary>
    /// <param name="panelStep">From one panel to the next.</param>
    public static void PackColumns(Strided b, int depth, int columns, float* to, long panelStep)
    {
        for (var from = 0; from < columns; from += Tiles.Columns, to += panelStep)
        {
            var width = Math.Min(Tiles.Columns, columns - from);
            var panel = b.From(0, from);
            if (width == Tiles.Columns && b.ColumnStep == 1)
            {
                CopyPanel(panel, depth, to);
            }
            else if (b.ColumnStep == 1)
            {
                CopyPart(panel, depth, width, to);
            }
            else
            {
                TurnPanel(panel, depth, width, to);
            }
        }
    }

    private static void CopyPanel(Strided b, int depth, float* to)
    {
        var row = b.Start;
        for (var k = 0; k < depth; k++, row += b.RowStep, to += Tiles.Columns)
        {
            Vector256<float> x0 = Vector256.Load(row), x1 = Vector256.Load(row + 8), x2 = Vector256.Load(row + 16), x3 = Vector256.Load(row + 24);
            x0.Store(to);
            x1.Store(to + 8);
            x2.Store(to + 16);
            x3.Store(to + 24);
        }
    }

    private static void CopyPart(Strided b, int depth, int width, float* to)
    {
        var whole = width & ~7;
        for (var k = 0; k < depth; k++, to += Tiles.Columns)
        {
            var row = b.Start + k * b.RowStep;
            for (var j = 0; j < Tiles.Columns; j += 8)
            {
                (j < whole ? Vector256.Load(row + j) : Vector256<float>.Zero).Store(to + j);
            }
            for (var j = whole; j < width; j++)
            {
                to[j] = row[j];
            }
        }
    }

    private static void TurnPanel(Strided b, int depth, int width, float* to)
    {
        for (var j = 0; j < Tiles.Columns; j++)
        {
            var done = 0;
            if (j % 8 == 0 && j + 8 <= width && b.RowStep == 1)
            {
                done = TurnEight(b.Start + j * b.ColumnStep, b.ColumnStep, depth, to + j, Tiles.Columns);
                for (var k = done; k < depth; k++)
                {
                    for (var n = j; n < j + 8; n++)
                    {
                        to[k * Tiles.Columns + n] = b.Start[n * b.ColumnStep + k];
                    }
                }
                j += 7;
                continue;
            }
            for (var k = 0; k < depth; k++)
            {
                to[k * Tiles.Columns + j] = j < width ? b.Start[k * b.RowStep + j * b.ColumnStep] : 0;
            }
        }
    }

    // to[k · toStep + i] = from[i · step + k] for i < 8 and k below what is returned, the greatest multiple of 8 within the depth.
    private static int TurnEight(float* from, long step, int depth, float* to, int toStep)
    {
        var end = Avx.IsSupported ? depth & ~7 : 0;
        for (var k = 0; k < end; k += 8, to += 8L * toStep)
        {
            Turn(from + k, step, to, toStep);
        }
        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* from, long step, float* to, int toStep)
    {
        // Halves of 128 bits are brought together by the loads; two rounds of unpacking then turn each 4 × 4 part.
        for (var half = 0; half < 2; half++, from += 4, to += 4L * toStep)
        {
            Vector256<float> r0 = Rows(from, from + 4 * step), r1 = Rows(from + step, from + 5 * step),
                r2 = Rows(from + 2 * step, from + 6 * step), r3 = Rows(from + 3 * step, from + 7 * step);
            Vector256<float> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1), t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
            Avx.Shuffle(t0, t2, 0x44).Store(to);
            Avx.Shuffle(t0, t2, 0xEE).Store(to + toStep);
            Avx.Shuffle(t1, t3, 0x44).Store(to + 2 * toStep);
            Avx.Shuffle(t1, t3, 0xEE).Store(to + 3 * toStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));
}

using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Products;

/// <summary>Single-precision matrix products C ← A·B and C ← C + A·B, of matrices that may lie in steps or be transposed.</summary>
/// <remarks>
/// Blocks of B are laid out as panels of 32 columns that stay in the caches while all rows of A pass over them, in tiles of 8 × 32 held in registers
/// (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008). A whose rows are near each other is read where it
/// lies: the windows of a convolution over time are such rows, one channel row apart. Each element of C is one chain of fused multiply-adds over k, in
/// order, starting from C's value: equal bits on every processor and for any split of rows and columns among threads. 2 m n k operations; one thread;
/// scratch of about 700 KiB for each thread that ever called.
/// </remarks>
public static unsafe class MatrixProduct
{
    private const int DepthBlock = 192;      // a panel, 24 KiB, stays in the first cache beside a tile's rows
    private const int RowBlock = 256;
    private const int ColumnBlock = 512;
    private const long NearRows = 512;       // floats; rows farther apart fall into the same few sets of the cache

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>C ← A·B, or C ← C + A·B.</summary>
    /// <param name="a">Shape [m × k].</param>
    /// <param name="b">Shape [k × n].</param>
    /// <param name="c">C, row-major; element (i, j) is c[i · <paramref name="rowStep"/> + j].</param>
    /// <param name="rowStep">At least n.</param>
    /// <param name="add">Adds to what C holds.</param>
    /// <exception cref="ArgumentException">The inner sides differ, or C is too small.</exception>
    public static void Multiply(MatrixView a, MatrixView b, Span<float> c, int rowStep, bool add = false)
    {
        if (a.Columns != b.Rows)
        {
            throw new ArgumentException($"A has {a.Columns} columns and B {b.Rows} rows; they must be as many.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(rowStep, b.Columns);
        if (a.Rows == 0 || b.Columns == 0)
        {
            return;
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(c.Length, (a.Rows - 1L) * rowStep + b.Columns, nameof(c));
        fixed (float* pa = a.Values, pb = b.Values, pc = c)
        {
            Run(VectorPaths.Best, a.Rows, b.Columns, a.Columns, new(pa, a.RowStep, a.ColumnStep), new(pb, b.RowStep, b.ColumnStep), pc, rowStep, add);
        }
    }

    /// <summary>C ← A·B or C + A·B for m × k, k × n, element (i, j) of C at c[i · cStep + j].</summary>
    internal static void Run(VectorPath path, int m, int n, int k, Strided a, Strided b, float* c, int cStep, bool add)
    {
        Begin(m, n, c, cStep, add);
        var scratch = _scratch ??= new();
        for (var j = 0; j < n; j += ColumnBlock)
        {
            var columns = Math.Min(ColumnBlock, n - j);
            for (var from = 0; from < k; from += DepthBlock)
            {
                var depth = Math.Min(DepthBlock, k - from);
                Panels.PackColumns(b.From(from, j), depth, columns, scratch.Right, (long)depth * Tiles.Columns);
                AddBlock(path, scratch, m, columns, depth, a.From(0, from), scratch.Right, (long)depth * Tiles.Columns, c + j, cStep);
            }
        }
        GC.KeepAlive(scratch);
    }

    /// <summary>The same with a right matrix laid out before.</summary>
    internal static void Run(VectorPath path, int m, Strided a, RightPanels b, float* c, int cStep, bool add)
    {
        Begin(m, b.Columns, c, cStep, add);
        var scratch = _scratch ??= new();
        for (var j = 0; j < b.Columns; j += ColumnBlock)
        {
            var columns = Math.Min(ColumnBlock, b.Columns - j);
            for (var from = 0; from < b.Depth; from += DepthBlock)
            {
                var right = b.Start + j / Tiles.Columns * b.PanelStep + (long)from * Tiles.Columns;
                AddBlock(path, scratch, m, columns, Math.Min(DepthBlock, b.Depth - from), a.From(0, from), right, b.PanelStep, c + j, cStep);
            }
        }
        GC.KeepAlive(scratch);
        GC.KeepAlive(b);
    }

    private static void Begin(int m, int n, float* c, int cStep, bool add)
    {
        for (var i = 0; i < m && !add; i++)
        {
            new Span<float>(c + (long)i * cStep, n).Clear();
        }
    }

    private static void AddBlock(
        VectorPath path, Scratch scratch, int m, int columns, int depth, Strided a, float* right, long panelStep, float* c, int cStep)
    {
        var inPlace = a.ColumnStep == 1 && a.RowStep <= NearRows;
        for (var from = 0; from < m; from += RowBlock)
        {
            var rows = Math.Min(RowBlock, m - from);
            for (var i = inPlace ? rows / Tiles.Rows * Tiles.Rows : 0; i < rows; i += Tiles.Rows)
            {
                Panels.PackRows(a.From(from + i, 0), Math.Min(Tiles.Rows, rows - i), depth, scratch.Left + (long)i * depth);
            }
            for (var j = 0; j < columns; j += Tiles.Columns)
            {
                var panel = right + j / Tiles.Columns * panelStep;
                for (var i = 0; i < rows; i += Tiles.Rows)
                {
                    var tile = c + (long)(from + i) * cStep + j;
                    var (height, width) = (Math.Min(Tiles.Rows, rows - i), Math.Min(Tiles.Columns, columns - j));
                    var left = inPlace && height == Tiles.Rows ? a.From(from + i, 0) : new(scratch.Left + (long)i * depth, 1, Tiles.Rows);
                    if (height == Tiles.Rows && width == Tiles.Columns)
                    {
                        Tiles.MultiplyAdd(path, left.Start, left.RowStep, left.ColumnStep, panel, Tiles.Columns, depth, tile, cStep, Tiles.Rows, Tiles.Columns);
                    }
                    else
                    {
                        AddPart(path, scratch.Tile, height, width, depth, left, panel, tile, cStep);
                    }
                }
            }
        }
    }

    // A tile that reaches over an edge of C is computed beside.
    private static void AddPart(VectorPath path, float* beside, int height, int width, int depth, Strided left, float* panel, float* tile, int cStep)
    {
        for (var i = 0; i < height; i++)
        {
            new ReadOnlySpan<float>(tile + (long)i * cStep, width).CopyTo(new(beside + i * Tiles.Columns, width));
        }
        Tiles.MultiplyAdd(
            path, left.Start, left.RowStep, left.ColumnStep, panel, Tiles.Columns, depth, beside, Tiles.Columns, Tiles.Rows, Tiles.Columns);
        for (var i = 0; i < height; i++)
        {
            new ReadOnlySpan<float>(beside + i * Tiles.Columns, width).CopyTo(new(tile + (long)i * cStep, width));
        }
    }

    private sealed class Scratch
    {
        private readonly FloatMemory _left = new(RowBlock * DepthBlock), _right = new(DepthBlock * ColumnBlock), _tile = new(Tiles.Rows * Tiles.Columns);

        public float* Left => _left.Start;
        public float* Right => _right.Start;
        public float* Tile => _tile.Start;
    }
}

using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Products;

/// <summary>Single-precision matrix products C ← A·B and C ← C + A·B, of matrices that may lie in steps or be transposed.</summary>
/// <remarks>
/// Blocks of B are laid out as panels of 32 columns that stay in the caches while all rows of A pass over them, in tiles of 8 × 32 held in registers
/// (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008). A whose rows are near each other is read where it
/// lies: the windows of a convolution over time are such rows, one channel row apart. Each element of C is one chain of fused multiply-adds over k, in
/// order, starting from C's value: equal bits on every processor and for any split of rows and columns among threads. 2 m n k operations; one thread;
/// scratch of about 400 KiB for each thread that ever called.
/// </remarks>
public static unsafe class MatrixProduct
{
    private const int DepthBlock = 128;      // a panel, 16 KiB, stays in the first cache beside a tile's rows
    private const int RowBlock = 256;
    private const int ColumnBlock = 512;
    private const int ShallowDepth = 64;
    private const long NearRows = 256;       // floats; rows farther apart fall into the same few sets of the cache

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
        for (var i = 0; i < m && k == 0 && !add; i++)
        {
            new Span<float>(c + (long)i * cStep, n).Clear();
        }
        var scratch = _scratch ??= new();
        var together = Math.Max(ColumnBlock, DepthBlock * ColumnBlock / Math.Max(k, 1) / Tiles.Columns * Tiles.Columns);   // few rows of B leave room for more columns
        for (var j = 0; j < n; j += together)
        {
            var columns = Math.Min(together, n - j);
            for (var from = 0; from < k; from += DepthBlock)
            {
                var depth = Math.Min(DepthBlock, k - from);
                Panels.PackColumns(b.From(from, j), depth, columns, scratch.Right, (long)depth * Tiles.Columns);
                new Block(path, scratch, columns, depth, scratch.Right, (long)depth * Tiles.Columns, cStep, first: from == 0 && !add).Run(m, a.From(0, from), c + j);
            }
        }
        GC.KeepAlive(scratch);
    }

    /// <summary>The same with a right matrix laid out before.</summary>
    internal static void Run(VectorPath path, int m, Strided a, RightPanels b, float* c, int cStep, bool add)
    {
        var scratch = _scratch ??= new();
        for (var j = 0; j < b.Columns; j += ColumnBlock)
        {
            var columns = Math.Min(ColumnBlock, b.Columns - j);
            for (var from = 0; from < b.Depth; from += DepthBlock)
            {
                var right = b.Start + j / Tiles.Columns * b.PanelStep + (long)from * Tiles.Columns;
                new Block(path, scratch, columns, Math.Min(DepthBlock, b.Depth - from), right, b.PanelStep, cStep, first: from == 0 && !add).Run(m, a.From(0, from), c + j);
            }
        }
        GC.KeepAlive(scratch);
        GC.KeepAlive(b);
    }

    /// <summary>A block of B that all rows of A pass over.</summary>
    /// <param name="first">Nothing was added to C yet: its tiles begin at zero.</param>
    private readonly struct Block(VectorPath path, Scratch scratch, int columns, int depth, float* right, long panelStep, int cStep, bool first)
    {
        public void Run(int m, Strided a, float* c)
        {
            var inPlace = a.ColumnStep == 1 && a.RowStep <= NearRows;
            for (var from = 0; from < m; from += RowBlock, c += (long)RowBlock * cStep)
            {
                var rows = Math.Min(RowBlock, m - from);
                for (var i = inPlace ? rows / Tiles.Rows * Tiles.Rows : 0; i < rows; i += Tiles.Rows)
                {
                    Panels.PackRows(a.From(from + i, 0), Math.Min(Tiles.Rows, rows - i), depth, scratch.Left + (long)i * depth);
                }
                // A panel stays in the first cache; where its rows are few, C is what costs, and is written in its own order.
                var byRows = depth <= ShallowDepth;
                for (var outer = 0; outer < (byRows ? rows : columns); outer += byRows ? Tiles.Rows : Tiles.Columns)
                {
                    for (var inner = 0; inner < (byRows ? columns : rows); inner += byRows ? Tiles.Columns : Tiles.Rows)
                    {
                        var (i, j) = byRows ? (outer, inner) : (inner, outer);
                        var height = Math.Min(Tiles.Rows, rows - i);
                        var left = inPlace && height == Tiles.Rows ? a.From(from + i, 0) : new(scratch.Left + (long)i * depth, 1, Tiles.Rows);
                        AddTile(left, right + j / Tiles.Columns * panelStep, c + (long)i * cStep + j, height, Math.Min(Tiles.Columns, columns - j));
                    }
                }
            }
        }

        private void AddTile(Strided left, float* panel, float* tile, int height, int width)
        {
            if (height == Tiles.Rows && width == Tiles.Columns)
            {
                Tiles.MultiplyAdd(path, left.Start, left.RowStep, left.ColumnStep, panel, Tiles.Columns, depth, tile, cStep, Tiles.Rows, Tiles.Columns, fromZero: first);
                return;
            }
            // A tile that reaches over an edge of C is computed beside.
            var beside = scratch.Tile;
            for (var i = 0; i < height && !first; i++)
            {
                new ReadOnlySpan<float>(tile + (long)i * cStep, width).CopyTo(new(beside + i * Tiles.Columns, width));
            }
            Tiles.MultiplyAdd(path, left.Start, left.RowStep, left.ColumnStep, panel, Tiles.Columns, depth, beside, Tiles.Columns, Tiles.Rows, Tiles.Columns, fromZero: first);
            for (var i = 0; i < height; i++)
            {
                new ReadOnlySpan<float>(beside + i * Tiles.Columns, width).CopyTo(new(tile + (long)i * cStep, width));
            }
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

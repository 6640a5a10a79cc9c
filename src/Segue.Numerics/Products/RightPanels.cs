using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Products;

/// <summary>The right matrix of products, laid out once for many: panels of 32 columns, the rows of a panel one after another.</summary>
internal sealed unsafe class RightPanels
{
    private readonly FloatMemory _memory = new();

    /// <summary>Rows of the matrix, the k over which products add.</summary>
    public int Depth { get; private set; }

    public int Columns { get; private set; }

    public long PanelStep => (long)Depth * Tiles.Columns;

    public float* Start => _memory.Start;

    /// <summary>Sets the shape; the rows follow by <see cref="Pack"/>.</summary>
    public void Begin(int depth, int columns)
    {
        (Depth, Columns) = (depth, columns);
        _memory.Room(PanelStep * ((columns + Tiles.Columns - 1) / Tiles.Columns));
    }

    /// <summary>Takes rows <paramref name="from"/> … of the matrix from <paramref name="rows"/>.</summary>
    public void Pack(int from, int count, Strided rows) => Panels.PackColumns(rows, count, Columns, Start + (long)from * Tiles.Columns, PanelStep);
}

namespace Segue.Numerics.Products;

/// <summary>A matrix inside other memory: element (i, j) lies at start[i · rowStep + j · columnStep]. Rows may overlap.</summary>
internal readonly unsafe struct Strided(float* start, long rowStep, long columnStep)
{
    public float* Start { get; } = start;
    public long RowStep { get; } = rowStep;
    public long ColumnStep { get; } = columnStep;

    public Strided From(long row, long column) => new(Start + row * RowStep + column * ColumnStep, RowStep, ColumnStep);
}

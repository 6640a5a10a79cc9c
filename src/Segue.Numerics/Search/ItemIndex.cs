using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Item factors made ready for finding the items of greatest inner product: see <see cref="ItemSearch"/>.</summary>
/// <remarks>
/// Items are sorted by falling norm, so that a search may stop where no later item can reach its list, and turned to the axes of their Gram matrix, so
/// that the first dimensions hold most of every product and the rest is bounded by the norms of what is left (Teflioudi, Gemulla and
/// Mykytiuk, "LEMP: Fast Retrieval of Large Entries in a Matrix Product", SIGMOD 2015; Li, Chan, Yiu and Mamoulis, "FEXIPRO", SIGMOD 2017).
/// Takes 4 (d + 3) bytes an item beside the factors, which it keeps for the last word on each score. O(n d²) to make. Immutable, for any number of threads.
/// </remarks>
public sealed unsafe class ItemIndex : IDisposable
{
    private const double LargestNorm = 1e15;          // squares and their sums stay in float32
    private readonly NativeBuffer<float> _panels;     // [panel][dimension][32]
    private readonly NativeBuffer<float> _rests;      // norm of an item beyond the first dimensions, by place

    /// <param name="items">Item factors Y, shape [items × d], d ≥ 1; not changed while the index is in use.</param>
    /// <param name="threads">Threads that make it; the result does not depend on them.</param>
    /// <param name="pruned">False computes every product: the yardstick of what bounds save, with the same lists.</param>
    /// <exception cref="ArgumentException">The factors of an item are not finite, or longer than 10¹⁵.</exception>
    /// <exception cref="TooLittleMemoryException">The index does not fit.</exception>
    public ItemIndex(DenseMatrix items, int threads = 1, bool pruned = true)
        : this(items, VectorPaths.Best, threads, pruned)
    {
    }

    internal ItemIndex(DenseMatrix items, VectorPath path, int threads = 1, bool pruned = true)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfZero(items.Columns);
        (Given, Path, Pruned) = (items, path, pruned);
        (Items, Factors) = (items.Rows, items.Columns);
        Panels = (Items + SearchTiles.Items - 1) / SearchTiles.Items;
        MemoryNeed.Require(BytesOf(Items, Factors), FormattableString.Invariant($"an index of {Items} items at d = {Factors}"));
        var norms = Norms(items, threads);
        Order = [.. Enumerable.Range(0, Items)];
        Array.Sort(Order, (a, b) => norms[b].CompareTo(norms[a]) is not 0 and var order ? order : a.CompareTo(b));
        MostNorm = Items == 0 ? 0 : norms[Order[0]];
        Axes = new(items, threads);
        Head = pruned ? HeadOf(Factors) : Factors;
        PanelNorms = new float[Panels];
        (_panels, _rests) = (new((long)Panels * Factors * SearchTiles.Items), new((long)Panels * SearchTiles.Items));
        Workers.For(Panels, threads, FillPanel);
    }

    public int Items { get; }

    /// <summary>Latent dimensions d.</summary>
    public int Factors { get; }

    /// <summary>Dimensions of the first step; the others are computed where the bound on them does not exclude a tile.</summary>
    public int Head { get; }

    /// <summary>Bytes that an index of this shape takes beside the factors.</summary>
    public static long BytesOf(long items, int factors) => (items + SearchTiles.Items) * sizeof(float) * (factors + 3L);

    public void Dispose()
    {
        _panels.Dispose();
        _rests.Dispose();
    }

    /// <summary>The factors that were given.</summary>
    internal DenseMatrix Given { get; }
    internal VectorPath Path { get; }

    /// <summary>Whether bounds are used; without, every product is computed: the yardstick.</summary>
    internal bool Pruned { get; }
    internal int Panels { get; }

    /// <summary>The item at each place: by falling norm, equal ones by item.</summary>
    internal int[] Order { get; }

    /// <summary>At least the norm of every item of a panel and of all later ones.</summary>
    internal float[] PanelNorms { get; }

    /// <summary>The greatest norm.</summary>
    internal double MostNorm { get; }

    internal PrincipalAxes Axes { get; }

    internal float* Panel(int panel) => _panels.Start + (long)panel * Factors * SearchTiles.Items;

    internal float* Rests(int panel) => _rests.Start + (long)panel * SearchTiles.Items;

    /// <summary>Length of a stretch of factors, never rounded down.</summary>
    internal static float NormUp(ReadOnlySpan<float> x) => Up(Norm(x));

    /// <summary>A value that is not negative in float32, never rounded down. Zero stays zero: a subnormal number would slow each tile.</summary>
    internal static float Up(double value) => value == 0 ? 0 : MathF.BitIncrement((float)value);

    internal static double Norm(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        foreach (var value in x)
        {
            sum += (double)value * value;
        }
        return Math.Sqrt(sum);
    }

    private static double[] Norms(DenseMatrix items, int threads)
    {
        const int Rows = 4096;
        var norms = new double[items.Rows];
        Workers.For((items.Rows + Rows - 1) / Rows, threads, piece =>
        {
            for (var item = piece * Rows; item < Math.Min(items.Rows, (piece + 1) * Rows); item++)
            {
                norms[item] = Norm(items.Row(item));
                if (!(norms[item] <= LargestNorm))
                {
                    throw new ArgumentException(FormattableString.Invariant(
                        $"The factors of item {item} have the length {norms[item]}; allowed are 0 to {LargestNorm}."), nameof(items));
                }
            }
        });
        return norms;
    }

    // Three eighths: measured best at d = 64, and flat around it. Few dimensions are not worth two steps.
    private static int HeadOf(int factors) => factors <= 16 ? factors : (3 * factors / 8 + 7) / 8 * 8;

    private void FillPanel(int panel)
    {
        var (turned, row) = (new double[Factors], new float[Factors]);
        float* start = Panel(panel), rests = Rests(panel);
        for (var n = 0; n < Math.Min(SearchTiles.Items, Items - panel * SearchTiles.Items); n++)
        {
            Axes.Turn(Given.Row(Order[panel * SearchTiles.Items + n]), turned);
            for (var f = 0; f < Factors; f++)
            {
                start[f * SearchTiles.Items + n] = row[f] = (float)turned[f];
            }
            rests[n] = NormUp(row.AsSpan(Head));
            PanelNorms[panel] = n == 0 ? NormUp(row) : PanelNorms[panel];
        }
    }
}

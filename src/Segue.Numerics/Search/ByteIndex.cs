using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Items in bytes, made ready for finding those of greatest inner product with few queries at a time: see <see cref="ByteSearch"/>.</summary>
/// <remarks>
/// Items are sorted by falling norm and lie in blocks of 64; each has codes from −63 to 63 and a scale of its own, and each block knows how far its items lie from their codes at most.
/// A fourth of the memory that float32 takes passes through the processor, and the bound on the error makes the answers exact nevertheless. From 4,096 items of 17 to 512 dimensions on
/// they are turned to the axes of their Gram matrix, so that half of the dimensions tell most of every product. Takes d + 12 bytes an item beside the factors, which it keeps for the last word on each
/// score. O(n d²), O(n d) where nothing is turned, and a sort to make. Immutable, for any number of threads.
/// </remarks>
public sealed unsafe class ByteIndex
{
    private const int FewestToTurn = 4_096, LeastToTurn = 17, MostToTurn = 512;   // items; dimensions
    private const double LargestNorm = 1e15;   // squares and their sums stay in float32
    private readonly ByteIndexParts _parts;
    private readonly PrincipalAxes? _axes;

    /// <param name="items">Item factors Y, shape [items × d], d from 1 to 65,536; not changed while the index is in use. For cosines, rows of length 1.</param>
    /// <param name="threads">Threads that make it; the result does not depend on them.</param>
    /// <exception cref="ArgumentException">The factors of an item are not finite, or longer than 10¹⁵.</exception>
    /// <exception cref="TooLittleMemoryException">The index does not fit.</exception>
    public ByteIndex(DenseMatrix items, int threads = 1)
        : this(items, VectorPaths.Best, threads)
    {
    }

    internal ByteIndex(DenseMatrix items, VectorPath path, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfZero(items.Columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Columns, 1 << 16);   // sums of products stay in 32 bits
        (Given, Path) = (items, path);
        MemoryNeed.Require(BytesOf(items.Rows, Factors), FormattableString.Invariant($"an index of {items.Rows} items at d = {Factors}"));
        var (order, norms) = Sorted(items, threads);
        _axes = items.Rows >= FewestToTurn && Factors is >= LeastToTurn and <= MostToTurn ? new(items, threads) : null;
        _parts = Room(order, Factors, _axes);
        Workers.For(Blocks, threads, block =>
        {
            BlockNorms[block] = ItemIndex.Up(norms[Order[block * ByteTiles.Items]]);
            Fill(block);
        });
    }

    /// <summary>An index that was made before, maybe in a mapped file.</summary>
    /// <param name="items">The factors that it was made of.</param>
    /// <exception cref="ArgumentException">The parts are of an index of another shape.</exception>
    public ByteIndex(DenseMatrix items, ByteIndexParts parts)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(parts);
        (Given, Path, _parts) = (items, VectorPaths.Best, parts);
        _axes = parts.Axes is null ? null : new(items.Columns, parts.Axes);
        if (Items != items.Rows || parts.BlockNorms.Length != Blocks || parts.BlockErrors.Length != Blocks
            || (parts.Codes.Length, parts.Scales.Length) != Bytes(Items, Factors) || parts.Rests.Length != parts.Scales.Length)
        {
            throw new ArgumentException($"The parts are of no index of {items.Rows} items at d = {Factors}.", nameof(parts));
        }
    }

    // Of some places of another one, whose codes and bounds they keep.
    private ByteIndex(ByteIndex whole, int[] places)
    {
        (Given, Path, _axes) = (whole.Given, whole.Path, whole._axes);
        _parts = Room(Array.ConvertAll(places, place => whole.Order[place]), Factors, _axes);
        for (var place = 0; place < places.Length; place++)
        {
            var (block, n, from, at) = (place / ByteTiles.Items, place % ByteTiles.Items, places[place] / ByteTiles.Items, places[place] % ByteTiles.Items);
            Copy(whole.Heads(from), at, Heads(block), n, HeadGroups);
            Copy(whole.Tails(from), at, Tails(block), n, Groups - HeadGroups);
            (Scales(block)[n], Rests(block)[n]) = (whole.Scales(from)[at], whole.Rests(from)[at]);
            BlockNorms[block] = n == 0 ? whole.BlockNorms[from] : BlockNorms[block];
            BlockErrors[block] = MathF.Max(BlockErrors[block], whole.BlockErrors[from]);
        }
    }

    public int Items => _parts.Order.Length;

    /// <summary>Latent dimensions d.</summary>
    public int Factors => Given.Columns;

    /// <summary>Blocks of 64 items, the last maybe not full.</summary>
    public int Blocks => (Items + ByteTiles.Items - 1) / ByteTiles.Items;

    /// <summary>What the index is made of, to be kept in a file.</summary>
    public ByteIndexParts Parts => _parts;

    /// <summary>Bytes that an index of this shape takes beside the factors.</summary>
    public static long BytesOf(long items, int factors) => (items + ByteTiles.Items) * ((factors + 3) / 4 * 4 + 12L);

    /// <summary>An index over some of the items, of this one's codes: as many bytes an item, and O(n) to make.</summary>
    /// <param name="items">In any order, each once.</param>
    public ByteIndex Part(IEnumerable<int> items)
    {
        var chosen = new bool[Given.Rows];
        foreach (var item in items)
        {
            chosen[item] = true;
        }
        return new(this, [.. Enumerable.Range(0, Items).Where(place => chosen[Order[place]])]);
    }

    /// <summary>A choice among the items, for searches that are to find no others. O(n).</summary>
    /// <param name="keep">Told an item; true lets it be found.</param>
    public ItemChoice Choose(Func<int, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var masks = new ulong[Blocks];
        for (var place = 0; place < Items; place++)
        {
            masks[place / ByteTiles.Items] |= keep(Order[place]) ? 1UL << (place % ByteTiles.Items) : 0;
        }
        return new(this, masks);
    }

    /// <summary>The factors that were given.</summary>
    internal DenseMatrix Given { get; }
    internal VectorPath Path { get; }

    /// <summary>Groups of four dimensions.</summary>
    internal int Groups => (Factors + 3) / 4;

    /// <summary>Groups of the first step; the others are computed where the bound on them does not exclude a block.</summary>
    internal int HeadGroups => _axes is null ? Groups : (Groups + 1) / 2;

    /// <summary>The item at each place: by falling norm, equal ones by item.</summary>
    internal int[] Order => _parts.Order;

    /// <summary>At least the norm of every item of a block and of all later ones.</summary>
    internal float[] BlockNorms => _parts.BlockNorms;

    /// <summary>At least the distance of every item of a block from what its codes say.</summary>
    internal float[] BlockErrors => _parts.BlockErrors;

    /// <summary>Codes of the groups of the first step: those of all blocks lie in a row, for most are read and the others are not.</summary>
    internal byte* Heads(int block) => _parts.Codes.Start + (long)block * HeadGroups * ByteTiles.GroupBytes;

    /// <summary>Codes of the groups of the second step.</summary>
    internal byte* Tails(int block) => Heads(Blocks) + (long)block * (Groups - HeadGroups) * ByteTiles.GroupBytes;

    internal float* Scales(int block) => (float*)_parts.Scales.Start + (long)block * ByteTiles.Items;

    /// <summary>At least the norm of each item of a block beyond the groups of the first step.</summary>
    internal float* Rests(int block) => (float*)_parts.Rests.Start + (long)block * ByteTiles.Items;

    /// <summary>turned ← x in the axes whose codes the index holds.</summary>
    internal void Turn(ReadOnlySpan<float> x, Span<double> turned)
    {
        if (_axes is not null)
        {
            _axes.Turn(x, turned);
            return;
        }
        for (var f = 0; f < x.Length; f++)
        {
            turned[f] = x[f];
        }
    }

    /// <summary>At least the norm of a turned row beyond the groups of the first step.</summary>
    internal float RestOf(ReadOnlySpan<double> turned)
    {
        var sum = 0.0;
        foreach (var value in turned[Math.Min(4 * HeadGroups, Factors)..])
        {
            sum += value * value;
        }
        return ItemIndex.Up(Math.Sqrt(sum) * (1 + 1e-9));
    }

    /// <summary>The places of a block that hold items.</summary>
    internal ulong Held(int block) => Items - block * ByteTiles.Items is var left && left >= ByteTiles.Items ? ulong.MaxValue : (1UL << left) - 1;

    private static (long Codes, long Floats) Bytes(int items, int factors)
    {
        var places = ((long)items + ByteTiles.Items - 1) / ByteTiles.Items * ByteTiles.Items;
        return (places * ((factors + 3) / 4) * 4, places * sizeof(float));
    }

    private static ByteIndexParts Room(int[] order, int factors, PrincipalAxes? axes)
    {
        var blocks = (order.Length + ByteTiles.Items - 1) / ByteTiles.Items;
        var (codes, floats) = Bytes(order.Length, factors);
        return new(order, new float[blocks], new float[blocks], axes?.Axes, MemoryStretch.Allocate(codes), MemoryStretch.Allocate(floats), MemoryStretch.Allocate(floats));
    }

    // The four codes of one item in each group.
    private static void Copy(byte* from, int at, byte* to, int n, int groups)
    {
        for (var group = 0; group < groups; group++)
        {
            ((int*)(to + (group * ByteTiles.GroupBytes)))[n] = ((int*)(from + (group * ByteTiles.GroupBytes)))[at];
        }
    }

    private static (int[] Order, double[] Norms) Sorted(DenseMatrix items, int threads)
    {
        const int Rows = 4096;
        var norms = new double[items.Rows];
        Workers.For((items.Rows + Rows - 1) / Rows, threads, piece =>
        {
            for (var item = piece * Rows; item < Math.Min(items.Rows, (piece + 1) * Rows); item++)
            {
                norms[item] = ItemIndex.Norm(items.Row(item));
                if (!(norms[item] <= LargestNorm))
                {
                    throw new ArgumentException(FormattableString.Invariant(
                        $"The factors of item {item} have the length {norms[item]}; allowed are 0 to {LargestNorm}."), nameof(items));
                }
            }
        });
        int[] order = [.. Enumerable.Range(0, items.Rows)];
        double[] keys = [.. norms.Select(norm => -norm)];
        Array.Sort(keys, order);
        for (var from = 0; from < order.Length;)   // equal ones by item
        {
            var to = from + 1;
            while (to < order.Length && keys[to].Equals(keys[from]))
            {
                to++;
            }
            order.AsSpan(from, to - from).Sort();
            from = to;
        }
        return (order, norms);
    }

    private void Fill(int block)
    {
        new Span<byte>(Heads(block), HeadGroups * ByteTiles.GroupBytes).Fill(ByteTiles.Offset);
        new Span<byte>(Tails(block), (Groups - HeadGroups) * ByteTiles.GroupBytes).Fill(ByteTiles.Offset);
        var row = new double[Factors];
        for (var n = 0; n < Math.Min(ByteTiles.Items, Items - block * ByteTiles.Items); n++)
        {
            Turn(Given.Row(Order[block * ByteTiles.Items + n]), row);
            Rests(block)[n] = RestOf(row);
            var most = ByteTiles.MostOf(row);
            var scale = Scales(block)[n] = most / ByteTiles.MostItemCode;
            var error = 0.0;
            for (var f = 0; f < row.Length; f++)
            {
                var code = scale > 0 ? Math.Clamp((int)Math.Round(row[f] / scale), -ByteTiles.MostItemCode, ByteTiles.MostItemCode) : 0;
                var group = f / 4 < HeadGroups ? Heads(block) + f / 4 * ByteTiles.GroupBytes : Tails(block) + (f / 4 - HeadGroups) * ByteTiles.GroupBytes;
                group[4 * n + f % 4] = (byte)(ByteTiles.Offset + code);
                var rest = row[f] - (double)scale * code;
                error += rest * rest;
            }
            BlockErrors[block] = MathF.Max(BlockErrors[block], ItemIndex.Up(Math.Sqrt(error)));
        }
    }
}

/// <summary>What an index is made of beside the factors. n items lie in blocks of 64 places.</summary>
/// <param name="Order">The item at each place, length n.</param>
/// <param name="BlockNorms">At least the norm of every item of a block and of all later ones, by block.</param>
/// <param name="BlockErrors">At least the distance of every item of a block from its codes, by block.</param>
/// <param name="Axes">What the factors are turned to, shape [d × d]; null where they are not.</param>
/// <param name="Codes">Bytes [block][group of four dimensions][64][4]: the first half of the groups of all blocks, then the others; where nothing is turned all in one.</param>
/// <param name="Scales">float32 by place.</param>
/// <param name="Rests">float32 by place: at least the norm beyond the first groups.</param>
public sealed record ByteIndexParts(
    int[] Order, float[] BlockNorms, float[] BlockErrors, double[]? Axes, MemoryStretch Codes, MemoryStretch Scales, MemoryStretch Rests);

/// <summary>Which items of an index may be found: a region's, those of a tag, new ones. Immutable, for any number of searches.</summary>
public sealed class ItemChoice
{
    internal ItemChoice(ByteIndex index, ulong[] masks) => (Index, Masks) = (index, masks);

    internal ByteIndex Index { get; }

    /// <summary>Bit n of a block's mask is its n-th place.</summary>
    internal ulong[] Masks { get; }

    /// <summary>Items of both choices.</summary>
    /// <exception cref="ArgumentException">They are of two indexes.</exception>
    public ItemChoice And(ItemChoice other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Index == Index
            ? new(Index, [.. Masks.Zip(other.Masks, (a, b) => a & b)])
            : throw new ArgumentException("The choices are of two indexes.", nameof(other));
    }
}

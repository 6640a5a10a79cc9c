namespace Segue.Events.Log;

/// <summary>Tells of most keys that were never added that they were not; of all that were, that they may have been.</summary>
/// <remarks>
/// A split block Bloom filter: a key sets one bit in each of the eight words of one block of 64 bytes, so that asking costs one cache line.
/// Putze, Sanders and Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", JEA 2009. With 10 bits a key about 1 in 80 answers is wrong.
/// One thread may add while another asks about other keys.
/// </remarks>
internal sealed class KeyFilter
{
    public const int BitsPerKey = 10;
    private const int Words = 8;
    private readonly ulong[] _words;
    private readonly ulong _blocks;

    /// <param name="keys">How many keys it shall hold at <see cref="BitsPerKey"/>.</param>
    public KeyFilter(long keys)
    {
        Capacity = keys;
        _blocks = (ulong)Math.Max(1, keys * BitsPerKey / (Words * 64));
        _words = new ulong[_blocks * Words];
    }

    public long Capacity { get; }

    public void Add(UInt128 key)
    {
        var block = BlockOf(key);
        var bits = (ulong)key;
        for (var word = 0; word < Words; word++, bits >>= 6)
        {
            block[word] |= 1UL << (int)(bits & 63);
        }
    }

    public void Prefetch(UInt128 key) => CacheLine.Prefetch(ref BlockOf(key)[0]);

    public bool MayContain(UInt128 key)
    {
        var block = BlockOf(key);
        var bits = (ulong)key;
        var isMissing = 0UL;
        for (var word = 0; word < Words; word++, bits >>= 6)
        {
            isMissing |= ~block[word] & (1UL << (int)(bits & 63));
        }
        return isMissing == 0;
    }

    private Span<ulong> BlockOf(UInt128 key) => _words.AsSpan((int)Math.BigMul((ulong)(key >> 64), _blocks, out _) * Words, Words);
}

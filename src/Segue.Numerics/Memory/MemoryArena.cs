namespace Segue.Numerics.Memory;

/// <summary>Hands out memory in parts of a few large blocks, so that many small parts lie in large pages together: where they are looked at by chance, a page of their own would cost a miss of the address cache each. Safe for any number of callers.</summary>
/// <remarks>Blocks grow from 1 MiB to 64. Nothing is handed out twice; a block goes when nobody holds a part of it.</remarks>
public sealed class MemoryArena
{
    private const long SmallestBlock = 1 << 20, LargestBlock = 64 << 20;
    private readonly Lock _gate = new();
    private MemoryStretch _block = MemoryStretch.Allocate(0);
    private long _next = SmallestBlock, _taken;

    /// <summary>A part that begins at a multiple of 64; whatever was there is in it.</summary>
    /// <param name="length">Bytes, at least 0; a quarter of the largest block or more come as a block of their own.</param>
    /// <exception cref="OutOfMemoryException">The system has not as much.</exception>
    public MemoryStretch Take(long length)
    {
        const int Line = 64;
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length >= LargestBlock / 4)
        {
            return MemoryStretch.Allocate(length, zeroed: false);
        }
        lock (_gate)
        {
            if (_block.Length - _taken < length)
            {
                (_block, _taken) = (MemoryStretch.Allocate(Math.Max(_next, length), zeroed: false), 0);
                _next = Math.Min(2 * _next, LargestBlock);
            }
            var part = _block.Slice(_taken, length);
            _taken = Math.Min(_block.Length, (_taken + length + Line - 1) / Line * Line);
            return part;
        }
    }
}

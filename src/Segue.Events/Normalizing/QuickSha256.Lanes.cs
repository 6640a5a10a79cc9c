using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Segue.Events.Log;

namespace Segue.Events.Normalizing;

/// <summary>Texts of one block each, hashed together: one in each lane of the vectors.</summary>
internal static partial class QuickSha256
{
    /// <summary>How many are hashed together.</summary>
    public const int Lanes = 16;

    /// <summary>Appends a text as one padded block; false, and nothing appended, when it needs more.</summary>
    public static bool TryPad(ReadOnlySpan<byte> text, RecordBuffer into)
    {
        if (text.Length >= BlockSize - LengthSize)
        {
            return false;
        }
        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        text.CopyTo(block);
        block[text.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockSize - LengthSize)..], (ulong)text.Length * 8);
        into.Bytes(block);
        return true;
    }

    /// <param name="blocks">At most <see cref="Lanes"/> padded blocks.</param>
    /// <param name="hashes">Receives one a block.</param>
    public static void First128(ReadOnlySpan<byte> blocks, Span<UInt128> hashes)
    {
        var count = blocks.Length / BlockSize;
        if (Avx512F.IsSupported && count > 2)   // not IsHardwareAccelerated, which is false where long use of such vectors slows the clock
        {
            CompressLanes(blocks, hashes);
            return;
        }
        Span<uint> state = stackalloc uint[8];
        for (var n = 0; n < count; n++)
        {
            Start.CopyTo(state);
            Compress(state, blocks.Slice(n * BlockSize, BlockSize));
            hashes[n] = First128(state);
        }
    }

    private static UInt128 First128(ReadOnlySpan<uint> state) => new((ulong)state[0] << 32 | state[1], (ulong)state[2] << 32 | state[3]);

    [SkipLocalsInit]   // lanes without a block are hashed, and their hashes left
    private static void CompressLanes(ReadOnlySpan<byte> blocks, Span<UInt128> hashes)
    {
        Span<uint> words = stackalloc uint[Lanes * BlockSize / sizeof(uint)];   // word t of all lanes, then word t + 1
        for (var at = 0; at < blocks.Length / sizeof(uint); at++)
        {
            words[at % 16 * Lanes + at / 16] = BinaryPrimitives.ReadUInt32BigEndian(blocks[(at * sizeof(uint))..]);
        }
        Span<Vector512<uint>> state = stackalloc Vector512<uint>[8];
        for (var n = 0; n < state.Length; n++)
        {
            state[n] = Vector512.Create(Start[n]);
        }
        Span<Vector512<uint>> w = stackalloc Vector512<uint>[16];
        for (var t = 0; t < w.Length; t++)
        {
            w[t] = Vector512.Create<uint>(words.Slice(t * Lanes, Lanes));
        }
        RoundLanes(state, w);
        for (var lane = 0; lane < blocks.Length / BlockSize; lane++)
        {
            hashes[lane] = new((ulong)state[0][lane] << 32 | state[1][lane], (ulong)state[2][lane] << 32 | state[3][lane]);
        }
    }

    private static void RoundLanes(Span<Vector512<uint>> state, Span<Vector512<uint>> w)
    {
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var t = 0; t < 64; t++)
        {
            if (t >= 16)
            {
                var (early, late) = (w[(t + 1) & 15], w[(t + 14) & 15]);
                w[t & 15] += w[(t + 9) & 15] + (Ror(early, 7) ^ Ror(early, 18) ^ (early >>> 3)) + (Ror(late, 17) ^ Ror(late, 19) ^ (late >>> 10));
            }
            var t1 = h + (Ror(e, 6) ^ Ror(e, 11) ^ Ror(e, 25)) + Vector512.ConditionalSelect(e, f, g) + Vector512.Create(RoundConstants[t]) + w[t & 15];
            var t2 = (Ror(a, 2) ^ Ror(a, 13) ^ Ror(a, 22)) + ((a & b) | (c & (a | b)));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Ror(Vector512<uint> value, [ConstantExpected] byte count)
        => Avx512F.IsSupported ? Avx512F.RotateRight(value, count) : (value >>> count) | (value << (32 - count));
}

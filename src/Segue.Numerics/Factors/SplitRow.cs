using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Segue.Numerics.Factors;

/// <summary>A row of float32 cut into two halves without loss: its bfloat16 values, and what rounding to them took away.</summary>
/// <remarks>
/// The gathers of a half-step need only the first half, so the table serves as its own bfloat16 copy. For each block of 32 floats a row holds 16 words
/// of 32 bits in its first half: word j has float j in its low and float 16 + j in its high 16 bits, so that one shift and one mask unpack two
/// vectors. A float's bits are (high &lt;&lt; 16) + low, with low a signed 16-bit number from the second half, laid out alike.
/// </remarks>
internal static unsafe class SplitRow
{
    /// <summary>Floats a block; the stride of a table is a multiple of it.</summary>
    public const int Block = 32;

    private const uint High = 0xFFFF0000;

    /// <param name="row">stride words: first half, second half.</param>
    public static void Pack(float* x, uint* row, int stride)
    {
        for (var block = 0; block < stride; block += Block)
        {
            var (a, b) = (Vector512.Load((uint*)x + block), Vector512.Load((uint*)x + block + 16));
            var (roundedA, roundedB) = (a + Vector512.Create(0x8000u), b + Vector512.Create(0x8000u));
            ((roundedA >>> 16) | (roundedB & Vector512.Create(High))).Store(row + block / 2);
            ((a & Vector512.Create(~High)) | (b << 16)).Store(row + stride / 2 + block / 2);
        }
    }

    public static void Unpack(uint* row, float* x, int stride)
    {
        for (var block = 0; block < stride; block += Block)
        {
            var (high, low) = (Vector512.Load(row + block / 2), Vector512.Load(row + stride / 2 + block / 2));
            ((high << 16) + ((low << 16).AsInt32() >> 16).AsUInt32()).Store((uint*)x + block);
            ((high & Vector512.Create(High)) + (low.AsInt32() >> 16).AsUInt32()).Store((uint*)x + block + 16);
        }
    }

    /// <summary>The bfloat16 values of a row, from its first half.</summary>
    public static void UnpackRounded(uint* row, float* x, int stride)
    {
        for (var block = 0; block < stride; block += Block)
        {
            var high = Vector512.Load(row + block / 2);
            (high << 16).Store((uint*)x + block);
            (high & Vector512.Create(High)).Store((uint*)x + block + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float First(uint word) => BitConverter.UInt32BitsToSingle(word << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Second(uint word) => BitConverter.UInt32BitsToSingle(word & High);
}

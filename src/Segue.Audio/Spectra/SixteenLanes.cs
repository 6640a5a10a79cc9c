using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Segue.Audio.Spectra;

/// <summary>Sixteen frames at once, by AVX-512.</summary>
internal readonly unsafe struct SixteenLanes(Vector512<float> value) : ILanes<SixteenLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector512<float> _value = value;

    public static int Width => 16;

    [MethodImpl(Inline)]
    public static SixteenLanes Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(Inline)]
    public void Store(float* to) => _value.Store(to);

    [MethodImpl(Inline)]
    public static SixteenLanes Of(float value) => new(Vector512.Create(value));

    [MethodImpl(Inline)]
    public static SixteenLanes operator +(SixteenLanes a, SixteenLanes b) => new(Avx512F.Add(a._value, b._value));

    [MethodImpl(Inline)]
    public static SixteenLanes operator -(SixteenLanes a, SixteenLanes b) => new(Avx512F.Subtract(a._value, b._value));

    [MethodImpl(Inline)]
    public static SixteenLanes operator *(SixteenLanes a, SixteenLanes b) => new(Avx512F.Multiply(a._value, b._value));

    [MethodImpl(Inline)]
    public static SixteenLanes MultiplyAdd(SixteenLanes a, SixteenLanes b, SixteenLanes c)
        => new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(Inline)]
    public static SixteenLanes MultiplySubtract(SixteenLanes a, SixteenLanes b, SixteenLanes c)
        => new(Avx512F.FusedMultiplyAddNegated(a._value, b._value, c._value));

    [MethodImpl(Inline)]
    public static SixteenLanes Max(SixteenLanes a, SixteenLanes b) => new(Avx512F.Max(a._value, b._value));

    [MethodImpl(Inline)]
    public static SixteenLanes Sqrt(SixteenLanes a) => new(Avx512F.Sqrt(a._value));

    [MethodImpl(Inline)]
    public static SixteenLanes IsLess(SixteenLanes a, SixteenLanes b)
        => new(Vector512.LessThan(a._value, b._value) & Vector512.Create(1f));

    [MethodImpl(Inline)]
    public static SixteenLanes Split(SixteenLanes a, out SixteenLanes exponent)
    {
        var bits = a._value.AsInt32();
        var power = Avx512F.ShiftRightArithmetic(Avx512F.Subtract(bits, Vector512.Create(LogarithmTerms.RootOfHalf)), 23);
        exponent = new(Avx512F.ConvertToVector512Single(power));
        return new(Avx512F.Subtract(bits, Avx512F.ShiftLeftLogical(power, 23)).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void LoadColumns(float** rows, nint at, out SixteenLanes a, out SixteenLanes b, out SixteenLanes c, out SixteenLanes d)
        => Transpose(Quarters(rows, at), Quarters(rows + 1, at), Quarters(rows + 2, at), Quarters(rows + 3, at), out a, out b, out c, out d);

    [MethodImpl(Inline)]
    public static void StoreColumns(SixteenLanes a, SixteenLanes b, SixteenLanes c, SixteenLanes d, float* to, nint stride, int count)
    {
        Transpose(a._value, b._value, c._value, d._value, out a, out b, out c, out d);
        for (var left = count; left > 0; left -= 4, to += 4 * stride)
        {
            a._value.GetLower().GetLower().Store(to);
            if (left > 1)
            {
                b._value.GetLower().GetLower().Store(to + stride);
            }
            if (left > 2)
            {
                c._value.GetLower().GetLower().Store(to + 2 * stride);
            }
            if (left > 3)
            {
                d._value.GetLower().GetLower().Store(to + 3 * stride);
            }
            (a, b, c, d) = (Turned(a), Turned(b), Turned(c), Turned(d));
        }
    }

    // Four floats of rows 0, 4, 8 and 12.
    [MethodImpl(Inline)]
    private static Vector512<float> Quarters(float** rows, nint at)
    {
        var low = Avx.InsertVector128(Vector128.Load(rows[0] + at).ToVector256Unsafe(), Vector128.Load(rows[4] + at), 1);
        var high = Avx.InsertVector128(Vector128.Load(rows[8] + at).ToVector256Unsafe(), Vector128.Load(rows[12] + at), 1);
        return Avx512F.InsertVector256(low.ToVector512Unsafe(), high, 1);
    }

    // 4 × 4 in each quarter.
    [MethodImpl(Inline)]
    private static void Transpose(
        Vector512<float> r0, Vector512<float> r1, Vector512<float> r2, Vector512<float> r3,
        out SixteenLanes a, out SixteenLanes b, out SixteenLanes c, out SixteenLanes d)
    {
        Vector512<float> low = Avx512F.UnpackLow(r0, r1), high = Avx512F.UnpackHigh(r0, r1);
        Vector512<float> low2 = Avx512F.UnpackLow(r2, r3), high2 = Avx512F.UnpackHigh(r2, r3);
        a = new(Avx512F.Shuffle(low, low2, 0x44));
        b = new(Avx512F.Shuffle(low, low2, 0xEE));
        c = new(Avx512F.Shuffle(high, high2, 0x44));
        d = new(Avx512F.Shuffle(high, high2, 0xEE));
    }

    [MethodImpl(Inline)]
    private static SixteenLanes Turned(SixteenLanes a) => new(Avx512F.Shuffle4x128(a._value, a._value, 0x39));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Segue.Audio.Spectra;

/// <summary>Eight frames at once, by AVX; two vectors of four on ARM.</summary>
internal readonly unsafe struct EightLanes(Vector256<float> value) : ILanes<EightLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector256<float> _value = value;

    public static int Width => 8;

    [MethodImpl(Inline)]
    public static EightLanes Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(Inline)]
    public void Store(float* to) => _value.Store(to);

    [MethodImpl(Inline)]
    public static EightLanes Of(float value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static EightLanes operator +(EightLanes a, EightLanes b) => new(a._value + b._value);

    [MethodImpl(Inline)]
    public static EightLanes operator -(EightLanes a, EightLanes b) => new(a._value - b._value);

    [MethodImpl(Inline)]
    public static EightLanes operator *(EightLanes a, EightLanes b) => new(a._value * b._value);

    [MethodImpl(Inline)]
    public static EightLanes MultiplyAdd(EightLanes a, EightLanes b, EightLanes c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(Inline)]
    public static EightLanes MultiplySubtract(EightLanes a, EightLanes b, EightLanes c)
        => new(Vector256.FusedMultiplyAdd(-a._value, b._value, c._value));

    [MethodImpl(Inline)]
    public static EightLanes Max(EightLanes a, EightLanes b) => new(Vector256.MaxNative(a._value, b._value));

    [MethodImpl(Inline)]
    public static EightLanes Sqrt(EightLanes a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(Inline)]
    public static EightLanes IsLess(EightLanes a, EightLanes b) => new(Vector256.LessThan(a._value, b._value) & Vector256.Create(1f));

    [MethodImpl(Inline)]
    public static EightLanes Split(EightLanes a, out EightLanes exponent)
    {
        var bits = a._value.AsInt32();
        var power = (bits - Vector256.Create(LogarithmTerms.RootOfHalf)) >> 23;
        exponent = new(Vector256.ConvertToSingle(power));
        return new((bits - (power << 23)).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void LoadColumns(float** rows, nint at, out EightLanes a, out EightLanes b, out EightLanes c, out EightLanes d)
        => Transpose(Halves(rows, at), Halves(rows + 1, at), Halves(rows + 2, at), Halves(rows + 3, at), out a, out b, out c, out d);

    [MethodImpl(Inline)]
    public static void StoreColumns(EightLanes a, EightLanes b, EightLanes c, EightLanes d, float* to, nint stride, int count)
    {
        Transpose(a._value, b._value, c._value, d._value, out a, out b, out c, out d);
        for (var left = count; left > 0; left -= 4, to += 4 * stride)
        {
            a._value.GetLower().Store(to);
            if (left > 1)
            {
                b._value.GetLower().Store(to + stride);
            }
            if (left > 2)
            {
                c._value.GetLower().Store(to + 2 * stride);
            }
            if (left > 3)
            {
                d._value.GetLower().Store(to + 3 * stride);
            }
            (a, b, c, d) = (Upper(a), Upper(b), Upper(c), Upper(d));
        }
    }

    // Four floats of rows 0 and 4.
    [MethodImpl(Inline)]
    private static Vector256<float> Halves(float** rows, nint at) => Vector256.Create(Vector128.Load(rows[0] + at), Vector128.Load(rows[4] + at));

    // 4 × 4 in each half.
    [MethodImpl(Inline)]
    private static void Transpose(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        out EightLanes a, out EightLanes b, out EightLanes c, out EightLanes d)
    {
        Vector256<float> low = UnpackLow(r0, r1), high = UnpackHigh(r0, r1), low2 = UnpackLow(r2, r3), high2 = UnpackHigh(r2, r3);
        a = new(UnpackLow(low.AsDouble(), low2.AsDouble()).AsSingle());
        b = new(UnpackHigh(low.AsDouble(), low2.AsDouble()).AsSingle());
        c = new(UnpackLow(high.AsDouble(), high2.AsDouble()).AsSingle());
        d = new(UnpackHigh(high.AsDouble(), high2.AsDouble()).AsSingle());
    }

    [MethodImpl(Inline)]
    private static EightLanes Upper(EightLanes a) => new(a._value.GetUpper().ToVector256Unsafe());

    [MethodImpl(Inline)]
    private static Vector256<float> UnpackLow(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackLow(a, b)
        : Vector256.Create(AdvSimd.Arm64.ZipLow(a.GetLower(), b.GetLower()), AdvSimd.Arm64.ZipLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(Inline)]
    private static Vector256<float> UnpackHigh(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a, b)
        : Vector256.Create(AdvSimd.Arm64.ZipHigh(a.GetLower(), b.GetLower()), AdvSimd.Arm64.ZipHigh(a.GetUpper(), b.GetUpper()));

    [MethodImpl(Inline)]
    private static Vector256<double> UnpackLow(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.UnpackLow(a, b)
        : Vector256.Create(AdvSimd.Arm64.ZipLow(a.GetLower(), b.GetLower()), AdvSimd.Arm64.ZipLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(Inline)]
    private static Vector256<double> UnpackHigh(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a, b)
        : Vector256.Create(AdvSimd.Arm64.ZipHigh(a.GetLower(), b.GetLower()), AdvSimd.Arm64.ZipHigh(a.GetUpper(), b.GetUpper()));
}

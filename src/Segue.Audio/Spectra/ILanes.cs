using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Segue.Audio.Spectra;

/// <summary>As many floats as the processor treats at once, one of each frame: what kernels of spectra are written in.</summary>
/// <remarks>Every lane is a frame of its own and each operation rounds once, so all widths give equal bits.</remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Width { get; }

    /// <summary>From an address that is a multiple of the width's bytes.</summary>
    static abstract TSelf Load(float* from);

    void Store(float* to);

    static abstract TSelf Of(float value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c − a · b, rounded once.</summary>
    static abstract TSelf MultiplySubtract(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>1 where a &lt; b, else 0.</summary>
    static abstract TSelf IsLess(TSelf a, TSelf b);

    /// <summary>Positive normal numbers as mantissa · 2^exponent, the mantissa in [√½, √2).</summary>
    static abstract TSelf Split(TSelf a, out TSelf exponent);

    /// <summary>Four columns of a matrix whose row l is at rows[l] + at, for each lane l.</summary>
    static abstract void LoadColumns(float** rows, nint at, out TSelf a, out TSelf b, out TSelf c, out TSelf d);

    /// <summary>The reverse: to + l · stride receives lane l of a, b, c and d, for each lane l below <paramref name="count"/>.</summary>
    static abstract void StoreColumns(TSelf a, TSelf b, TSelf c, TSelf d, float* to, nint stride, int count);
}

/// <summary>How many frames kernels of spectra treat at once.</summary>
internal enum LaneWidth
{
    /// <summary>No vectors.</summary>
    One = 1,

    /// <summary>On any processor with vectors.</summary>
    Eight = 8,

    /// <summary>Needs AVX-512.</summary>
    Sixteen = 16,
}

internal static class LaneWidths
{
    /// <summary>The widest that this processor has.</summary>
    public static LaneWidth Best { get; } =
        Has(LaneWidth.Sixteen) ? LaneWidth.Sixteen
        : Has(LaneWidth.Eight) ? LaneWidth.Eight
        : LaneWidth.One;

    public static bool Has(LaneWidth width) => width switch
    {
        // Not Vector512.IsHardwareAccelerated: that is false on the first processors with AVX-512, which these kernels gain from too.
        LaneWidth.Sixteen => Avx512F.IsSupported && Avx512DQ.IsSupported,
        // Without fused multiply-add each of them is a call, and vectors save nothing.
        LaneWidth.Eight => Fma.IsSupported || AdvSimd.Arm64.IsSupported,
        _ => true,
    };
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Segue.Numerics.Factors;

/// <summary>Which instructions a kernel uses. Paths add in different orders, so equal bytes need equal paths.</summary>
internal enum VectorPath
{
    /// <summary>No vectors: the plain twin of the other two.</summary>
    Scalar,

    /// <summary>Eight floats at a time, on any processor.</summary>
    Vector256,

    /// <summary>Sixteen floats at a time; needs AVX-512.</summary>
    Vector512,
}

internal static class VectorPaths
{
    /// <summary>The widest that this processor has.</summary>
    public static VectorPath Best { get; } =
        Has(VectorPath.Vector512) ? VectorPath.Vector512
        : Has(VectorPath.Vector256) ? VectorPath.Vector256
        : VectorPath.Scalar;

    public static bool Has(VectorPath path) => path switch
    {
        // Not Vector512.IsHardwareAccelerated: that is false on the first processors with AVX-512, which these kernels gain from too.
        VectorPath.Vector512 => Avx512F.IsSupported && Avx512DQ.IsSupported,
        VectorPath.Vector256 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}

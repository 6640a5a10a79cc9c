using System.Runtime.InteropServices;

namespace Segue.Benchmarks.Sound;

/// <summary>The library that products are compared with, where it is installed; its work runs on the calling thread.</summary>
internal static class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101, AsIs = 111, Transposed = 112;

    public static bool IsPresent { get; } = Prepare();

    /// <summary>C ← A·B or Aᵀ·B, all row-major without gaps.</summary>
    /// <param name="turned">A is given as [k × m].</param>
    public static void Multiply(int m, int n, int k, float[] a, bool turned, float[] b, float[] c)
        => Multiply(RowMajor, turned ? Transposed : AsIs, AsIs, m, n, k, 1, a, turned ? m : k, b, n, 0, c, n);

    private static bool Prepare()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return false;
        }
        SetThreads(1);
        return true;
    }

    [DllImport(Library, EntryPoint = "openblas_set_num_threads")]
    private static extern void SetThreads(int threads);

    [DllImport(Library, EntryPoint = "cblas_sgemm")]
    private static extern void Multiply(
        int order, int turnA, int turnB, int m, int n, int k, float alpha, float[] a, int aStep, float[] b, int bStep, float beta, float[] c, int cStep);
}

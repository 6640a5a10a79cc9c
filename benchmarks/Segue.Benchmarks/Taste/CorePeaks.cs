using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Segue.Numerics;

namespace Segue.Benchmarks.Taste;

/// <summary>What one core of this machine does at best while the benchmark runs: the limits that its figures are compared with.</summary>
internal static class CorePeaks
{
    /// <param name="Flops">Fused multiply-adds of float32 in registers, two operations each, a second.</param>
    /// <param name="ReadBytes">Bytes read in order from 128 MiB, a second.</param>
    /// <param name="RandomRows">Rows of 128 bytes gathered at random from 25 MiB, a second.</param>
    internal sealed record Peaks(double Flops, double ReadBytes, double RandomRows);

    public static Peaks Measure() => new(Best(Flops), Best(ReadInOrder), Best(GatherAtRandom));

    public static double CpuSeconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    private static double Best(Func<double> measure) => Enumerable.Range(0, 6).Max(_ => measure());

    private static double Flops()
    {
        const int Rounds = 20_000_000;
        var before = CpuSeconds();
        var sum = Chains(Rounds, 0.5f);
        var seconds = CpuSeconds() - before;
        return float.IsFinite(sum) ? Rounds * 10.0 * 16 * 2 / seconds : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains(int rounds, float value)
    {
        var q = Vector512.Create(value);
        Vector512<float> a = q, b = q, c = q, d = q, e = q, f = q, g = q, h = q, i = q, j = q;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, q, q);
            b = Vector512.FusedMultiplyAdd(b, q, q);
            c = Vector512.FusedMultiplyAdd(c, q, q);
            d = Vector512.FusedMultiplyAdd(d, q, q);
            e = Vector512.FusedMultiplyAdd(e, q, q);
            f = Vector512.FusedMultiplyAdd(f, q, q);
            g = Vector512.FusedMultiplyAdd(g, q, q);
            h = Vector512.FusedMultiplyAdd(h, q, q);
            i = Vector512.FusedMultiplyAdd(i, q, q);
            j = Vector512.FusedMultiplyAdd(j, q, q);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    private static double ReadInOrder()
    {
        var memory = new long[16 << 20];
        memory.AsSpan().Fill(1);
        var before = CpuSeconds();
        var sum = Vector512<long>.Zero;
        for (var at = 0; at < memory.Length; at += 8)
        {
            sum += Vector512.LoadUnsafe(ref memory[at]);
        }
        return Vector512.Sum(sum) == memory.Length ? memory.Length * 8.0 / (CpuSeconds() - before) : 0;
    }

    private static double GatherAtRandom()
    {
        const int Rows = 200_000, Picks = 4_000_000;
        var table = new Vector512<int>[2 * Rows];
        table.AsSpan().Fill(Vector512.Create(-1));   // memory never written is all one page
        table.AsSpan().Clear();
        var random = new SeededRandom(1);
        var picks = new int[Picks];
        foreach (ref var pick in picks.AsSpan())
        {
            pick = random.NextInt(Rows);
        }
        var before = CpuSeconds();
        var sum = Vector512<int>.Zero;
        foreach (var pick in picks)
        {
            sum += table[2 * pick] + table[2 * pick + 1];   // independent reads: the core runs ahead by itself
        }
        return Vector512.Sum(sum) == 0 ? Picks / (CpuSeconds() - before) : 0;
    }
}

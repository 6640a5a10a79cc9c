using BenchmarkDotNet.Attributes;
using Segue.Numerics;

namespace Segue.Benchmarks;

/// <summary>The dot product that scoring and training rest on, against a plain loop. 2 flops an element.</summary>
public class KernelBenchmarks
{
    private const int Rows = 1000;
    private float[] _table = [];
    private float[] _query = [];

    [Params(32, 64, 128)]
    public int Dimensions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(1);
        _table = [.. Enumerable.Range(0, Rows * Dimensions).Select(_ => (float)random.NextNormal())];
        _query = [.. Enumerable.Range(0, Dimensions).Select(_ => (float)random.NextNormal())];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public float PlainLoop()
    {
        var sum = 0f;
        for (var row = 0; row < Rows; row++)
        {
            for (var f = 0; f < Dimensions; f++)
            {
                sum += _table[row * Dimensions + f] * _query[f];
            }
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public float Dot()
    {
        var sum = 0f;
        for (var row = 0; row < Rows; row++)
        {
            sum += Vectors.Dot(_table.AsSpan(row * Dimensions, Dimensions), _query);
        }
        return sum;
    }
}

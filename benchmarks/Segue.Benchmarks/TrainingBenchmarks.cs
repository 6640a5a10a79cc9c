using BenchmarkDotNet.Attributes;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Benchmarks;

/// <summary>One sweep of exact implicit ALS over seeded data: 20,000 users × 10,000 items, 1 million draws of power-law items.</summary>
public class TrainingBenchmarks
{
    private TrainingSet _data = null!;

    [Params(32, 64)]
    public int Factors { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        const int Users = 20_000, Items = 10_000, Draws = 1_000_000;
        var popularity = new AliasTable([.. Enumerable.Range(1, Items).Select(rank => Math.Pow(rank, -0.9))]);
        var random = new SeededRandom(1);
        var elements = new List<(int, int, float)>(Draws);
        for (var n = 0; n < Draws; n++)
        {
            elements.Add((random.NextInt(Users), popularity.Draw(ref random), 1f));
        }
        _data = new(CsrMatrix.FromTriplets(Users, Items, elements));
    }

    [Benchmark]
    public IRecommenderModel Sweep()
        => ModelKinds.Get("als").Trainer(new Dictionary<string, double> { ["factors"] = Factors, ["sweeps"] = 1 }).Train(_data, new(1, Threads));
}

using BenchmarkDotNet.Attributes;
using Segue.Events.Geography;
using Segue.Numerics;

namespace Segue.Benchmarks;

/// <summary>Coordinates to city: 10,000 points a call, one thread. Exact: the tests compare it with a scan of all places.</summary>
public class GeographyBenchmarks
{
    private const int Points = 10_000;

    private readonly (double Latitude, double Longitude)[] _points = new (double, double)[Points];

    /// <summary>Near places, as people are; or even over the sphere, mostly in the sea.</summary>
    [Params(true, false)]
    public bool NearPlaces { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(1);
        var places = PlaceIndex.Shared.Places;
        for (var i = 0; i < Points; i++)
        {
            var place = places[random.NextInt(places.Count)];
            _points[i] = NearPlaces
                ? (Math.Clamp(place.Latitude + random.NextDouble() - 0.5, -90, 90), Math.Clamp(place.Longitude + random.NextDouble() - 0.5, -180, 180))
                : (Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI, (random.NextDouble() * 360) - 180);
        }
    }

    [Benchmark(OperationsPerInvoke = Points)]
    public long Nearest()
    {
        var sum = 0L;
        foreach (var (latitude, longitude) in _points)
        {
            sum += PlaceIndex.Shared.Nearest(latitude, longitude, maxKilometers: 500)?.Place.GeonameId ?? 0;
        }
        return sum;
    }
}

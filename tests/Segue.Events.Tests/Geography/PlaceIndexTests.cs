using Segue.Events.Geography;

namespace Segue.Events.Tests.Geography;

public sealed class PlaceIndexTests
{
    private static readonly (double Latitude, double Longitude)[] HardPoints =
        [(90, 0), (90, 180), (-90, 0), (-90, -135), (0, 180), (0, -180), (52, 179.99), (52, -179.99), (-17.5, 180), (0, 0), (66, -180)];

    /// <summary>SEGUE_LONG_TESTS=1 asks for 100,000 points.</summary>
    [Fact]
    public void Nearest_place_equals_that_of_a_scan_of_all_places_to_the_bit()
    {
        var points = Environment.GetEnvironmentVariable("SEGUE_LONG_TESTS") == "1" ? 100_000 : 4_000;
        var places = PlaceIndex.Shared.Places;
        var onSphere = places.Select(place => OnSphere(place.Latitude, place.Longitude)).ToArray();

        foreach (var (latitude, longitude) in HardPoints.Concat(Points(points)))
        {
            var nearest = PlaceIndex.Shared.Nearest(latitude, longitude)!.Value;
            var (place, chordSquared) = Scan(onSphere, OnSphere(latitude, longitude));
            Assert.Equal((places[place], chordSquared), (nearest.Place, nearest.ChordSquared));
        }
    }

    [Fact]
    public void Of_places_at_one_spot_the_smaller_id_wins_and_empty_and_tiny_trees_answer()
    {
        Assert.Equal(-1, new SphereTree([], []).Nearest(1, 1, SphereTree.Everywhere).Point);
        Assert.Equal(0, new SphereTree([5], [5]).Nearest(-5, -175, SphereTree.Everywhere).Point);
        for (var count = 1; count <= 70; count++)
        {
            Assert.Equal(0, new SphereTree(Enumerable.Repeat(10d, count).ToArray(), Enumerable.Repeat(20d, count).ToArray()).Nearest(11, 20, SphereTree.Everywhere).Point);
        }
    }

    [Fact]
    public void Poles_are_one_point_whatever_the_longitude()
    {
        var tree = new SphereTree([80, 85], [0, 180]);

        Assert.All(Enumerable.Range(-180, 361), longitude => Assert.Equal(1, tree.Nearest(90, longitude, SphereTree.Everywhere).Point));
    }

    [Fact]
    public void Date_line_is_no_border()
        => Assert.Equal(1, new SphereTree([0, 0], [170, -179]).Nearest(0, 179, SphereTree.Everywhere).Point);

    [Theory]
    [InlineData(35.99, -78.90, "US", "US.NC", "Durham")]
    [InlineData(40.7128, -74.0060, "US", "US.NY", "New York City")]
    [InlineData(47.3769, 8.5417, "CH", "CH.ZH", "Zürich")]
    [InlineData(-33.86, 151.21, "AU", "AU.02", "Sydney")]
    [InlineData(22.3193, 114.1694, "HK", null, null)]
    public void Known_points_lie_where_they_lie(double latitude, double longitude, string country, string? area, string? city)
    {
        var region = PlaceIndex.Shared.Nearest(latitude, longitude)!.Value.Place.Region;

        Assert.Equal(country, region.Country);
        Assert.True(area is null || area == region.Area, region.ToString());
        Assert.True(city is null || city == region.City, region.ToString());
    }

    [Fact]
    public void Distance_is_the_great_circle()
    {
        var here = PlaceIndex.Shared.Find("London, United Kingdom")!.Place!;

        Assert.Equal(0, PlaceIndex.Shared.Nearest(here.Latitude, here.Longitude)!.Value.Kilometers);
        var oneDegree = new NearestPlace(here, ChordSquared(1));
        Assert.Equal(111.195, oneDegree.Kilometers, 0.001);   // a degree of the meridian: π/180 · 6371.0088 km
    }

    [Fact]
    public void Places_beyond_the_largest_distance_are_not_taken()
    {
        var (latitude, longitude) = (-48.8767, -123.3933);   // Point Nemo, the place in the ocean furthest from land

        var nearest = PlaceIndex.Shared.Nearest(latitude, longitude)!.Value;

        Assert.True(nearest.Kilometers > 2_600, $"{nearest.Kilometers} km");
        Assert.Null(PlaceIndex.Shared.Nearest(latitude, longitude, nearest.Kilometers - 0.001));
        Assert.Equal(nearest, PlaceIndex.Shared.Nearest(latitude, longitude, nearest.Kilometers + 0.001));
    }

    [Theory]
    [InlineData(90.01, 0)]
    [InlineData(0, 180.01)]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NegativeInfinity)]
    public void Coordinates_out_of_range_are_refused_without_telling_them(double latitude, double longitude)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => PlaceIndex.Shared.Nearest(latitude, longitude));

        Assert.DoesNotContain("01", refused.Message, StringComparison.Ordinal);
    }

    private static double ChordSquared(double degrees) => Math.Pow(2 * Math.Sin(degrees * Math.PI / 360), 2);

    private static IEnumerable<(double Latitude, double Longitude)> Points(int count)
    {
        // Golden-angle spiral: even over the sphere, and never the same twice.
        for (var i = 0; i < count; i++)
        {
            var z = 1 - (((2 * i) + 1d) / count);
            yield return (Math.Asin(z) * 180 / Math.PI, ((i * 137.50776405003785) % 360) - 180);
        }
    }

    private static (double X, double Y, double Z) OnSphere(double latitude, double longitude)
    {
        var (phi, lambda) = (latitude * (Math.PI / 180), longitude * (Math.PI / 180));
        var ((sinPhi, cosPhi), (sinLambda, cosLambda)) = (Math.SinCos(phi), Math.SinCos(lambda));
        return (cosPhi * cosLambda, cosPhi * sinLambda, sinPhi);
    }

    private static (int Place, double ChordSquared) Scan((double X, double Y, double Z)[] places, (double X, double Y, double Z) from)
    {
        var (nearest, best) = (-1, double.PositiveInfinity);
        for (var i = 0; i < places.Length; i++)
        {
            var (x, y, z) = (places[i].X - from.X, places[i].Y - from.Y, places[i].Z - from.Z);
            var square = (x * x) + (y * y) + (z * z);
            if (square < best)
            {
                (nearest, best) = (i, square);
            }
        }
        return (nearest, best);
    }
}

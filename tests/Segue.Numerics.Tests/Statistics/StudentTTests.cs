using Segue.Numerics.Statistics;

namespace Segue.Numerics.Tests.Statistics;

public sealed class StudentTTests
{
    [Theory]
    [InlineData(0.975, 1, 12.7062047362)]
    [InlineData(0.975, 2, 4.30265272991)]
    [InlineData(0.975, 4, 2.77644510520)]
    [InlineData(0.975, 10, 2.22813885196)]
    [InlineData(0.975, 30, 2.04227245630)]
    [InlineData(0.95, 5, 2.01504837333)]
    [InlineData(0.995, 9, 3.24983554402)]
    public void Quantiles_are_those_of_the_tables(double probability, double degrees, double expected)
    {
        Assert.Equal(expected, StudentT.Quantile(probability, degrees), 1e-8);
        Assert.Equal(-expected, StudentT.Quantile(1 - probability, degrees), 1e-8);
        Assert.Equal(probability, StudentT.Cumulative(expected, degrees), 1e-10);
    }

    [Fact]
    public void One_and_two_degrees_have_closed_forms()
    {
        for (var t = -20.0; t <= 20; t += 0.37)
        {
            Assert.Equal(0.5 + Math.Atan(t) / Math.PI, StudentT.Cumulative(t, 1), 1e-12);
            Assert.Equal(0.5 + t / (2 * Math.Sqrt(2 + t * t)), StudentT.Cumulative(t, 2), 1e-12);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(29)]
    [InlineData(200)]
    public void The_distribution_is_symmetric_and_never_falls(double degrees)
    {
        var before = 0.0;
        for (var t = -30.0; t <= 30; t += 0.25)
        {
            var here = StudentT.Cumulative(t, degrees);
            Assert.Equal(1, here + StudentT.Cumulative(-t, degrees), 1e-12);
            Assert.True(here >= before - 1e-15);
            before = here;
        }
        Assert.Equal(0.5, StudentT.Cumulative(0, degrees), 1e-12);
        Assert.Equal((0, 1), (StudentT.Cumulative(double.NegativeInfinity, degrees), StudentT.Cumulative(double.PositiveInfinity, degrees)));
    }

    [Fact]
    public void Many_degrees_approach_the_normal_distribution()
        => Assert.Equal(1.959963985, StudentT.Quantile(0.975, 1e6), 1e-5);

    [Fact]
    public void A_quantile_inverts_the_distribution()
    {
        foreach (var degrees in new[] { 1.0, 2.5, 7, 100 })
        {
            foreach (var probability in new[] { 0.001, 0.2, 0.5, 0.77, 0.9999 })
            {
                Assert.Equal(probability, StudentT.Cumulative(StudentT.Quantile(probability, degrees), degrees), 1e-10);
            }
        }
    }

    [Fact]
    public void Arguments_outside_their_range_are_refused()
    {
        Assert.All([0, 1, -0.1, double.NaN], p => Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(p, 3)));
        Assert.All([0, -1, double.NaN], df => Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Cumulative(1, df)));
    }
}

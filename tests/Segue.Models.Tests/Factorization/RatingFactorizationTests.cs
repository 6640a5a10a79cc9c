using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Tests.Factorization;

public sealed class RatingFactorizationTests
{
    private const int Users = 300, Items = 120;
    private const double Noise = 0.2;

    /// <summary>Ratings of two planted dimensions and biases around 3, with noise; every fifth is held out.</summary>
    private static (CsrMatrix Known, List<(int User, int Item, float Rating)> HeldOut) Planted()
    {
        var random = new SeededRandom(11);
        var (users, items) = (Draw(Users, ref random), Draw(Items, ref random));
        var (known, heldOut) = (new List<(int, int, float)>(), new List<(int, int, float)>());
        for (var user = 0; user < Users; user++)
        {
            for (var item = 0; item < Items; item++)
            {
                if (random.NextBool(0.5))
                {
                    var (x, y) = (users[user], items[item]);
                    var rating = 3 + x[2] / 2 + y[2] / 2 + x[0] * y[0] + x[1] * y[1] + Noise * random.NextNormal();
                    (random.NextBool(0.2) ? heldOut : known).Add((user, item, (float)rating));
                }
            }
        }
        return (CsrMatrix.FromTriplets(Users, Items, known), heldOut);
    }

    private static double[][] Draw(int count, ref SeededRandom random)
    {
        var rows = new double[count][];
        foreach (ref var row in rows.AsSpan())
        {
            row = [random.NextNormal(), random.NextNormal(), random.NextNormal()];
        }
        return rows;
    }

    private static double Error(BiasedFactors factors, List<(int User, int Item, float Rating)> ratings)
        => Math.Sqrt(ratings.Average(r => Math.Pow(r.Rating - factors.Predict(r.User, r.Item), 2)));

    private static RatingOptions Options { get; } = new(Factors: 6, Sweeps: 60, Rate: 0.03, Decay: 0.96, Lambda: 0.02);

    private static BiasedFactors Train(RatingOptions options, CsrMatrix ratings, ulong seed = 1)
        => new RatingFactorization(options).Train(ratings, seed, cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public void Planted_ratings_are_predicted_nearly_as_well_as_their_noise_lets_one()
    {
        var (known, heldOut) = Planted();
        var met = new List<double>();

        using var factors = new RatingFactorization(Options).Train(known, 1, (sweep, error) => met.Add(error), TestContext.Current.CancellationToken);

        Assert.InRange(Error(factors, heldOut), Noise, 1.3 * Noise);
        Assert.Equal(Options.Sweeps, met.Count);
        Assert.True(met[^1] < 0.2 * met[0], $"{met[0]:F3} … {met[^1]:F3}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        var (known, _) = Planted();
        var options = Options with { Sweeps = 3 };
        using BiasedFactors one = Train(options, known), same = Train(options, known), other = Train(options, known, seed: 2);

        Assert.All(Enumerable.Range(0, Users), user => Assert.Equal(one.User(user), same.User(user)));
        Assert.All(Enumerable.Range(0, Items), item => Assert.Equal((one.ItemBias(item), one.Predict(3, item)), (same.ItemBias(item), same.Predict(3, item))));
        Assert.NotEqual(one.User(0).ToArray(), other.User(0).ToArray());
    }

    [Fact]
    public void Equal_ratings_leave_nothing_but_their_mean()
    {
        using var factors = Train(Options, CsrMatrix.FromTriplets(3, 3, [(0, 0, 4), (1, 1, 4), (2, 0, 4)]));

        Assert.Equal(4, factors.Mean);
        Assert.Equal(4, factors.Predict(0, 0), 0.02f);
    }

    [Fact]
    public void A_rate_that_is_too_large_is_told_and_options_out_of_range_are_refused()
    {
        var (known, _) = Planted();

        var fault = Assert.Throws<ModelDivergedException>(() => Train(Options with { Rate = 5 }, known));
        Assert.Contains("lower the rate", fault.Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => new RatingFactorization(Options).Train(known, 1, null, new(canceled: true)));
        foreach (var bad in new[] { Options with { Factors = 0 }, Options with { Rate = 0 }, Options with { Rate = double.NaN }, Options with { Decay = 1.1 }, Options with { Lambda = -1 }, Options with { Sweeps = -1 } })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new RatingFactorization(bad));
        }
    }

    [Fact]
    public void A_world_without_ratings_is_learnt()
    {
        using var factors = Train(Options, CsrMatrix.FromTriplets(2, 3, []));

        Assert.InRange(factors.Predict(1, 2), -1, 1);
    }
}

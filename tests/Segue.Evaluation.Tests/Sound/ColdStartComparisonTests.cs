using Segue.Evaluation.Sound;
using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Sound;

public sealed class ColdStartComparisonTests
{
    private const int Tracks = 400, Listeners = 80, Dimensions = 8;
    private static readonly ColdFactorsOptions Options = new() { HeldOut = 120 };

    [Fact]
    public void What_tells_of_taste_ranks_above_what_does_not()
    {
        var results = ColdStartComparison.Run(
            [(1UL, World(1)), (2UL, World(2))], Options, threads: 2, TestContext.Current.CancellationToken).ToDictionary(result => result.Name);

        var random = results["random"];
        Assert.Equal(0.5, random.Auc, 0.05);
        Assert.Equal(20 / 80.0, random.Recall20, 0.06);
        Assert.Equal(random.Auc, results["nearest by noise"].Auc, 0.1);
        Assert.Equal(0.5, results["most popular artist (cold tracks have no popularity)"].Auc, 0.1);
        Assert.True(results["nearest by timbre"].RecallOver(random).Mean > 0.2);
        Assert.True(results["mix with timbre"].RecallOver(results["mean of artist"]).Mean > 0.03, "where nobody knows the artist, sound tells");
        Assert.True(results["mix with timbre"].NdcgOver(results["nearest by timbre"]).Mean > 0.1, "where somebody does, the artist tells more");
        Assert.True(results["mix with noise"].Recall20 > results["mean of artist"].Recall20 - 0.03, "noise is not believed");
        Assert.True(results["network oracle"].NdcgOver(results["mean of artist"]).Mean > 0);
    }

    [Fact]
    public void The_true_factors_as_a_prediction_rank_perfectly()
    {
        var world = World(4);
        var all = ColdStartComparison.Measure(world, Options, new(1, 1)).ToDictionary(way => way.Name, way => way.Scores);

        Assert.Equal(1, all["network oracle"].Auc, 1e-9);
        Assert.Equal(1, all["network oracle"].Ndcg20, 1e-9);
    }

    [Fact]
    public void Mixes_take_the_sounds_and_predictions_that_they_are_told_to_take()
    {
        var names = ColdStartComparison.Measure(World(8) with { MixedSounds = ["noise"], MixedPredictions = [], LearnsFromSounds = true }, Options, new(1, 1)).Select(way => way.Name).ToList();

        Assert.Equal(["mix of artist and album", "mix with noise"], names.Where(name => name.StartsWith("mix", StringComparison.Ordinal)));
        Assert.Contains("nearest by timbre", names);
        Assert.Contains("learnt from timbre", names);
        Assert.Contains("network oracle", names);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var world = World(5);

        Assert.Equal(ColdStartComparison.Measure(world, Options, new(1, 1)), ColdStartComparison.Measure(world, Options, new(1, 2)));
    }

    [Fact]
    public void Factors_of_cold_tracks_are_not_looked_at()
    {
        var world = World(6);
        var factors = new DenseMatrix(Tracks, Dimensions, world.Tracks.Factors.AsSpan().ToArray());
        foreach (var cold in world.Cold)
        {
            factors.Row(cold).Fill(float.NaN);
        }

        Assert.Equal(ColdStartComparison.Measure(world, Options, new(1, 1)), ColdStartComparison.Measure(world with { Tracks = world.Tracks with { Factors = factors } }, Options, new(1, 1)));
    }

    [Fact]
    public void Parts_that_disagree_are_told()
    {
        var world = World(7);

        string Fault(ColdStartWorld bad) => Assert.Throws<ArgumentException>(() => ColdStartComparison.Measure(bad, Options, new(1, 1))).Message;
        Assert.Contains("'short' has 3 rows for 400 tracks", Fault(world with { Sounds = [("short", new(3, 2))] }), StringComparison.Ordinal);
        Assert.Contains("'bass' is to be mixed", Fault(world with { MixedSounds = ["bass"] }), StringComparison.Ordinal);
        Assert.Contains("not among the cold ones", Fault(world with { Cold = [.. world.Cold.Skip(40)] }), StringComparison.Ordinal);
        Assert.Contains("No listener", Fault(world with { Played = [.. Enumerable.Repeat(Array.Empty<int>(), Listeners)] }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ColdStartComparison.Run([(1UL, world), (2UL, world with { Sounds = [] })], Options, 1, TestContext.Current.CancellationToken));
    }

    // Track n is of artist n / 8, every fifth one is cold, and of every second of these nobody knows the artist; its factors are its style's, its artist's and its own, and timbre tells of the style.
    private static ColdStartWorld World(ulong seed)
    {
        var (factors, listeners) = (new DenseMatrix(Tracks, Dimensions), new DenseMatrix(Listeners, Dimensions));
        var (timbre, noise) = (new DenseMatrix(Tracks, 6), new DenseMatrix(Tracks, 6));
        for (var track = 0; track < Tracks; track++)
        {
            var (own, artist) = (new SeededRandom(seed, 1, (ulong)track), new SeededRandom(seed, 2, (ulong)track / 8));
            for (var f = 0; f < Dimensions; f++)
            {
                factors.Row(track)[f] = (float)((f == track / 8 % 4 ? 1 : 0) + 0.5 * artist.NextNormal() + 0.2 * own.NextNormal());
            }
            for (var f = 0; f < 6; f++)
            {
                timbre.Row(track)[f] = (float)((f == track / 8 % 4 ? 1 : 0) + 0.2 * own.NextNormal());
                noise.Row(track)[f] = (float)own.NextNormal();
            }
        }
        var random = new SeededRandom(seed, 3);
        foreach (ref var value in listeners.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        int[] cold = [.. Enumerable.Range(0, Tracks / 5).Select(n => 5 * n)];
        return new()
        {
            Listeners = listeners,
            Tracks = new()
            {
                Factors = factors,
                Listens = [.. Enumerable.Range(0, Tracks).Select(track => 10 + track % 7)],
                Artists = [.. Enumerable.Range(0, Tracks).Select(track => track % 10 == 0 ? -1 : track / 8)],
                Albums = [.. Enumerable.Range(0, Tracks).Select(track => track % 10 == 0 ? -1 : track / 4)],
            },
            Cold = cold,
            Played =
            [
                .. Enumerable.Range(0, Listeners).Select(listener => cold
                    .OrderByDescending(track => Vectors.Dot(listeners.Row(listener), factors.Row(track))).Take(8).ToArray()),
            ],
            Sounds = [("timbre", timbre), ("noise", noise)],
            Predictions = [("oracle", factors)],
        };
    }
}

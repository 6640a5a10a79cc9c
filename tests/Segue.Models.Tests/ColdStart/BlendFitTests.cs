using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Models.Tests.ColdStart;

public sealed class BlendFitTests
{
    private static readonly ColdStartData Data = new ColdWorld(ArtistTells: 0.3, SoundNoise: 0.2).Make().Data();
    private static readonly ColdFactors Cold = ColdWorld.Fit(Data);

    private static TrainingRun Run(int threads = 1) => new(1, threads, Cancellation: TestContext.Current.CancellationToken);

    // What so many listeners tell: the truth with noise of a variance that falls with their number.
    private static Func<IReadOnlyList<int>, int, DenseMatrix> Learner(double noise) => (items, listeners) =>
    {
        var learnt = new DenseMatrix(items.Count, ColdWorld.Dimensions);
        for (var n = 0; n < items.Count; n++)
        {
            var random = new SeededRandom(8, (ulong)items[n], (ulong)listeners);
            for (var f = 0; f < ColdWorld.Dimensions; f++)
            {
                learnt.Row(n)[f] = (float)(Data.Factors.Row(items[n])[f] + noise / Math.Sqrt(listeners) * random.NextNormal());
            }
        }
        return learnt;
    };

    [Fact]
    public void Who_tells_the_truth_at_once_is_trusted_at_once_and_who_tells_noise_late()
    {
        Assert.Equal(0, BlendFit.Run(Data, Cold, Learner(0), Run()));

        // Noise of variance s² ÷ m against a place that errs by the track's own 0.1²: the best k is (s ÷ 0.1)².
        double?[] fitted = [.. new[] { 0.1, 0.2, 0.5 }.Select(noise => BlendFit.Run(Data, Cold, Learner(noise), Run()))];

        Assert.InRange(fitted[0]!.Value, 0.5, 2);
        Assert.InRange(fitted[1]!.Value, 2, 8);
        Assert.InRange(fitted[2]!.Value, 16, 32);
        Assert.Equal(fitted[1], BlendFit.Run(Data, Cold, Learner(0.2), Run(threads: 3)));
    }

    [Fact]
    public void Too_few_tracks_tell_nothing()
    {
        var few = Data with { Listens = [.. Enumerable.Range(0, ColdWorld.Tracks).Select(track => track < 15 ? 50 : 3)] };

        Assert.Null(BlendFit.Run(few, new(few, Cold.Weights, Cold.Options), Learner(1), Run()));
    }

    [Fact]
    public void A_known_track_is_placed_as_if_neither_it_nor_another_of_its_part_had_been_heard()
    {
        int[] items = [.. Enumerable.Range(0, 100).Select(n => 3 * n)];

        var placed = Cold.PlaceKnown(items, threads: 2, TestContext.Current.CancellationToken);

        for (var n = 0; n < items.Length; n += 17)
        {
            var part = items.Where((_, place) => place % Cold.Options.Folds == n % Cold.Options.Folds).ToHashSet();
            var others = new ColdFactors(Data with { Listens = [.. Data.Listens.Select((listens, item) => part.Contains(item) ? 0 : listens)] }, Cold.Weights, Cold.Options);
            var alone = others.Place(new(Data.Artists[items[n]], Data.Albums[items[n]], Data.Sounds!.Row(items[n]).ToArray()));
            Assert.Equal(alone.Factors, placed[n].Factors);
            Assert.Equal(alone with { Factors = [] }, placed[n] with { Factors = [] });
        }
    }

    [Fact]
    public void A_track_that_nobody_heard_is_told_of_by_all_whoever_else_is_asked_about()
    {
        var data = Data with { Listens = [.. Data.Listens.Select((listens, item) => item % 3 == 0 ? 0 : listens)] };
        var cold = new ColdFactors(data, Cold.Weights, Cold.Options);

        var all = cold.PlaceKnown([.. Enumerable.Range(0, ColdWorld.Tracks)], threads: 1, TestContext.Current.CancellationToken);

        Assert.Equal(cold.Place(new(data.Artists[9], data.Albums[9], data.Sounds!.Row(9).ToArray())).Factors, all[9].Factors);
    }

    [Fact]
    public void Items_learnt_from_all_their_listeners_are_as_trained_and_from_fewer_they_are_not()
    {
        var data = Worlds.TwoTastes(40);
        var model = (ImplicitAlsModel)new ImplicitAlsTrainer(new() { Factors = 3, Sweeps = 60 }).Train(data, Run());
        int[] items = [4, 7, 30];

        var all = ImplicitAlsUpdate.SolveThinned(model, data, items, 1000, Run());
        var two = ImplicitAlsUpdate.SolveThinned(model, data, items, 2, Run(threads: 3));

        for (var n = 0; n < items.Length; n++)
        {
            Assert.All(all.Row(n).ToArray().Zip(model.ItemFactors.Row(items[n]).ToArray()), pair => Assert.Equal(pair.Second, pair.First, 0.02f));
            Assert.True(Vectors.Norm(two.Row(n)) < 0.9 * Vectors.Norm(all.Row(n)));
        }
        Assert.Equal(two.AsSpan(), ImplicitAlsUpdate.SolveThinned(model, data, items, 2, Run()).AsSpan());
    }

    [Fact]
    public void Other_item_factors_leave_users_and_what_is_unheard_as_they_were()
    {
        var data = Worlds.TwoTastes(20);
        var model = (ImplicitAlsModel)new ImplicitAlsTrainer(new() { Factors = 3 }).Train(data, Run());
        var items = new DenseMatrix(model.Items, 3);
        items.Row(5)[1] = 2;

        var other = model.WithoutUser(4).WithItemFactors(items);

        Assert.Equal(2 * model.UserFactors(3)[1], Worlds.Scores(other, new(3, [], []))[5]);
        Assert.Equal(new float[3], other.UserFactors(4));
        Assert.Throws<ArgumentException>(() => model.WithItemFactors(new(model.Items + 1, 3)));
        var (gram, sums) = (other.UserGram(threads: 2), new float[9]);
        for (var user = 0; user < model.Users; user++)
        {
            for (var n = 0; n < 9 && user != 4; n++)
            {
                sums[n] += model.UserFactors(user)[n / 3] * model.UserFactors(user)[n % 3];
            }
        }
        Assert.All(gram.AsSpan().ToArray().Zip(sums), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }
}

using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;
using Segue.Ranking.Artists;

namespace Segue.Ranking.Tests.Artists;

/// <summary>Three kinds of 20 artists each, told by a tag; 90 users, each of whom plays ten of one kind and one of another.</summary>
public sealed class ArtistFunnelTests
{
    private const int Kinds = 3, OfKind = 20, Users = 90;
    private static readonly ArtistFunnelOptions Options = new()
    {
        Factors = 8, PerSource = 20, Folds = 1, Steps = 60, Taste = new Dictionary<string, double> { ["sweeps"] = 4 },
        Tags = new Dictionary<string, double> { ["dimensions"] = 3, ["minItems"] = 2 },
    };

    private static readonly TrainingSet Data = World();
    private static readonly Lazy<ArtistFunnel> Funnel = new(() => Train(threads: 1));

    [Fact]
    public void Recommended_are_new_artists_of_the_users_own_kind_the_best_first()
    {
        var right = 0;
        for (var user = 0; user < Users; user++)
        {
            var history = UserHistory.Of(Data, user);

            var list = Funnel.Value.Recommend(history, 5);

            Assert.Equal(5, list.Select(artist => artist.Item).Except(history.Items).Count());
            Assert.Equal(list.OrderByDescending(artist => artist.Score).Select(artist => artist.Item), list.Select(artist => artist.Item));
            right += list.Count(artist => artist.Item / OfKind == user % Kinds);
        }
        Assert.InRange(right, 0.95 * 5 * Users, 5 * Users);
    }

    [Fact]
    public void Each_names_the_sources_that_proposed_it_and_a_cause_from_the_history()
    {
        var history = UserHistory.Of(Data, 0);

        foreach (var artist in Funnel.Value.Recommend(history, 10))
        {
            Assert.NotEmpty(artist.Sources);
            Assert.Subset(ArtistModels.Sources.ToHashSet(), artist.Sources.ToHashSet());
            Assert.Contains(artist.Cause.Source, ArtistModels.Sources);
            Assert.True(artist.Cause.Past is null ? artist.Cause.Share == 0 : history.Items.Contains(artist.Cause.Past.Value) && artist.Cause.Share is > 0 and <= 1);
        }
        Assert.Contains(Funnel.Value.Recommend(history, 10), artist => artist.Cause.Past is not null);
    }

    [Fact]
    public void Candidates_are_what_any_source_proposes_and_none_is_known()
    {
        var (models, history) = (Funnel.Value.Models, UserHistory.Of(Data, 4));

        var pool = ArtistPool.Gather(models, history, perSource: 7);

        var proposed = Enumerable.Range(0, ArtistModels.Sources.Count).SelectMany(source => models.Model(source).Recommend(history, 7, history.Items).Select(scored => scored.Item));
        Assert.Equal(proposed.Distinct().Order(), pool.Items);
        for (var source = 0; source < ArtistModels.Sources.Count; source++)
        {
            var list = models.Model(source).Recommend(history, 7, history.Items);
            for (var n = 0; n < pool.Items.Length; n++)
            {
                var place = Array.FindIndex(list, scored => scored.Item == pool.Items[n]);
                Assert.Equal(place < 0 ? 8 : place + 1, pool.Ranks[source][n]);
                Assert.True(place < 0 || list[place].Score == pool.Scores[source][n]);
            }
        }
    }

    [Fact]
    public void Features_have_a_name_and_a_source_each_and_turned_factors_keep_their_products()
    {
        var (models, history) = (Funnel.Value.Models, UserHistory.Of(Data, 4));
        var pool = ArtistPool.Gather(models, history, perSource: 7);
        // An axis mirrored and two exchanged: another training's view of the same factors.
        var turn = new DenseMatrix(8, 8);
        for (var f = 0; f < 8; f++)
        {
            turn.Row(f)[f ^ 1] = f == 3 ? -1 : 1;
        }

        var (plain, turned) = (new ArtistFeatures(models, 7).Of(history, pool), new ArtistFeatures(models, 7, turn).Of(history, pool));

        Assert.Equal(new ArtistFeatures(models, 7).Count, Funnel.Value.FeatureNames.Count());
        Assert.All(plain.Zip(turned), pair => Assert.Equal(pair.First[..ArtistFeatures.Plain], pair.Second[..ArtistFeatures.Plain]));
        Assert.All(plain.Zip(turned), pair => Assert.All(Enumerable.Range(0, 8), f =>
            Assert.Equal(pair.First[ArtistFeatures.Plain + 8 + f], pair.Second[ArtistFeatures.Plain + 8 + (f ^ 1)], 1e-6)));
        Assert.Equal(
            [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 3, 3, 3, 0], Enumerable.Range(0, ArtistFeatures.Plain + 1).Select(ArtistFeatures.SourceOf));
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_for_any_number_of_threads()
        => Assert.Equal(Funnel.Value.Ranker.Weights, Train(threads: 3).Ranker.Weights);

    [Fact]
    public void Who_played_nothing_is_recommended_what_is_popular()
    {
        var list = Funnel.Value.Recommend(UserHistory.Empty, 10);

        Assert.Equal(10, list.Count);
        Assert.All(list, artist => Assert.Null(artist.Cause.Past));
    }

    [Fact]
    public void A_world_without_tags_is_learnt()
    {
        var funnel = ArtistFunnel.Train(new(Data.Strengths), Options, new(1, 1, Cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(5, funnel.Recommend(UserHistory.Of(Data, 0), 5).Count);
        Assert.All(funnel.Ranker.Weights, weight => Assert.True(float.IsFinite(weight)));
    }

    [Theory]
    [InlineData("negatives", 0)]
    [InlineData("heldOut", 1)]
    [InlineData("depth", 3)]
    public void Settings_out_of_range_are_told(string name, double value)
        => Assert.Contains(name, Assert.Throws<ArgumentException>(() => ArtistFunnelOptions.FromSettings(new Dictionary<string, double> { [name] = value })).Message, StringComparison.Ordinal);

    [Fact]
    public void Default_settings_are_those_of_the_schema() => Assert.Equivalent(new ArtistFunnelOptions(), ArtistFunnelOptions.FromSettings(new Dictionary<string, double>()));

    private static ArtistFunnel Train(int threads) => ArtistFunnel.Train(Data, Options, new(1, threads, Cancellation: TestContext.Current.CancellationToken));

    private static TrainingSet World()
    {
        var random = new SeededRandom(12);
        var elements = new List<(int, int, float)>();
        for (var user = 0; user < Users; user++)
        {
            var own = Enumerable.Range(0, OfKind).ToArray();
            random.Shuffle<int>(own);
            elements.AddRange(own.Take(10).Select(n => (user, user % Kinds * OfKind + n, 1f + n % 4)));
            elements.Add((user, (user + 1) % Kinds * OfKind + random.NextInt(OfKind), 1f));
        }
        var items = Kinds * OfKind;
        var tags = new ItemTags(["rock", "jazz", "techno"], CsrMatrix.FromTriplets(items, Kinds, [.. Enumerable.Range(0, items).Select(item => (item, item / OfKind, 3f))]));
        return new(CsrMatrix.FromTriplets(Users, items, elements)) { Tags = tags };
    }
}

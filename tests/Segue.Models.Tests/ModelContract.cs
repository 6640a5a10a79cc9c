using System.Buffers.Binary;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Models.Playlists;
using Segue.Models.Popularity;
using Segue.Models.Similarity;
using Segue.Models.Sittings;
using Segue.Models.Tags;
using Segue.Numerics;

namespace Segue.Models.Tests;

/// <summary>What every kind of model promises, whatever it learns; one class below runs it for each kind.</summary>
public abstract class ModelContract
{
    private const int Users = 90, Items = 70;

    public static TheoryData<bool> WithAndWithoutTime { get; } = [false, true];

    protected internal abstract string Kind { get; }

    /// <summary>Settings that keep the training short.</summary>
    protected virtual IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double>();

    [Theory, MemberData(nameof(WithAndWithoutTime))]
    public void The_same_seed_gives_the_same_bytes_for_any_number_of_threads(bool ordered)
    {
        var first = Worlds.Bytes(Train(ordered));

        Assert.Equal(first, Worlds.Bytes(Train(ordered)));
        Assert.Equal(first, Worlds.Bytes(Train(ordered, threads: 2)));
        Assert.Equal(first, Worlds.Bytes(Train(ordered, threads: 3)));
    }

    [Theory, MemberData(nameof(WithAndWithoutTime))]
    public void Saving_and_loading_changes_nothing(bool ordered)
    {
        var model = Train(ordered);
        var bytes = Worlds.Bytes(model);

        var loaded = Load(bytes);

        Assert.Equal((Kind, Users, Items), (loaded.Kind, loaded.Users, loaded.Items));
        Assert.Equal(bytes, Worlds.Bytes(loaded));
        Assert.All(Questions(ordered), user =>
        {
            Assert.Equal(Worlds.Scores(model, user), Worlds.Scores(loaded, user));
            var (before, after) = (model.Explain(user, 3), loaded.Explain(user, 3));
            Assert.Equal(before.Basis, after.Basis);
            Assert.Equal(before.Contributions, after.Contributions);
        });
    }

    [Fact]
    public void A_file_opened_in_place_answers_as_the_model_that_was_saved()
    {
        var path = Path.Combine(Path.GetTempPath(), $"segue-contract-{Guid.NewGuid():N}.model");
        try
        {
            var model = Train(ordered: false);
            File.WriteAllBytes(path, Worlds.Bytes(model));

            var (opened, file) = ModelKinds.Open(path);
            file.Verify(TestContext.Current.CancellationToken);

            Assert.Equal(Worlds.Bytes(model), Worlds.Bytes(opened));
            Assert.All(Questions(ordered: false), user => Assert.Equal(Worlds.Scores(model, user), Worlds.Scores(opened, user)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory, MemberData(nameof(WithAndWithoutTime))]
    public void Every_user_known_or_not_is_answered_with_finite_scores(bool ordered)
    {
        var model = Train(ordered);

        Assert.All(Questions(ordered), user => Assert.All(Worlds.Scores(model, user), score => Assert.True(float.IsFinite(score))));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Scores_need_one_place_an_item(int more)
        => Assert.Throws<ArgumentException>(() => Train(ordered: false).Score(UserHistory.Empty, new float[Items + more]));

    [Theory, MemberData(nameof(WithAndWithoutTime))]
    public void Recommendations_leave_out_what_they_should_and_are_sorted_with_ties_by_row(bool ordered)
    {
        var model = Train(ordered);
        var random = new SeededRandom(71);
        foreach (var user in Questions(ordered))
        {
            var without = Enumerable.Range(0, Items).Where(_ => random.NextBool(0.4)).ToHashSet();
            foreach (var k in new[] { 0, 1, 10, Items, Items + 100 })
            {
                var list = model.Recommend(user, k, without);

                Assert.Equal(Math.Min(k, Items - without.Count), list.Length);
                Assert.DoesNotContain(list, scored => without.Contains(scored.Item));
                Assert.Equal(list.OrderByDescending(s => s.Score).ThenBy(s => s.Item), list);
                Assert.Equal(list.Length, list.Select(s => s.Item).Distinct().Count());
            }
            Assert.Equal(Items, model.Recommend(user, Items).Length);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Recommend(UserHistory.Empty, -1));
    }

    [Fact]
    public async Task Concurrent_callers_get_the_scores_of_a_single_one()
    {
        var model = Train(ordered: true);
        var users = Questions(ordered: true);
        var expected = users.Select(user => Worlds.Scores(model, user)).ToArray();

        await Parallel.ForAsync(0, 8 * users.Count, new ParallelOptions
        {
            MaxDegreeOfParallelism = 8,
            CancellationToken = TestContext.Current.CancellationToken,
        }, (n, _) =>
        {
            Assert.Equal(expected[n % users.Count], Worlds.Scores(model, users[n % users.Count]));
            return ValueTask.CompletedTask;
        });
    }

    [Theory, MemberData(nameof(WithAndWithoutTime))]
    public void An_explanation_names_only_items_of_the_history_with_shares_of_one(bool ordered)
    {
        var model = Train(ordered);
        foreach (var user in Questions(ordered))
        {
            for (var item = 0; item < Items; item += 7)
            {
                var contributions = model.Explain(user, item).Contributions;

                Assert.All(contributions, contribution => Assert.Contains(contribution.Item, user.Items));
                Assert.Equal(contributions.Count, contributions.Select(c => c.Item).Distinct().Count());
                Assert.InRange(contributions.Sum(c => Math.Abs((double)c.Share)), 0, 1 + 1e-6);
                Assert.Equal(contributions.OrderByDescending(c => Math.Abs(c.Share)).ThenBy(c => c.Item), contributions);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_with_one_byte_changed_is_refused(bool seekable)
    {
        var bytes = Worlds.Bytes(Train(ordered: true));
        var header = 16 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        // Every byte of the header by three different changes; of the rest a sample.
        var places = Enumerable.Range(0, header).Concat(Enumerable.Range(0, 100).Select(n => header + (int)((bytes.Length - header - 1) * (n / 99.0))));
        foreach (var place in places)
        {
            foreach (byte change in new byte[] { 0x01, 0x20, 0x80 })
            {
                bytes[place] ^= change;
                AssertRefused(bytes, seekable);
                bytes[place] ^= change;
            }
        }
        Assert.NotNull(Load(bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_cut_short_or_with_something_after_it_is_refused(bool seekable)
    {
        var bytes = Worlds.Bytes(Train(ordered: true));
        foreach (var length in Enumerable.Range(0, Math.Min(600, bytes.Length)).Concat(Enumerable.Range(1, 80).Select(n => bytes.Length - n)))
        {
            AssertRefused(bytes[..length], seekable);
        }
        AssertRefused([.. bytes, 0], seekable);
    }

    [Fact]
    public void A_cancelled_training_stops()
        => Assert.True(Trainer() is RandomTrainer or MostPopularTrainer
            || Record.Exception(() => Trainer().Train(Data(false), new(1, 2, Cancellation: new CancellationToken(canceled: true)))) is OperationCanceledException);

    [Fact]
    public void A_world_without_users_items_or_interactions_is_learnt()
    {
        foreach (var (users, items) in new[] { (0, 0), (0, 3), (3, 0), (3, 3) })
        {
            var data = new TrainingSet(CsrMatrix.FromTriplets(users, items, []));

            var model = Load(Worlds.Bytes(Trainer().Train(data, new(1, 2))));

            Assert.Equal(items, model.Recommend(UserHistory.Empty, 5).Length);
        }
    }

    private static TrainingSet Data(bool ordered) => Worlds.Chance(5, Users, Items, ordered);

    // Known users, a foreign history, refusals, a single item, nothing at all.
    private static IReadOnlyList<UserHistory> Questions(bool ordered) =>
    [
        .. Enumerable.Range(0, 12).Select(user => UserHistory.Of(Data(ordered), user)),
        UserHistory.Empty, UserHistory.OfItems([3]), UserHistory.OfItems([9, 4, 9, Items - 1]), new(null, [1, 2, 3], [-1, 0, 4]), new(null, [5], [-3]),
    ];

    private static IRecommenderModel Load(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return ModelKinds.Load(stream);
    }

    private static void AssertRefused(byte[] bytes, bool seekable)
    {
        using var stream = new OneWayStream(bytes, seekable);
        Assert.Throws<InvalidDataException>(() => ModelKinds.Load(stream));
    }

    private IModelTrainer Trainer() => ModelKinds.Get(Kind).Trainer(Settings);

    private IRecommenderModel Train(bool ordered, int threads = 1) => Trainer().Train(Data(ordered), new(42, threads));

    private sealed class OneWayStream(byte[] bytes, bool seekable) : MemoryStream(bytes)
    {
        public override bool CanSeek => seekable;
    }
}

public sealed class RandomModelContract : ModelContract
{
    protected internal override string Kind => RandomModel.KindName;
}

public sealed class MostPopularModelContract : ModelContract
{
    protected internal override string Kind => MostPopularModel.KindName;
}

public sealed class ImplicitAlsModelContract : ModelContract
{
    protected internal override string Kind => ImplicitAlsModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } =
        new Dictionary<string, double> { ["factors"] = 8, ["sweeps"] = 4, ["countWeight"] = 0.5 };
}

public sealed class SeparateAlsModelContract : ModelContract
{
    protected internal override string Kind => SeparateAlsModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double> { ["factors"] = 8, ["sweeps"] = 3 };
}

public sealed class BprModelContract : ModelContract
{
    protected internal override string Kind => BprModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double> { ["factors"] = 8, ["sweeps"] = 10 };
}

public sealed class CooccurrenceModelContract : ModelContract
{
    protected internal override string Kind => CooccurrenceModel.KindName;
}

public sealed class TagSpaceModelContract : ModelContract
{
    protected internal override string Kind => TagSpaceModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double> { ["dimensions"] = 6, ["minItems"] = 2 };
}

public sealed class PlaylistNeighborsModelContract : ModelContract
{
    protected internal override string Kind => PlaylistNeighborsModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double> { ["neighbors"] = 15, ["lengthPower"] = 0.7 };
}

public sealed class SessionNeighborsModelContract : ModelContract
{
    protected internal override string Kind => SessionNeighborsModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double> { ["window"] = 4, ["itemPower"] = 0.3, ["neighbors"] = 15 };
}

public sealed class TransitionsModelContract : ModelContract
{
    protected internal override string Kind => TransitionsModel.KindName;
    protected override IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double> { ["recent"] = 3, ["backward"] = 0.5 };
}

public sealed class SessionBlendModelContract : ModelContract
{
    protected internal override string Kind => SessionBlendModel.KindName;
}

public sealed class ModelKindsTests
{
    [Fact]
    public void The_contract_is_run_by_every_kind()
    {
        var tested = typeof(ModelContract).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ModelContract)))
            .Select(type => ((ModelContract)Activator.CreateInstance(type)!).Kind);

        Assert.Equal(ModelKinds.All.Select(kind => kind.Name).Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_kind_can_be_named_and_its_defaults_are_allowed()
    {
        Assert.All(ModelKinds.All, kind =>
        {
            Assert.Same(kind, ModelKinds.Get(kind.Name));
            Assert.All(kind.Settings, setting => Assert.Equal(setting.Default, setting.Require(setting.Default)));
            Assert.Equal(
                kind.Settings.ToDictionary(setting => setting.Name, setting => setting.Default), kind.Trainer().Settings);
        });
    }

    [Fact]
    public void An_unknown_kind_is_answered_with_those_there_are()
    {
        var fault = Assert.Throws<ArgumentException>(() => ModelKinds.Get("neural"));

        Assert.All(ModelKinds.All, kind => Assert.Contains(kind.Name, fault.Message, StringComparison.Ordinal));
        Assert.Contains("'neural'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_an_unknown_kind_is_named()
    {
        using var stream = new MemoryStream();
        new ModelFile("neural", 1, 1, new Dictionary<string, double>()).WriteTo(stream);
        stream.Position = 0;

        Assert.Contains("'neural'", Assert.Throws<InvalidDataException>(() => ModelKinds.Load(stream)).Message, StringComparison.Ordinal);
    }
}

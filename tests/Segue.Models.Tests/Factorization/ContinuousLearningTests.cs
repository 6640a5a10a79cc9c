using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Models.Tests.Factorization;

/// <summary>Going on from an earlier model: the next night, between nights, and after a training was broken off.</summary>
public sealed class ContinuousLearningTests : IDisposable
{
    private static readonly ImplicitAlsOptions Options = new() { Factors = 6, Sweeps = 12, Lambda = 0.01, CountWeight = 0.3 };
    private readonly string _folder = Directory.CreateTempSubdirectory("segue-als-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_night_that_goes_on_from_yesterday_knows_rows_that_moved_and_new_ones()
    {
        var yesterday = Train(TwoTastes(40, 40));
        // Everybody moved up by two rows; users and items 0 and 1 are new.
        int[] rows = [-1, -1, .. Enumerable.Range(0, 40)];
        var today = TwoTastes(42, 42);

        var model = Train(today, new(yesterday, rows, rows));

        Assert.All(Enumerable.Range(0, 42), user => Assert.Equal([user], Best(model, today, user)));
    }

    [Fact]
    public void Rows_are_found_again_by_their_ids()
    {
        var start = WarmStart.ById(Train(TwoTastes(4, 3)), ["a", "b", "erased-2", "d"], ["x", "y", "z"], ["d", "new", "a", "b"], ["z", "x", "fresh"]);

        Assert.Equal([3, -1, 0, 1], start.Users);
        Assert.Equal([2, 0, -1], start.Items);
    }

    [Fact]
    public void Other_dimensions_are_no_beginning()
        => Assert.Contains("6 dimensions are no beginning for 7", Assert.Throws<ArgumentException>(
            () => new ImplicitAlsTrainer(Options with { Factors = 7 }, new(Train(TwoTastes(4, 4)), [0, 1, 2, 3], [0, 1, 2, 3])).Train(TwoTastes(4, 4), new(1, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_training_that_was_broken_off_ends_in_the_same_bytes()
    {
        var (data, file) = (Worlds.Chance(3, 60, 40, ordered: false), Path.Combine(_folder, "als.checkpoint"));
        var whole = Worlds.Bytes(new ImplicitAlsTrainer(Options).Train(data, new(1, 2)));
        using var cancel = new CancellationTokenSource();
        var steps = 0;
        var progress = new Told(() =>
        {
            if (++steps == 9)
            {
                cancel.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => new ImplicitAlsTrainer(Options, checkpoint: file).Train(data, new(1, 2, progress, cancel.Token)));
        steps = 100;
        var resumed = Worlds.Bytes(new ImplicitAlsTrainer(Options, checkpoint: file).Train(data, new(1, 2, progress)));

        Assert.Equal(whole, resumed);
        Assert.InRange(steps, 101, 100 + 2 * Options.Sweeps + 1 - 9);
    }

    [Fact]
    public void What_another_training_left_is_overwritten()
    {
        var file = Path.Combine(_folder, "als.checkpoint");
        new ImplicitAlsTrainer(Options, checkpoint: file).Train(Worlds.Chance(3, 60, 40, ordered: false), new(1, 2));
        var data = Worlds.Chance(4, 60, 40, ordered: false);

        Assert.Equal(Worlds.Bytes(new ImplicitAlsTrainer(Options).Train(data, new(1, 2))), Worlds.Bytes(new ImplicitAlsTrainer(Options, checkpoint: file).Train(data, new(1, 2))));
    }

    [Fact]
    public void Between_nights_changed_rows_are_solved_and_all_others_stay()
    {
        var data = Worlds.Chance(6, 50, 40, ordered: false);
        var before = new ImplicitAlsTrainer(Options).Train(data, new(1, 2)) as ImplicitAlsModel;
        var all = Enumerable.Range(0, 50).ToArray();

        var after = ImplicitAlsUpdate.Run(new(before!, all, all[..40]), data, [4, 9], [7], new(1, 2));

        Assert.All(all.Except([4, 9]), user => Assert.Equal(before!.UserFactors(user).ToArray(), after.UserFactors(user).ToArray()));
        Assert.All(Enumerable.Range(0, 40).Except([7]), item => Assert.Equal(before!.ItemFactors.Row(item).ToArray(), after.ItemFactors.Row(item).ToArray()));
        Assert.NotEqual(before!.ItemFactors.Row(7).ToArray(), after.ItemFactors.Row(7).ToArray());
        foreach (var user in new[] { 4, 9 })   // what was done is what folding in would give
        {
            var folded = after.FoldIn(UserHistory.Of(data, user) with { Row = null });
            Assert.All(Enumerable.Range(0, 6), f => Assert.Equal(folded[f], after.UserFactors(user)[f], 1e-4f));
        }
    }

    [Fact]
    public void A_new_listener_and_a_new_track_find_their_place_between_nights()
    {
        var before = Train(TwoTastes(40, 40));
        int[] rows = [.. Enumerable.Range(0, 40), -1, -1];
        var data = TwoTastes(42, 42);

        var after = ImplicitAlsUpdate.Run(new(before, rows, rows), data, [.. Enumerable.Range(0, 42)], [40, 41], new(1, 2));

        Assert.All(Enumerable.Range(0, 42), user => Assert.Equal([user], Best(after, data, user)));
    }

    [Fact]
    public void An_update_gives_equal_bytes_for_any_number_of_threads()
    {
        var (data, all) = (Worlds.Chance(6, 50, 40, ordered: false), Enumerable.Range(0, 50).ToArray());
        var start = new WarmStart((ImplicitAlsModel)new ImplicitAlsTrainer(Options).Train(data, new(1, 2)), all, all[..40]);

        var bytes = new[] { 1, 2, 3 }.Select(threads => Worlds.Bytes(ImplicitAlsUpdate.Run(start, data, all, all[..40], new(1, threads)))).ToList();

        Assert.Equal(bytes[0], bytes[1]);
        Assert.Equal(bytes[0], bytes[2]);
    }

    private static ImplicitAlsModel Train(TrainingSet data, WarmStart? warm = null)
        => (ImplicitAlsModel)new ImplicitAlsTrainer(Options with { Lambda = 0.001 }, warm).Train(data, new(7, 2, Cancellation: TestContext.Current.CancellationToken));

    private static IEnumerable<int> Best(ImplicitAlsModel model, TrainingSet data, int user)
    {
        var known = UserHistory.Of(data, user);
        return model.Recommend(known, 1, known.Items).Select(scored => scored.Item);
    }

    // Even users play even items, odd users odd ones, but for their own number.
    private static TrainingSet TwoTastes(int users, int items) => new(CsrMatrix.FromTriplets(users, items,
    [
        .. from user in Enumerable.Range(0, users)
           from item in Enumerable.Range(0, items)
           where item % 2 == user % 2 && item != user
           select (user, item, 2f),
    ]));

    private sealed class Told(Action tell) : IProgress<double>
    {
        public void Report(double value) => tell();
    }
}

using Segue.Events.Files;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Retrieval.Lists;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Lists;

public sealed class ListJobTests : IDisposable
{
    private static readonly DateTimeOffset MadeAt = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-lists-");

    private static ImplicitAlsModel Model => TinyWorld.Models.Taste;

    private string At(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    private ListReport Make(string name, int length, IEnumerable<int>? rows = null, Func<int, int[]>? without = null, int threads = 1)
        => new ListJob(Model, length, threads).Write(At(name), "000007", MadeAt, rows ?? Enumerable.Range(0, Model.Users), without ?? Heard);

    private static int[] Heard(int row) => [.. TinyWorld.Data.History(row).Items.Order()];

    [Fact]
    public void Every_list_is_what_the_model_recommends_without_what_was_heard()
    {
        var report = Make("lists", 20);

        using var lists = ListenerLists.Open(At("lists"));
        Assert.Equal((Model.Users, "000007", MadeAt, 20), (lists.Count, lists.ModelVersion, lists.MadeAt, lists.Length));
        Assert.Equal((lists.Count, new FileInfo(At("lists")).Length, lists.Bytes), (report.Lists, report.Bytes, report.Bytes));
        for (var row = 0; row < Model.Users; row++)
        {
            var expected = Model.Recommend(TinyWorld.Data.History(row), 20, Heard(row));
            Assert.Equal(expected.Select(scored => (scored.Item, (float)(Half)scored.Score)), lists.Find(row)!.Select(scored => (scored.Item, scored.Score)));
        }
    }

    [Fact]
    public void A_listener_takes_twelve_bytes_and_six_for_each_item()
    {
        Make("lists", 20);

        Assert.Equal(128 + Model.Users * (12 + 6 * 20), new FileInfo(At("lists")).Length);
    }

    [Fact]
    public void A_list_is_shorter_where_fewer_items_are_left_and_may_be_empty()
    {
        Make("lists", 20, without: row => row == 3 ? [.. Enumerable.Range(0, Model.Items)] : [.. Enumerable.Range(2, Model.Items - 2)]);

        using var lists = ListenerLists.Open(At("lists"));
        Assert.Empty(lists.Find(3)!);
        Assert.Equal([0, 1], lists.Find(4)!.Select(scored => scored.Item).Order());
    }

    [Fact]
    public void Only_those_asked_for_have_a_list_and_the_erased_have_none()
    {
        var model = Model.WithoutUser(5);

        var report = new ListJob(model, 4, 1).Write(At("lists"), "1", MadeAt, [2, 5, 9], _ => [], cancellation: TestContext.Current.CancellationToken);

        using var lists = ListenerLists.Open(At("lists"));
        Assert.Equal(2, report.Lists);
        Assert.Equal([2, 9], Enumerable.Range(0, Model.Users).Where(row => lists.Find(row) is not null));
        Assert.Null(lists.Find(-1));
        Assert.Null(lists.Find(int.MaxValue));
    }

    [Fact]
    public void Any_number_of_threads_writes_equal_bytes()
    {
        var random = new SeededRandom(3);
        var plays = Enumerable.Range(0, 5_000).Select(_ => (random.NextInt(700), random.NextInt(900), 1f)).ToList();
        var trainer = ModelKinds.Get(ImplicitAlsModel.KindName).Trainer(new Dictionary<string, double> { ["factors"] = 12, ["sweeps"] = 1 });
        var model = (ImplicitAlsModel)trainer.Train(new(CsrMatrix.FromTriplets(700, 900, plays)), new(1, 1));
        foreach (var threads in new[] { 1, 2, 5 })
        {
            new ListJob(model, 1000, threads).Write(At($"{threads}"), "1", MadeAt, Enumerable.Range(0, 700), row => [row], cancellation: TestContext.Current.CancellationToken);
        }

        Assert.Equal(File.ReadAllBytes(At("1")), File.ReadAllBytes(At("2")));
        Assert.Equal(File.ReadAllBytes(At("1")), File.ReadAllBytes(At("5")));
    }

    [Fact]
    public void A_run_that_is_stopped_or_fails_leaves_no_draft()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => new ListJob(Model, 5, 1).Write(At("draft"), "1", MadeAt, [1], _ => [], progress: null, stop.Token));
        Assert.Throws<InvalidOperationException>(() => Make("draft", 5, without: _ => throw new InvalidOperationException()));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void Progress_ends_at_one()
    {
        var told = new Told();

        new ListJob(Model, 5, 1).Write(At("draft"), "1", MadeAt, [1, 2], _ => [], told, TestContext.Current.CancellationToken);

        Assert.Equal([1.0], told.All);
    }

    [Fact]
    public void Wrong_lengths_and_rows_are_refused()
    {
        Assert.Contains("1001", Assert.Throws<ArgumentOutOfRangeException>(() => new ListJob(Model, 1001, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ListJob(Model, 0, 1));
        Assert.Throws<ArgumentException>(() => Make("draft", 5, [3, 2]));
        Assert.Throws<ArgumentException>(() => Make("draft", 5, [Model.Users]));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void A_damaged_list_is_told_and_the_others_are_read()
    {
        Make("lists", 5, [1, 2, 3]);
        var bytes = File.ReadAllBytes(At("lists"));
        bytes[^5] ^= 1;   // in the last list
        File.WriteAllBytes(At("lists"), bytes);

        using var lists = ListenerLists.Open(At("lists"));
        Assert.NotEmpty(lists.Find(2)!);
        Assert.Contains("row 3", Assert.Throws<InvalidDataException>(() => lists.Find(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_of_another_kind_or_damaged_at_its_head_is_refused()
    {
        Make("lists", 5, [1, 2, 3]);
        var whole = File.ReadAllBytes(At("lists"));
        byte[][] bad = [whole[..^1], [], whole[..50], [.. "x"u8, .. whole[1..]], [.. whole[..12], 9, .. whole[13..]], [.. whole[..8], 2, .. whole[9..]]];

        foreach (var bytes in bad)
        {
            File.WriteAllBytes(At("bad"), bytes);
            Assert.Throws<InvalidDataException>(() => ListenerLists.Open(At("bad")));
        }
        Assert.Throws<FileNotFoundException>(() => ListenerLists.Open(At("none")));
    }

    [Fact]
    public void A_file_can_be_replaced_while_it_is_read()
    {
        Make("lists", 5);
        using var before = ListenerLists.Open(At("lists"));
        var list = before.Find(1);
        Make("draft", 5, [2]);

        DurableFile.SyncAndPublish(At("draft"), At("lists"));

        using var after = ListenerLists.Open(At("lists"));
        Assert.Equal(list, before.Find(1));
        Assert.Null(after.Find(1));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    public void A_rewritten_file_has_all_lists_but_one_and_the_new_version(int row, int left)
    {
        Make("lists", 5, [1, 2, 3]);
        using var before = ListenerLists.Open(At("lists"));

        ListenerLists.Rewrite(At("lists"), "000008", row);

        using var after = ListenerLists.Open(At("lists"));
        Assert.Equal((left, "000008", MadeAt), (after.Count, after.ModelVersion, after.MadeAt));
        Assert.Null(after.Find(row));
        Assert.Equal(before.Find(1), after.Find(1));
        Assert.Equal(before.Find(3), after.Find(3));
        Assert.Equal(128 + left * (12 + 6 * 5), new FileInfo(At("lists")).Length);
    }

    private sealed class Told : IProgress<double>
    {
        public List<double> All { get; } = [];

        public void Report(double value) => All.Add(value);
    }
}

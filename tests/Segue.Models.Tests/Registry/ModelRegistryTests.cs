using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Models.Registry;

namespace Segue.Models.Tests.Registry;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"segue-registry-{Guid.NewGuid():N}");

    private ModelRegistry Registry => new(_directory);

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    internal static IRecommenderModel[] Models(int items = 20)
    {
        var data = Worlds.Chance(1, 30, items, ordered: true);
        return [.. new[] { "als", "cooccurrence", "popular" }.Select(kind => ModelKinds.Get(kind)
            .Trainer(kind == "als" ? new Dictionary<string, double> { ["factors"] = 4, ["sweeps"] = 2 } : null).Train(data, new(1, 1)))];
    }

    [Fact]
    public void What_was_published_is_loaded()
    {
        var models = Models();

        var version = Registry.Publish(models);
        var set = Registry.LoadCurrent();

        Assert.Equal("000001", version);
        Assert.Equal(("000001", 30, 20), (set.Version, set.Users, set.Items));
        var user = UserHistory.OfItems([1, 2]);
        Assert.Equal(Worlds.Scores(models[0], user), Worlds.Scores(set.Taste, user));
        Assert.Equal(Worlds.Scores(models[1], user), Worlds.Scores(set.Neighbors, user));
        Assert.Equal(Worlds.Scores(models[2], user), Worlds.Scores(set.Popular, user));
    }

    [Fact]
    public void Versions_increase_and_the_newest_is_in_use()
    {
        Assert.Null(Registry.Current());
        Assert.Empty(Registry.Versions());
        for (var n = 1; n <= 11; n++)
        {
            Assert.Equal(n.ToString("D6"), Registry.Publish(Models(10 + n)));
        }

        Assert.Equal("000011", Registry.Current());
        Assert.Equal(Enumerable.Range(1, 11).Select(n => n.ToString("D6")), Registry.Versions());
        Assert.Equal(21, Registry.LoadCurrent().Items);
    }

    [Fact]
    public void A_failed_publish_leaves_nothing_behind()
    {
        Registry.Publish(Models());
        var before = Directory.GetFileSystemEntries(_directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

        Assert.Throws<IOException>(() => Registry.Publish([.. Models(), new Unwritable()]));

        Assert.Equal(before, Directory.GetFileSystemEntries(_directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.Equal("000001", Registry.LoadCurrent().Version);
    }

    [Fact]
    public void Who_was_erased_while_a_training_ran_is_not_in_what_it_publishes()
    {
        string[] users = [.. Enumerable.Range(0, 30).Select(n => $"user-{n}")];
        Track[] items = [.. Enumerable.Range(0, 20).Select(n => new Track(new($"t{n}"), "Title", new(new("a"), "Artist"), null, [], null))];
        var fingerprints = new RowFingerprints(Enumerable.Repeat(7u, 30), Enumerable.Repeat(8u, 20));
        var known = (ImplicitAlsModel)Models()[0];
        var active = Enumerable.Range(0, 30).Where(user => known.UserFactors(user).ToArray().Any(factor => factor != 0)).Take(2).ToArray();
        Registry.BeginTraining();
        Assert.Empty(Registry.Erase(users[active[0]]));   // nothing was published yet

        Registry.Publish(Models(), new(items, users, 5, fingerprints, "of the last 9 days"));
        var set = Registry.LoadCurrent();

        Assert.True(set.Rows!.IsErased(active[0]));
        Assert.Equal((0u, 7u, "of the last 9 days"), (set.Rows.Fingerprints!.Users[active[0]], set.Rows.Fingerprints.Users[active[1]], set.Rows.Part));
        Assert.All(set.Taste.UserFactors(active[0]).ToArray(), factor => Assert.Equal(0, factor));
        Assert.Contains(set.Taste.UserFactors(active[1]).ToArray(), factor => factor != 0);
        Registry.BeginTraining();   // who comes back afterwards is learnt
        Registry.Publish(Models(), new(items, users, 5));
        Assert.False(Registry.LoadCurrent().Rows!.IsErased(active[0]));
    }

    [Fact]
    public void Old_versions_go_and_the_one_in_use_stays()
    {
        for (var n = 0; n < 4; n++)
        {
            Registry.Publish(Models());
        }

        Assert.Equal(["000001", "000002"], Registry.Prune(2));
        Assert.Equal(["000003", "000004"], Registry.Versions());
        Assert.Equal("000004", Registry.LoadCurrent().Version);
        Assert.Throws<ArgumentOutOfRangeException>(() => Registry.Prune(0));
    }

    [Fact]
    public void Damaged_fingerprints_are_found()
    {
        Track[] items = [.. Enumerable.Range(0, 20).Select(n => new Track(new($"t{n}"), "Title", new(new("a"), "Artist"), null, [], null))];
        Registry.Publish(Models(), new(items, [.. Enumerable.Range(0, 30).Select(n => $"user-{n}")], 5, new RowFingerprints([1, 2], [3])));
        var path = Path.Combine(_directory, "000001", "fingerprints.bin");
        var bytes = File.ReadAllBytes(path);
        bytes[5] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Contains("one of them is damaged", Assert.Throws<InvalidDataException>(() => Registry.LoadCurrent()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_published_is_said_in_words()
    {
        var fault = Assert.Throws<ModelsMissingException>(() => Registry.LoadCurrent());

        Assert.Contains("No model was trained yet", fault.Message, StringComparison.Ordinal);
        Assert.Contains(_directory, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_of_different_items_do_not_serve_together()
    {
        Registry.Publish([Models(20)[0], Models(21)[1], Models(20)[2]]);

        Assert.Contains("same items", Assert.Throws<InvalidDataException>(() => Registry.LoadCurrent()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_model_is_named_by_its_file()
    {
        Registry.Publish(Models());
        var path = Path.Combine(_directory, "000001", "cooccurrence.model");
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Contains("cooccurrence.model", Assert.Throws<InvalidDataException>(() => Registry.LoadCurrent()).Message, StringComparison.Ordinal);
    }

    // A byte of the users' factors, which nothing reads when the file is opened.
    private string DamageFactors(string version)
    {
        var path = Path.Combine(_directory, version, "als.model");
        var bytes = File.ReadAllBytes(path);
        var model = Registry.LoadCurrent().Taste;
        var place = bytes.AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes(model.UserFactors(3).AsSpan()));
        bytes[place + 1] ^= 4;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public async Task A_set_opened_in_place_serves_at_once_and_tells_later_of_damage_in_its_factors()
    {
        Registry.Publish(Models(), Rows());
        await Registry.OpenCurrent().Verified;
        var path = DamageFactors("000001");

        var set = Registry.OpenCurrent();

        Assert.Equal(20, Worlds.Scores(set.Taste, UserHistory.OfItems([1])).Length);
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => set.Verified);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains("'userFactors'", fault.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(Registry.LoadCurrent);
        Assert.Throws<InvalidDataException>(() => Registry.Erase("listener-001"));   // damage is not published anew under a fresh checksum
    }

    [Fact]
    public void Every_damaged_set_is_told_of_and_sound_ones_are_not()
    {
        Assert.Empty(Registry.Verify(TestContext.Current.CancellationToken));
        Registry.Publish(Models());
        Registry.Publish(Models());
        Registry.Publish(Models());
        Assert.Empty(Registry.Verify(TestContext.Current.CancellationToken));

        var damaged = DamageFactors("000002");
        File.Delete(Path.Combine(_directory, "000003", "popular.model"));

        var faults = Registry.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(2, faults.Count);
        Assert.Contains(damaged, faults[0], StringComparison.Ordinal);
        Assert.Contains("popular.model", faults[1], StringComparison.Ordinal);
        Registry.Clear();
        Assert.Empty(Registry.Verify(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_set_that_is_replaced_and_deleted_while_it_answers_keeps_answering()
    {
        Registry.Publish(Models());
        var (user, set) = (UserHistory.OfItems([1, 2, 7]), Registry.OpenCurrent());
        var expected = Worlds.Scores(set.Taste, user);
        using var stop = new CancellationTokenSource();
        var answering = Task.Run(() =>
        {
            var answers = 0;
            while (!stop.IsCancellationRequested || answers == 0)
            {
                Assert.Equal(expected, Worlds.Scores(set.Taste, user));
                answers++;
            }
            return answers;
        }, TestContext.Current.CancellationToken);

        for (var n = 0; n < 5; n++)
        {
            Registry.Publish(Models(21 + n));
            Directory.Delete(Path.Combine(_directory, $"{n + 1:D6}"), recursive: true);
            GC.Collect();
        }
        await stop.CancelAsync();

        Assert.True(await answering > 0);
        Assert.Equal(25, Registry.LoadCurrent().Items);
    }

    [Fact]
    public void Two_do_not_publish_at_once()
    {
        Registry.Publish(Models());
        using var other = new FileStream(Path.Combine(_directory, ".publishing"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Throws<IOException>(() => new ModelRegistry(_directory, TimeSpan.Zero).Publish(Models()));
        Assert.Equal(["000001"], Registry.Versions());
    }

    [Fact]
    public void Erasing_one_after_the_other_leaves_all_of_them_out()
    {
        Registry.Publish(Models(), Rows());
        var before = Registry.LoadCurrent().Taste;

        Registry.Erase("listener-007");
        Registry.Erase("listener-009");

        var after = Registry.LoadCurrent().Taste;
        foreach (var row in Enumerable.Range(0, 30))
        {
            Assert.Equal(row is 7 or 9 ? new float[4] : before.UserFactors(row), after.UserFactors(row));
        }
        Assert.Equal(before.UserFactors(7), before.WithoutUser(9).UserFactors(7));   // the first set is as it was
        Assert.Throws<ArgumentOutOfRangeException>(() => before.WithoutUser(30));
    }

    private sealed class Unwritable : IRecommenderModel
    {
        public string Kind => "unwritable";
        public int Users => 0;
        public int Items => 0;
        public void Score(UserHistory user, Span<float> scores) => scores.Clear();
        public Explanation Explain(UserHistory user, int item) => new(ExplanationBasis.Chance, []);
        public void Save(Stream stream)
        {
            stream.Write("half"u8);
            throw new IOException("The disk is full.");
        }
    }

    internal static ModelRows Rows(int users = 30, int items = 20) => new(
        [.. Enumerable.Range(0, items).Select(n => new Track(new($"t{n}"), $"Title {n}", new(new("a"), "Ártist"), null, ["x"], TimeSpan.FromSeconds(n + 1)))],
        [.. Enumerable.Range(0, users).Select(n => $"listener-{n:D3}")],
        LogEnd: 77);

    [Fact]
    public void The_rows_of_a_set_come_back_with_it()
    {
        Registry.Publish(Models(), Rows());

        var rows = Registry.LoadCurrent().Rows!;

        Assert.Equal(Rows().Items.Select(item => (item.Id, item.Title, item.Artist, item.Length)), rows.Items.Select(item => (item.Id, item.Title, item.Artist, item.Length)));
        Assert.Equal(Rows().Users, rows.Users);
        Assert.Equal(77, rows.LogEnd);
    }

    [Fact]
    public void A_flipped_bit_in_the_rows_is_found()
    {
        var version = Registry.Publish(Models(), Rows());
        foreach (var file in new[] { "items.jsonl", "users.txt", "rows.json" })
        {
            var path = Path.Combine(_directory, version, file);
            var bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 4;
            File.WriteAllBytes(path, bytes);
            Assert.Throws<InvalidDataException>(() => Registry.LoadCurrent());
            bytes[bytes.Length / 2] ^= 4;
            File.WriteAllBytes(path, bytes);
        }
        Assert.Equal(30, Registry.LoadCurrent().Users);
    }

    [Fact]
    public void An_erased_user_is_in_no_file_and_their_factors_are_zero()
    {
        Registry.Publish(Models(), Rows());
        Registry.Publish(Models(), Rows());
        var before = Registry.LoadCurrent();

        Assert.Equal(["000001", "000002"], Registry.Erase("listener-007"));

        var after = Registry.LoadCurrent();
        Assert.Equal("000003", after.Version);
        Assert.All(after.Taste.UserFactors(7).ToArray(), factor => Assert.Equal(0, factor));
        Assert.Equal(before.Taste.UserFactors(8).ToArray(), after.Taste.UserFactors(8).ToArray());
        Assert.Equal("listener-008", after.Rows!.Users[8]);
        Assert.All(Directory.GetFiles(_directory, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("listener-007", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Empty(Registry.Erase("listener-007"));
    }
}

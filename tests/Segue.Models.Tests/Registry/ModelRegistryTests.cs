using Segue.Core;
using Segue.Features.Interactions;
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

    private static IRecommenderModel[] Models(int items = 20)
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

    private static ModelRows Rows(int users = 30, int items = 20) => new(
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

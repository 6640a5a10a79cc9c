using System.Text;
using Segue.Core;
using Segue.Events.Storage;

namespace Segue.Events.Tests.Storage;

public sealed class StoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Track[] Tracks =
    [
        new(new("t1"), "Jóga \"live\" <1>", new(new("a1"), "Björk"), "pop", ["pop", "avant-garde"], TimeSpan.FromTicks(3_050_000_001)) { TagCounts = [12, 3] },
        new(new("t 2"), "雪", new(new("a1"), "Björk"), Genre: null, [], Length: null),
    ];

    private static readonly ListenerProfile[] Listeners =
    [
        new(new("l1"), new("IS", Area: null, "Reykjavík"), AgeBand.From25To34, Gender.Female),
        new(new("l2"), Region: null, AgeBand.Unknown, Gender.Unknown),
    ];

    private static readonly Interaction[] Interactions =
    [
        new("l2", "t1", 13_883, null, InteractionAction.Listen),
        new("l1", "t 2", 0.1 + 0.2, Noon.AddMilliseconds(7), InteractionAction.Skip),
        new("l1", "t1", 1, Noon.AddYears(-60), InteractionAction.VoteUp),
        new("l2", "t1", 1e-7, null, InteractionAction.Listen),
    ];

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder["store"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_goes_in_comes_out_in_the_same_order()
    {
        var manifest = WriteSample();

        var store = Store.Open(Target);

        Assert.Equal(Tracks.Select(Flat), store.ReadCatalogue().Select(Flat));
        Assert.Equal(Listeners, store.ReadListeners());
        Assert.Equal(Interactions, store.ReadInteractions());
        Assert.Equal(Interactions, store.ReadInteractions());
        Assert.Equal((2, 2, 4), (manifest.Tracks, manifest.Listeners, manifest.Interactions));
        Assert.Equal(("a sample", Noon), (store.Manifest.Source, store.Manifest.CreatedAt));
        Assert.True(Directory.Exists(store.ModelsDirectory));
        store.Verify();
    }

    [Fact]
    public void The_playlist_of_an_add_comes_out_with_it_and_stays_when_another_listener_is_erased()
    {
        Interaction[] adds =
        [
            new("l1", "t1", 1, Noon, InteractionAction.PlaylistAdd) { Playlist = "evenings" }, new("l2", "t1", 1, Noon, InteractionAction.PlaylistAdd) { Playlist = "secret" },
            new("l1", "t 2", 1, Noon, InteractionAction.PlaylistAdd),
        ];
        using (var writer = new StoreWriter(Target, "a sample", new FixedTime()))
        {
            foreach (var add in adds)
            {
                writer.Add(add);
            }
            writer.Commit();
        }

        Assert.Equal(adds, Store.Open(Target).ReadInteractions());
        Store.Open(Target).Erase(new("l2"));

        Assert.Equal([adds[0], adds[2]], Store.Open(Target).ReadInteractions());
        Assert.DoesNotContain("secret", File.ReadAllText(Path.Combine(Target, "interactions.tsv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_but_its_owner_can_reach_into_a_store()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps its rights elsewhere.");
        WriteSample();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Target));
    }

    [Fact]
    public void An_erased_listener_is_in_no_file_of_the_store()
    {
        WriteSample();

        Assert.Equal(3, Store.Open(Target).Erase(new("l1")));

        var store = Store.Open(Target);
        store.Verify();
        Assert.Equal([Listeners[1]], store.ReadListeners());
        Assert.Equal(Interactions.Where(interaction => interaction.User == "l2"), store.ReadInteractions());
        Assert.Equal((2, 1, 2), (store.Manifest.Tracks, store.Manifest.Listeners, store.Manifest.Interactions));
        Assert.Equal(0, store.Erase(new("l1")));
    }

    [Fact]
    public void An_erasure_that_was_decided_on_is_completed_and_any_other_never_happened()
    {
        WriteSample();
        var files = Directory.GetFiles(Target).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        Store.Open(Target).Erase(new("l1"));
        var erased = Directory.GetFiles(Target).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        foreach (var decided in new[] { false, true })
        {
            foreach (var (name, bytes) in files)
            {
                File.WriteAllBytes(Path.Combine(Target, name), bytes);
            }
            File.WriteAllBytes(Path.Combine(Target, "interactions.tsv.next"), erased["interactions.tsv"]);
            File.WriteAllBytes(Path.Combine(Target, "listeners.jsonl.next"), erased["listeners.jsonl"]);
            if (decided)
            {
                File.WriteAllBytes(Path.Combine(Target, "store.json.next"), erased["store.json"]);
            }

            var store = Store.Open(Target);

            store.Verify();
            Assert.Equal(decided ? 1 : 2, store.ReadListeners().Count);
        }
    }

    [Fact]
    public void Same_data_at_the_same_time_give_the_same_bytes()
    {
        WriteSample();
        var first = File.ReadAllBytes(Path.Combine(Target, "store.json"));
        WriteSample(replace: true);

        Assert.Equal(first, File.ReadAllBytes(Path.Combine(Target, "store.json")));
    }

    [Fact]
    public void Directory_holds_the_files_of_the_store_and_nothing_else_is_left_beside_it()
    {
        WriteSample();

        Assert.Equal(
            ["store", "store/catalogue.jsonl", "store/interactions.tsv", "store/listeners.jsonl", "store/models", "store/store.json"],
            _folder.Listing());
    }

    [Fact]
    public void Items_and_users_met_only_in_interactions_get_entries_that_know_the_id()
    {
        using (var writer = Writer())
        {
            writer.Add(new Interaction("u", "y", 1, null, InteractionAction.Listen));
            writer.Add(new Interaction("l1", "x", 1, null, InteractionAction.Listen));
            writer.Add(new Interaction("l1", "t1", 1, null, InteractionAction.Listen));
            writer.Add(Tracks[0]);   // later than its interaction
            writer.Add(Listeners[0]);
            writer.Commit();
        }

        var store = Store.Open(Target);

        Assert.Equal((2, 1), (store.Manifest.ItemsWithoutCatalogueEntry, store.Manifest.UsersWithoutProfile));
        Assert.Equal(["t1", "x", "y"], store.ReadCatalogue().Select(track => track.Id.Value));
        Assert.Equal(("x", "x", "x"), store.ReadCatalogue()[1] is var x ? (x.Title, x.Artist.Id.Value, x.Artist.Name) : default);
        Assert.Equal([Listeners[0], new(new("u"), null, AgeBand.Unknown, Gender.Unknown)], store.ReadListeners());
    }

    [Fact]
    public void Without_commit_nothing_is_left()
    {
        var before = _folder.Listing();

        using (var writer = new StoreWriter(_folder["deep/down/store"], "a sample", new FixedTime()))
        {
            writer.Add(Tracks[0]);
            Assert.Throws<StoreException>(() => writer.Add(Tracks[0]));
        }

        Assert.Equal(before, _folder.Listing());
    }

    [Fact]
    public void Ids_given_twice_are_refused()
    {
        using var writer = Writer();
        writer.Add(Tracks[0]);
        writer.Add(Listeners[0]);

        Assert.Equal("The track t1 is given twice.", Assert.Throws<StoreException>(() => writer.Add(Tracks[0])).Message);
        Assert.Equal("The listener l1 is given twice.", Assert.Throws<StoreException>(() => writer.Add(Listeners[0])).Message);
    }

    [Fact]
    public void Store_is_replaced_only_on_request_and_its_models_go_with_it()
    {
        WriteSample();
        File.WriteAllText(Path.Combine(Target, "models", "als.bin"), "factors");
        var before = _folder.Listing();

        Assert.Throws<StoreException>(() => Writer());
        Assert.Equal(before, _folder.Listing());
        using (var writer = Writer(replace: true))
        {
            writer.Commit();
        }

        Assert.Empty(Store.Open(Target).ReadInteractions());
        Assert.Equal(before.Where(entry => !entry.EndsWith("als.bin", StringComparison.Ordinal)), _folder.Listing());
    }

    [Fact]
    public void Failed_replacement_leaves_the_old_store()
    {
        WriteSample();
        var before = _folder.Listing();

        Writer(replace: true).Dispose();

        Assert.Equal(before, _folder.Listing());
        Store.Open(Target).Verify();
    }

    [Fact]
    public void Directory_that_is_no_store_is_never_touched()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "diary.txt"), "dear");

        Assert.Contains("neither empty nor a store", Assert.Throws<StoreException>(() => Writer(replace: true)).Message, StringComparison.Ordinal);
        Assert.Equal(["store", "store/diary.txt"], _folder.Listing());
    }

    [Fact]
    public void Place_taken_while_writing_is_found_at_commit()
    {
        using var writer = Writer();
        WriteSample();

        Assert.Throws<StoreException>(() => writer.Commit());
        Assert.Equal(4, Store.Open(Target).ReadInteractions().Count());
    }

    [Fact]
    public void Empty_directory_and_trailing_slash_are_fine()
    {
        Directory.CreateDirectory(Target);
        using (var writer = new StoreWriter(Target + "/", "a sample", new FixedTime()))
        {
            writer.Commit();
        }

        Assert.Empty(Store.Open(Target).ReadCatalogue());
    }

    [Fact]
    public void Absent_store_is_said_to_be_absent()
        => Assert.Equal($"There is no store at {Target}.", Assert.Throws<StoreException>(() => Store.Open(Target)).Message);

    [Theory]
    [InlineData("catalogue.jsonl")]
    [InlineData("listeners.jsonl")]
    [InlineData("interactions.tsv")]
    public void Flipped_bit_is_found_by_verify(string file)
    {
        WriteSample();
        var bytes = File.ReadAllBytes(Path.Combine(Target, file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(Target, file), bytes);

        Assert.Contains($"{file} is damaged", Assert.Throws<StoreException>(Store.Open(Target).Verify).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("catalogue.jsonl")]
    [InlineData("interactions.tsv")]
    public void Truncated_or_missing_file_is_found_by_open(string file)
    {
        WriteSample();
        var path = Path.Combine(Target, file);
        using (var stream = File.OpenWrite(path))
        {
            stream.SetLength(stream.Length - 1);
        }

        Assert.Contains("were written", Assert.Throws<StoreException>(() => Store.Open(Target)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("it is missing", Assert.Throws<StoreException>(() => Store.Open(Target)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a sample\"", "\"another sample\"", "its checksum does not agree")]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2, \"colour\": \"red\"", "is of format version 2; this Segue knows versions up to 1")]
    [InlineData("\"formatVersion\"", "\"version\"", "is not the manifest of a store")]
    [InlineData("{", "[", "is not the manifest of a store")]
    [InlineData("\"source\"", "\"sauce\"", "is not the manifest of a store")]
    public void Damaged_or_newer_manifest_is_refused(string from, string to, string reason)
    {
        WriteSample();
        var path = Path.Combine(Target, "store.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));

        Assert.Contains(reason, Assert.Throws<StoreException>(() => Store.Open(Target)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interactions.tsv", "Skip", "Skap", "interactions.tsv:3: the store is damaged: the action 'Skap' is unknown")]
    [InlineData("interactions.tsv", "user\titem", "item\tuser", "its header is not that of a store's interactions")]
    [InlineData("interactions.tsv", "13883", "1e999", "interactions.tsv:2: the store is damaged: the value is not finite")]
    [InlineData("catalogue.jsonl", "\"genre\":null", "\"genre\":true", "catalogue.jsonl:2: the store is damaged")]
    [InlineData("catalogue.jsonl", "\"id\":\"t1\"", "\"id\":\"\\t\"", "catalogue.jsonl:1: the store is damaged")]
    [InlineData("listeners.jsonl", "Female", "Womann", "listeners.jsonl:1: the store is damaged")]
    public void Damaged_line_is_named_when_it_is_read(string file, string from, string to, string reason)
    {
        WriteSample();
        var path = Path.Combine(Target, file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal), new UTF8Encoding(false));
        var store = Store.Open(Target);

        var failure = Assert.Throws<StoreException>(
            () => (store.ReadCatalogue().Count, store.ReadListeners().Count, store.ReadInteractions().Count()));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private static (TrackId, string, Artist, string?, string, TimeSpan?) Flat(Track track)
        => (track.Id, track.Title, track.Artist, track.Genre, string.Join('|', track.Tags.Concat(track.TagCounts.Select(count => $"{count}"))), track.Length);

    private StoreWriter Writer(bool replace = false) => new(Target, "a sample", new FixedTime(), replace);

    private StoreManifest WriteSample(bool replace = false)
    {
        using var writer = Writer(replace);
        Array.ForEach(Tracks, writer.Add);
        Array.ForEach(Listeners, writer.Add);
        Array.ForEach(Interactions, interaction => writer.Add(interaction));
        return writer.Commit();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }
}

using System.Security.Cryptography;

namespace Segue.Cli.Tests.Commands;

/// <summary>The way from a simulated world over a store to models and recommendations.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    private async Task<string> LabStore(string name = "store")
    {
        var (code, _, errors) = await CommandLine.Run("lab", "--listeners", "60", "--tracks", "120", "--days", "8", "--seed", "3", "--out", _shell.PathOf(name));
        Assert.True(code == 0, errors);
        return _shell.PathOf(name);
    }

    private static async Task Train(string store, params string[] more)
    {
        var (code, _, errors) = await CommandLine.Run(["train", "--store", store, "--set", "factors=8", "sweeps=3", .. more]);
        Assert.True(code == 0, errors);
    }

    [Fact]
    public async Task Equal_seeds_give_equal_stores_and_equal_models_for_one_and_two_threads()
    {
        var (one, two) = (await LabStore("one"), await LabStore("two"));
        await Train(one, "--threads", "1");
        await Train(two, "--threads", "2");

        string[] Hashes(string store) =>
        [
            .. Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Order()
                .Where(file => !file.EndsWith(".db", StringComparison.Ordinal))   // a database notes when it was made
                .Select(file => Path.GetRelativePath(store, file) + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))),
        ];
        Assert.Equal(Hashes(one), Hashes(two));
        Assert.Contains(Hashes(one), line => line.Contains("als.model", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Playlists_of_a_store_are_learnt_and_a_store_without_any_has_no_model_of_them()
    {
        var (none, some) = (await LabStore("none"), _shell.PathOf("some"));
        var (code, _, errors) = await CommandLine.Run("lab", "--listeners", "60", "--tracks", "120", "--days", "8", "--seed", "3", "--playlists", "0.5", "--out", some);
        Assert.True(code == 0, errors);

        await Train(none);
        await Train(some);

        Assert.False(File.Exists(Path.Combine(none, "models", "000001", "playlists.model")));
        Assert.True(File.Exists(Path.Combine(some, "models", "000001", "playlists.model")));
        Assert.Equal(0, (await CommandLine.Run("models", "verify", "--store", some)).Code);
    }

    [Fact]
    public async Task The_lab_continues_playlists_and_refuses_a_share_that_is_none()
    {
        var (code, output, errors) = await CommandLine.Run("lab", "playlists", "--seeds", "1", "--listeners", "60", "--tracks", "120", "--days", "5", "--playlists", "1");

        Assert.True(code == 0, errors);
        Assert.Contains("playlists and taste alike", output, StringComparison.Ordinal);
        var (refused, _, told) = await CommandLine.Run("lab", "playlists", "--playlists", "2");
        Assert.Equal(2, refused);
        Assert.Contains("PlaylistKeepers is 2", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommendations_are_new_to_the_user_ordered_and_explained()
    {
        var store = await LabStore();
        await Train(store);

        var (code, _, errors) = await CommandLine.Run("recommend", "--store", store, "--users", "all", "--top", "5", "--out", _shell.PathOf("out.csv"));

        Assert.True(code == 0, errors);
        var lines = File.ReadAllLines(_shell.PathOf("out.csv"));
        Assert.Equal("user,rank,track_id,title,artist_name,score,reason", lines[0]);
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(60 * 5, rows.Count);
        var heard = File.ReadLines(Path.Combine(store, "interactions.tsv")).Select(line => line.Split('\t')).Select(f => (f[0], f[1])).ToHashSet();
        Assert.All(rows, row => Assert.DoesNotContain((row[0], row[2]), heard));
        Assert.All(rows.GroupBy(row => row[0]), user =>
        {
            Assert.Equal(["1", "2", "3", "4", "5"], user.Select(row => row[1]));
            Assert.Equal(user.OrderByDescending(row => double.Parse(row[5])).Select(row => row[2]), user.Select(row => row[2]));
        });
        Assert.Contains(rows, row => row[6].StartsWith("because you play ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Published_models_are_proved_and_a_damaged_one_is_named()
    {
        var store = await LabStore();
        Assert.Contains("No model was published", (await CommandLine.Run("models", "verify", "--store", store)).Output, StringComparison.Ordinal);
        await Train(store);
        var (sound, output, _) = await CommandLine.Run("models", "verify", "--store", store);
        var file = Path.Combine(store, "models", "000001", "als.model");
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(file);
        File.WriteAllBytes(file, bytes);

        var (damaged, _, errors) = await CommandLine.Run("models", "verify", "--store", store);

        Assert.Equal((0, 2), (sound, damaged));
        Assert.Contains("version 000001 is in use", output, StringComparison.Ordinal);
        Assert.Contains(file, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_user_leaves_no_file_behind()
    {
        var store = await LabStore();
        await Train(store);
        var before = _shell.Entries();

        var (code, _, errors) = await CommandLine.Run("recommend", "--store", store, "--users", "nobody", "--out", _shell.PathOf("out.csv"));

        Assert.Equal(2, code);
        Assert.Equal("segue: There is no user 'nobody'.", errors.Trim());
        Assert.Equal(before, _shell.Entries());
    }

    [Fact]
    public async Task A_store_without_models_is_told()
    {
        var store = await LabStore();

        var (code, _, errors) = await CommandLine.Run("recommend", "--store", store);

        Assert.Equal(2, code);
        Assert.Contains("No model was trained yet", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("recommend")]
    [InlineData("serve")]
    public async Task A_place_without_a_store_is_told(string command)
    {
        var (code, _, errors) = await CommandLine.Run(command, "--store", _shell.PathOf("nowhere"));

        Assert.Equal(2, code);
        Assert.Contains("There is no store at ", errors, StringComparison.Ordinal);
        Assert.Empty(_shell.Entries());
    }

    [Fact]
    public async Task A_damaged_model_is_told_with_its_path()
    {
        var store = await LabStore();
        await Train(store);
        var path = Path.Combine(store, "models", "000001", "als.model");
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);

        var (code, _, errors) = await CommandLine.Run("recommend", "--store", store);

        Assert.Equal(2, code);
        Assert.Contains("als.model: The model file's section 'gram' is damaged", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparing_policies_prints_each_and_the_lead_over_it()
    {
        var (code, output, errors) = await CommandLine.Run("lab", "compare", "--listeners", "80", "--tracks", "200", "--days", "10", "--seeds", "2");

        Assert.True(code == 0, errors);
        foreach (var policy in new[] { "random", "most popular", "taste list", "radio without session" })
        {
            Assert.Contains($"  {policy}", output, StringComparison.Ordinal);
            Assert.Contains($"over {policy}", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lab_shows_the_figures_it_is_held_against()
    {
        var (code, output, _) = await CommandLine.Run("lab", "--listeners", "300", "--tracks", "1000", "--days", "10");

        Assert.Equal(0, code);
        Assert.Contains("skipped within 5 s", output, StringComparison.Ordinal);
        Assert.Contains("Lamere", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lab_fills_a_folder_with_music_that_is_as_long_as_its_store_says()
    {
        var (code, output, errors) = await CommandLine.Run(
            "lab", "--listeners", "30", "--tracks", "40", "--days", "3", "--out", _shell.PathOf("store"),
            "--music", _shell.PathOf("music"), "--music-tracks", "6", "--music-seconds", "10.5");

        Assert.True(code == 0, errors);
        Assert.Contains("6 files of music", output, StringComparison.Ordinal);
        Assert.Equal(6, Directory.GetFiles(_shell.PathOf("music"), "*.wav", SearchOption.AllDirectories).Length);
        var catalogue = await File.ReadAllLinesAsync(Path.Combine(_shell.PathOf("store"), "catalogue.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(6, catalogue.Count(line => line.Contains("10.5", StringComparison.Ordinal) || line.Contains("10500", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--music-seconds", "5")]
    [InlineData("--music-seconds", "NaN")]
    [InlineData("--music-tracks", "-1")]
    public async Task Music_that_cannot_be_is_told_before_anything_is_written(string option, string value)
    {
        var (code, _, errors) = await CommandLine.Run(
            "lab", "--listeners", "30", "--tracks", "40", "--days", "3", "--out", _shell.PathOf("store"), "--music", _shell.PathOf("music"), option, value);

        Assert.Equal(2, code);
        Assert.Contains(value, errors, StringComparison.Ordinal);
        Assert.Empty(_shell.Entries());
    }

    [Fact]
    public async Task A_size_out_of_range_is_told()
    {
        var (code, _, errors) = await CommandLine.Run("lab", "--tracks", "3", "--out", _shell.PathOf("store"));

        Assert.Equal(2, code);
        Assert.Contains("Tracks is 3; it must lie from 20", errors, StringComparison.Ordinal);
        Assert.Empty(_shell.Entries());
    }
    [Fact]
    public async Task A_blend_is_judged_by_number_of_listeners()
    {
        var (code, output, errors) = await CommandLine.Run(
            "lab", "sound", "--blend", "--worlds", "1", "--tracks", "60", "--listeners", "100", "--days", "10", "--cold", "0.5", "--steps", "1");

        Assert.True(code == 0, errors);
        Assert.Matches(@"^1 +\d+ +[\d.]+( +0\.\d{3}){6}\r?$", output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[2]);
    }

    [Theory]
    [InlineData("--cold", "0.7", "The share of cold tracks is 0.7; it must lie from 0.05 to 0.5")]
    [InlineData("--steps", "0", "EncoderSteps is 0; it must lie from 1")]
    [InlineData("--worlds", "0", "--worlds is 0; allowed are 1 to 1000")]
    public async Task A_comparison_of_sound_that_cannot_be_made_is_told(string option, string value, string fault)
    {
        var (code, _, errors) = await CommandLine.Run("lab", "sound", option, value);

        Assert.Equal(2, code);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }
}

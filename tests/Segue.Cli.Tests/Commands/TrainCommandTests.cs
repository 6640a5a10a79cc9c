using System.Diagnostics;
using Segue.Models.Registry;

namespace Segue.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private static readonly string[] Quick = ["--tune", "0", "--set", "factors=8", "sweeps=8"];
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task The_first_training_searches_for_settings_and_the_next_goes_on_with_them()
    {
        var (store, table) = (await LabStore(), _shell.PathOf("trials.tsv"));

        var first = await Train(store, "--set", "factors=8", "sweeps=4", "--tune", "4", "--trials", table);
        var second = await Train(store);

        Assert.Contains("trials of 4 settings", first, StringComparison.Ordinal);
        Assert.Equal(1 + 4 + 2 + 1, File.ReadAllLines(table).Length);
        Assert.Contains("Going on from version 000001: 0 users and 0 items are new.", second, StringComparison.Ordinal);
        Assert.DoesNotContain("trials", second, StringComparison.Ordinal);
        Assert.Equal(Settings(first), Settings(second));
    }

    [Fact]
    public async Task Where_tracks_have_tags_their_space_is_published_with_the_set()
    {
        var store = await LabStore();

        var told = await Train(store, Quick);

        Assert.Contains("dimensions=64", told, StringComparison.Ordinal);
        Assert.InRange(new ModelRegistry(Path.Combine(store, "models")).LoadCurrent().Tags!.Dimensions, 2, 64);
    }

    [Fact]
    public async Task A_store_with_little_to_judge_by_is_trained_with_the_defaults()
    {
        var told = await Train(await LabStore(listeners: 6), "--set", "factors=4", "sweeps=2");

        Assert.Contains("Settings are not searched for: only ", told, StringComparison.Ordinal);
        Assert.Contains("lambda=0.01", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_anew_gives_the_bytes_of_the_first_training()
    {
        var store = await LabStore();
        await Train(store, Quick);
        await Train(store, Quick);
        await Train(store, [.. Quick, "--anew"]);

        Assert.NotEqual(Model(store, 1), Model(store, 2));
        Assert.Equal(Model(store, 1), Model(store, 3));
    }

    [Fact]
    public async Task An_update_solves_what_changed_and_needs_something_to_update()
    {
        var store = await LabStore();
        var none = await CommandLine.Run("train", "--store", store, "--update");
        await Train(store, Quick);
        var set = await CommandLine.Run("train", "--store", store, "--update", "--set", "lambda=1");

        var nothing = await Train(store, "--update");

        Assert.Equal((2, 2), (none.Code, set.Code));
        Assert.Contains("--update needs a published training", none.Errors, StringComparison.Ordinal);
        Assert.Contains("leave --anew, --set", set.Errors, StringComparison.Ordinal);
        Assert.Contains("Nothing has changed since version 000001", nothing, StringComparison.Ordinal);
        Assert.Equal("000001", new ModelRegistry(Path.Combine(store, "models")).Current());
        var listen = _shell.Write("more.jsonl", """{"type": "listen", "listener": "somebody-new", "at": "2026-01-02T10:00:00Z", "track": "t00003", "heardSeconds": 200, "trackSeconds": 200}""");
        Assert.Equal(0, (await CommandLine.Run("ingest", listen, "--into", store)).Code);
        Assert.Contains("Updated version 000001: 1 of 121 users and 1 of 200 items had changed.", await Train(store, "--update"), StringComparison.Ordinal);
        Assert.Equal("000002", new ModelRegistry(Path.Combine(store, "models")).Current());
    }

    [Fact]
    public async Task Taste_is_learnt_from_matrices_on_disk_when_a_part_of_what_happened_shall_count()
    {
        var (store, other) = (await LabStore("one"), await LabStore("two"));

        var told = await Train(store, [.. Quick, "--memory", "64", "--newest", "5", "--threads", "1"]);
        await Train(other, [.. Quick, "--memory", "80", "--newest", "5", "--threads", "2"]);

        Assert.Matches(@"Matrices: [\d,]+ pairs of [\d,]+ interactions, ", told);
        Assert.Equal(Model(store, 1), Model(other, 1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store, "work", "training")));
    }

    [Fact]
    public async Task What_was_learnt_from_a_part_cannot_be_updated_and_old_versions_go()
    {
        var store = await LabStore();
        await Train(store, [.. Quick, "--newest", "5"]);
        await Train(store, [.. Quick, "--newest", "5", "--keep-models", "1"]);

        var (code, _, errors) = await CommandLine.Run("train", "--store", store, "--update");

        Assert.Equal(2, code);
        Assert.Contains("(5 tracks a listener, the newest)", errors, StringComparison.Ordinal);
        Assert.Equal(["000002"], new ModelRegistry(Path.Combine(store, "models")).Versions());
    }

    [Theory]
    [InlineData("is too little for", "--memory", "1")]
    [InlineData("The horizon in days is -1", "--horizon", "-1")]
    [InlineData("take a number of at least 1, not 0", "--newest", "0")]
    [InlineData("--keep-models is 0", "--keep-models", "0")]
    [InlineData("leave --anew, --set", "--update", "--horizon", "5")]
    [InlineData("cannot both be given", "--newest", "5", "--sample", "5")]
    [InlineData("listen.weight=-1 is not allowed", "--set", "listen.weight=-1")]
    [InlineData("skip.target=0.5NaN", "--set", "skip.target=0.5NaN")]
    [InlineData("factors=0 is not allowed", "--set", "factors=0")]
    [InlineData("--tune is -3", "--tune", "-3")]
    public async Task What_is_out_of_range_is_told_and_nothing_is_published(string message, params string[] options)
    {
        var store = await LabStore();

        var (code, _, errors) = await CommandLine.Run(["train", "--store", store, .. options]);

        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Null(new ModelRegistry(Path.Combine(store, "models")).Current());
    }

    [Fact]
    public async Task A_training_that_was_killed_again_and_again_ends_in_the_bytes_of_one_that_was_not()
    {
        string[] settings = ["--tune", "0", "--threads", "1", "--set", "factors=64", "sweeps=150"];
        var (killed, whole) = (await LabStore("killed"), await LabStore("whole"));
        var checkpoint = Path.Combine(killed, "work", "training", "als.checkpoint");
        var kills = 0;
        for (var round = 0; round < 3; round++)
        {
            using var process = Start(["train", "--store", killed, .. settings]);
            var seen = File.Exists(checkpoint) ? File.GetLastWriteTimeUtc(checkpoint) : DateTime.MinValue;
            while (!process.HasExited && (!File.Exists(checkpoint) || File.GetLastWriteTimeUtc(checkpoint) == seen))
            {
                await Task.Delay(2, TestContext.Current.CancellationToken);
            }
            kills += process.HasExited ? 0 : 1;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        await Train(killed, settings);
        await Train(whole, settings);

        Assert.Equal(3, kills);
        Assert.Equal(Model(whole, 1), Model(killed, 1));
        Assert.False(File.Exists(checkpoint));
    }

    [Fact]
    public async Task A_plan_names_every_step_with_its_time_memory_and_disk()
    {
        var (code, output, errors) = await CommandLine.Run(
            "plan", "--listeners", "1000000", "--tracks", "200000", "--listens", "50000000", "--factors", "8", "--track-length", "20", "--cores", "3");

        Assert.True(code == 0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (steps, radio, sound) = (lines[^14..^9], lines[^9..^7], lines[^4..]);
        Assert.Matches("^Radio, a core: [0-9,]+ reactions with a list of ten a second, [0-9,]+ first lists", radio[0]);
        Assert.Matches("records of 100,000 listeners .* 10,000 sittings at once", radio[1]);
        Assert.Contains("200,000 files of 20 s, 10 GiB of spectra", lines);
        Assert.StartsWith("listening to every file once", sound[0], StringComparison.Ordinal);
        Assert.All(sound, step => Assert.Equal(4, step.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^4..].Count(number => double.TryParse(number, out var value) && value >= 0)));
        Assert.StartsWith("matrices of taste", steps[0], StringComparison.Ordinal);
        Assert.StartsWith("training from random factors, 16 sweeps", steps[1], StringComparison.Ordinal);
        Assert.All(steps, step => Assert.Equal(3, step.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3..].Count(number => double.TryParse(number, out var value) && value >= 0)));
    }

    [Theory]
    [InlineData("Listeners is 0", "0", "5", "5", "8")]
    [InlineData("Factors is 2000", "5", "5", "5", "2000")]
    [InlineData("Listens is -1", "5", "5", "-1", "8")]
    [InlineData("Cores is 0", "5", "5", "5", "8", "--cores", "0")]
    [InlineData("--track-length is 9", "5", "5", "5", "8", "--track-length", "9")]
    [InlineData("SpectraCache is -1073741824", "5", "5", "5", "8", "--spectra-cache", "-1")]
    public async Task A_size_out_of_range_is_told_before_anything_is_measured(string message, string listeners, string tracks, string listens, string factors, params string[] more)
    {
        var (code, _, errors) = await CommandLine.Run(["plan", "--listeners", listeners, "--tracks", tracks, "--listens", listens, "--factors", factors, .. more]);

        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private async Task<string> LabStore(string name = "store", int listeners = 120)
    {
        var (code, _, errors) = await CommandLine.Run("lab", "--out", _shell.PathOf(name), "--listeners", $"{listeners}", "--tracks", "200", "--days", "8");
        Assert.True(code == 0, errors);
        return _shell.PathOf(name);
    }

    private static async Task<string> Train(string store, params string[] more)
    {
        var (code, output, errors) = await CommandLine.Run(["train", "--store", store, .. more]);
        Assert.True(code == 0, errors);
        return output;
    }

    private static Process Start(string[] args) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "segue.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    private static byte[] Model(string store, int version) => File.ReadAllBytes(Path.Combine(store, "models", $"{version:D6}", "als.model"));

    private static string Settings(string output) => output.Split('\n').Single(line => line.StartsWith("als ", StringComparison.Ordinal));
}

using Segue.Retrieval.Lists;

namespace Segue.Cli.Tests.Commands;

public sealed class ListsCommandTests : IDisposable
{
    private const int Played = 57;   // of the 60 listeners
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    private async Task<string> TrainedStoreAsync()
    {
        var store = _shell.PathOf("store");
        foreach (var args in new string[][]
        {
            ["lab", "--listeners", "60", "--tracks", "120", "--days", "8", "--seed", "3", "--out", store],
            ["train", "--store", store, "--set", "factors=8", "sweeps=3"],
        })
        {
            var (code, _, errors) = await CommandLine.Run(args);
            Assert.True(code == 0, errors);
        }
        return store;
    }

    private static async Task<string> ListsAsync(string store, params string[] more)
    {
        var (code, output, errors) = await CommandLine.Run(["lists", "--store", store, .. more]);
        Assert.True(code == 0, errors);
        return output;
    }

    [Fact]
    public async Task Lists_are_made_for_everybody_or_for_who_was_active()
    {
        var store = await TrainedStoreAsync();
        var file = Path.Combine(store, "listeners.lists");

        var output = await ListsAsync(store, "--count", "7");

        Assert.StartsWith($"Made {Played} lists of 7 tracks with models of version 000001 in ", output, StringComparison.Ordinal);
        using (var lists = ListenerLists.Open(file))
        {
            Assert.Equal((Played, 7, "000001"), (lists.Count, lists.Length, lists.ModelVersion));
        }
        await ListsAsync(store, "--active-days", "1");   // the lab's time is long ago
        using var none = ListenerLists.Open(file);
        Assert.Equal((0, 100), (none.Count, none.Length));
        await ListsAsync(store, "--active-days", "36500");
        using var all = ListenerLists.Open(file);
        Assert.Equal(Played, all.Count);
        Assert.False(File.Exists(file + ".draft"));
    }

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--count", "1001")]
    [InlineData("--active-days", "0")]
    public async Task Options_out_of_range_are_refused(string option, string value)
    {
        var (code, _, errors) = await CommandLine.Run("lists", "--store", _shell.PathOf("none"), option, value);

        Assert.Equal(2, code);
        Assert.Contains($"{option} is {value}; allowed are 1 to", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_models_nothing_is_made()
    {
        var store = _shell.PathOf("store");
        await CommandLine.Run("lab", "--listeners", "20", "--tracks", "40", "--days", "3", "--out", store);

        var (code, _, errors) = await CommandLine.Run("lists", "--store", store);

        Assert.Equal(2, code);
        Assert.Contains("No model was trained yet", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(store, "listeners.lists")));
    }
}

namespace Segue.Cli.Tests.Commands;

/// <summary>The funnel of artists from the command line, on a store of tracks.</summary>
public sealed class ArtistCommandTests : IDisposable
{
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Artists_of_a_store_of_tracks_are_recommended_to_each_user_with_score_and_reason()
    {
        var store = await LabStore();

        var (code, output, errors) = await CommandLine.Run("recommend", "--kind", "artists", "--store", store, "--top", "3", "--out", _shell.PathOf("out.csv"));

        Assert.True(code == 0, errors);
        Assert.Contains("Wrote 60 users' recommendations", output, StringComparison.Ordinal);
        var lines = File.ReadAllLines(_shell.PathOf("out.csv"));
        Assert.Equal("user,rank,artist_id,artist_name,score,sources,reason", lines[0]);
        var rows = lines.Skip(1).Select(line => line.Split(',', 7)).ToList();
        var artistOf = File.ReadLines(Path.Combine(store, "catalogue.jsonl")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
            .ToDictionary(track => track.GetProperty("id").GetString()!, track => track.GetProperty("artistId").GetString()!);
        var heard = File.ReadLines(Path.Combine(store, "interactions.tsv")).Skip(1).Select(line => line.Split('\t')).Select(f => (f[0], artistOf[f[1]])).ToHashSet();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(row[2], artistOf.Values));
        Assert.All(rows, row => Assert.DoesNotContain((row[0], row[2]), heard));
        Assert.All(rows.GroupBy(row => row[0]), user => Assert.Equal(Enumerable.Range(1, user.Count()).Select(rank => $"{rank}"), user.Select(row => row[1])));
        Assert.All(rows, row => Assert.Matches("^(\"?because you play |\"?tagged |\"?who plays |\\d+ of 60 listeners play it)", row[6]));
    }

    [Fact]
    public async Task An_unknown_user_is_told_before_anything_is_learnt_or_written()
    {
        var store = await LabStore();

        var (code, _, errors) = await CommandLine.Run("recommend", "--kind", "artists", "--store", store, "--users", "nobody", "--out", _shell.PathOf("out.csv"));

        Assert.Equal((2, "segue: There is no user 'nobody'."), (code, errors.Trim()));
        Assert.False(File.Exists(_shell.PathOf("out.csv")));
    }

    [Fact]
    public async Task A_kind_that_does_not_exist_is_told()
        => Assert.NotEqual(0, (await CommandLine.Run("recommend", "--kind", "albums", "--store", _shell.PathOf("store"))).Code);

    [Theory]
    [InlineData("als.depth=3", "'depth' is not a setting")]
    [InlineData("depth=3", "--set depth has none of the prefixes als., tags., cooccurrence., funnel.")]
    [InlineData("funnel.folds=0", "folds=0 is not allowed")]
    public async Task Settings_of_the_benchmark_that_cannot_be_are_told(string setting, string message)
    {
        var (code, _, errors) = await CommandLine.Run("benchmark", "funnel", _shell.Folder, "--set", setting);

        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_benchmark_shows_the_funnel_beside_each_source()
    {
        WriteHetRec();

        var (code, output, errors) = await CommandLine.Run("benchmark", "funnel", _shell.Folder, "--weights", "--set", "funnel.factors=4", "funnel.folds=1", "als.factors=4", "als.sweeps=2");

        Assert.True(code == 0, errors);
        Assert.Contains("20 users, lists of 20", output, StringComparison.Ordinal);
        Assert.All(new[] { "random", "popular", "tags", "co-listen", "taste", "funnel", "tag cosine", "product of factors 3" }, name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    private async Task<string> LabStore()
    {
        var (code, _, errors) = await CommandLine.Run("lab", "--listeners", "60", "--tracks", "300", "--days", "5", "--seed", "3", "--out", _shell.PathOf("store"));
        Assert.True(code == 0, errors);
        return _shell.PathOf("store");
    }

    // Twenty users of eight artists each, of forty.
    private void WriteHetRec()
    {
        string Rows(string header, IEnumerable<string> rows) => header + "\n" + string.Concat(rows.Select(row => row + "\n"));
        var plays = (from user in Enumerable.Range(1, 20) from n in Enumerable.Range(0, 8) select (user, artist: (user * 3 + n) % 40 + 1)).ToList();
        _shell.Write("artists.dat", Rows("id\tname\turl\tpictureURL", Enumerable.Range(1, 40).Select(n => $"{n}\tArtist {n}\t\t")));
        _shell.Write("tags.dat", Rows("tagID\ttagValue", ["1\trock", "2\tjazz"]));
        _shell.Write("user_artists.dat", Rows("userID\tartistID\tweight", plays.Select(play => $"{play.user}\t{play.artist}\t{play.user + play.artist}")));
        _shell.Write("user_taggedartists.dat", Rows("userID\tartistID\ttagID\tday\tmonth\tyear", plays.Select(play => $"{play.user}\t{play.artist}\t{play.artist % 2 + 1}\t1\t1\t2010")));
        _shell.Write("user_friends.dat", Rows("userID\tfriendID", []));
    }
}

using System.Text.Json;

namespace Segue.Cli.Tests.Commands;

/// <summary>The way from raw events to features, by commands alone.</summary>
public sealed class EventCommandTests : IDisposable
{
    private const string Lines = """
        {"type":"listen","listener":"anna@example.org","at":"2026-01-05T10:00:00Z","recording":{"artist":"The A","title":"One"},"heardSeconds":100,"trackSeconds":100}
        {"type":"listen","listener":"anna@example.org","at":"2026-01-05T10:02:00Z","recording":{"artist":"The A","title":"Two"},"heardSeconds":100,"trackSeconds":100}
        {"type":"listen","listener":"ben@example.org","at":"2026-01-05T11:00:00Z","recording":{"artist":"the a","title":"ONE"},"heardSeconds":5,"trackSeconds":100}

        {"type":"listen","listener":"ben@example.org","at":"2026-01-05T12:00:00Z","recording":{"artist":"The A","title":"One"},"private":true}
        {"type":"dance","listener":"ben@example.org","at":"2026-01-05T12:00:00Z"}
        """;

    private readonly CommandLine _line = new();

    private string Store => _line.PathOf("store");

    public void Dispose() => _line.Dispose();

    private static async Task<string> Done(params string[] args)
    {
        var (code, output, errors) = await CommandLine.Run(args);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {code}: {errors}{output}");
        return output;
    }

    private async Task<JsonElement> Ingest(string path, params string[] more)
        => JsonSerializer.Deserialize<JsonElement>((await Done(["ingest", path, "--into", Store, "--json", .. more])).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);

    [Fact]
    public async Task Every_line_is_accounted_for_and_a_second_ingest_adds_nothing()
    {
        var file = _line.Write("events.jsonl", Lines);

        var first = await Ingest(file);
        var second = await Ingest(file);
        var third = await Ingest(file, "--resume");
        var fourth = await Ingest(file, "--resume");

        Assert.Equal("""{"read":5,"accepted":3,"duplicate":0,"rejected":1,"filtered":1,"rejectedBy":{"unknown-value":1},"filteredBy":{"private":1}}""", first.GetRawText());
        Assert.Equal((0, 3), (second.GetProperty("accepted").GetInt32(), second.GetProperty("duplicate").GetInt32()));
        Assert.Equal(5, third.GetProperty("read").GetInt32());
        Assert.Equal(0, fourth.GetProperty("read").GetInt32());
    }

    [Fact]
    public async Task An_ingest_of_which_every_line_was_rejected_fails_and_says_so()
    {
        var foreign = _line.Write("foreign.jsonl", "{\"page\":\"NextSong\"}\n{\"page\":\"Home\"}\n");

        var (code, output, errors) = await CommandLine.Run("ingest", foreign, "--into", Store, "--json");
        var (empty, _, _) = await CommandLine.Run("ingest", _line.Write("empty.jsonl", "\n"), "--into", Store);

        Assert.Equal(2, code);
        Assert.Contains("all of the 2 lines read were rejected", errors, StringComparison.Ordinal);
        Assert.Contains("\"rejected\":2", output, StringComparison.Ordinal);
        Assert.Equal(0, empty);
    }

    [Fact]
    public async Task The_whole_way_by_commands()
    {
        await Ingest(_line.Write("events.jsonl", Lines));
        Assert.Contains("unknown-value", await Done("dead-letters", "list", "--store", Store), StringComparison.Ordinal);
        Assert.Contains("\"rejected\":1", await Done("dead-letters", "replay", "--store", Store), StringComparison.Ordinal);
        var first = await Done("etl", "--store", Store, "--to", "2026-02-01");
        var bytes = Files();
        var second = await Done("etl", "--store", Store, "--to", "2026-02-01");
        Assert.Contains("3 new events", first, StringComparison.Ordinal);
        Assert.Contains(" 0 new events", second, StringComparison.Ordinal);
        Assert.Equal(bytes, Files());
        await Done("train", "--store", Store, "--set", "factors=4");
        Assert.Contains(",1,text:", await Done("recommend", "--store", Store, "--users", "ben@example.org", "--top", "1"), StringComparison.Ordinal);
        Assert.Contains("0 faults", await Done("log", "verify", "--store", Store), StringComparison.Ordinal);
        var export = JsonSerializer.Deserialize<JsonElement>(await Done("export", "--store", Store, "--listener", "anna@example.org"));
        Assert.Equal(2, export.GetProperty("events").GetArrayLength());
        Assert.Equal(2, export.GetProperty("features").GetProperty("plays").GetProperty("plays").GetInt32());

        var receipt = JsonSerializer.Deserialize<JsonElement>(await Done("erase", "--store", Store, "--listener", "anna@example.org"));

        Assert.Equal(0, receipt.GetProperty("filesHolding").GetArrayLength());
        export = JsonSerializer.Deserialize<JsonElement>(await Done("export", "--store", Store, "--listener", "anna@example.org"));
        Assert.Equal(0, export.GetProperty("events").GetArrayLength());
        Assert.Contains("0 faults", await Done("log", "verify", "--store", Store), StringComparison.Ordinal);
        await Done("keys", "rotate", "--store", Store);
        Assert.Equal(3, (await Ingest(_line.PathOf("events.jsonl"))).GetProperty("duplicate").GetInt32());
    }

    [Fact]
    public async Task So_many_snapshots_stay_as_is_said()
    {
        await Ingest(_line.Write("events.jsonl", Lines));
        foreach (var month in new[] { "02", "03", "04" })
        {
            await Done("etl", "--store", Store, "--to", $"2026-{month}-01", "--keep-snapshots", "2");
        }

        Assert.Equal(["20260301", "20260401"], Directory.GetFiles(Path.Combine(Store, "objects", "features"), "manifest.json", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file))![..8]).Order());
        Assert.Equal(2, (await CommandLine.Run("etl", "--store", Store, "--keep-snapshots", "0")).Code);
    }

    [Fact]
    public async Task Rows_become_catalogue_and_accounts_and_events_find_them()
    {
        await Done("import", "catalogue", _line.Write("music.csv", "song,name,band,secs\ns1,One,The A,100\ns2,Two,The A,101\n"), "--into", Store,
            "--id", "song", "--title", "name", "--artist", "band", "--duration", "secs");
        await Done("import", "accounts", _line.Write("people.csv", "id,born,sex,town\nanna@example.org,1990-02-03,f,\"Boise, ID\"\n"), "--into", Store,
            "--birth-date", "born", "--gender", "sex", "--place", "town");

        var (code, output, _) = await CommandLine.Run("ingest", _line.Write("events.jsonl", Lines), "--into", Store);
        var export = JsonSerializer.Deserialize<JsonElement>(await Done("export", "--store", Store, "--listener", "anna@example.org"));

        Assert.Equal(0, code);
        Assert.Contains("Found in the catalogue: 100.0", output, StringComparison.Ordinal);
        Assert.Equal("s1", export.GetProperty("events")[0].GetProperty("track").GetString());
        Assert.Equal("Boise", export.GetProperty("account").GetProperty("city").GetString());
        Assert.DoesNotContain("anna", export.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("1990", export.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_of_the_Sparkify_folder_is_accounted_for()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("SEGUE_DATA") ?? Path.Combine(Root(), "..", "shared", "data"), "sparkify-events");
        Assert.SkipUnless(Directory.Exists(folder), $"The public data set is not at {folder}.");
        var lines = Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).SelectMany(File.ReadLines).Where(text => text.Trim().Length > 0)
            .Select(text => JsonDocument.Parse(text).RootElement).ToList();
        var plays = lines.Where(line => line.TryGetProperty("page", out var page) && page.GetString() == "NextSong" && line.GetProperty("userId").GetString() != "").ToList();
        string[] mapping = ["--mapping", Path.Combine(Root(), "samples", "sparkify-mapping.json")];

        var first = await Ingest(folder, mapping);
        var second = await Ingest(folder, mapping);
        await Done("etl", "--store", Store, "--to", "2018-12-01");

        int Of(JsonElement counts, string name) => counts.GetProperty(name).GetInt32();
        Assert.Equal(lines.Count, Of(first, "read"));
        Assert.Equal(lines.Count, Of(first, "accepted") + Of(first, "rejected") + Of(first, "filtered"));
        Assert.Equal((plays.Count, 0), (Of(first, "accepted"), Of(first, "rejected")));
        Assert.Equal((0, plays.Count), (Of(second, "accepted"), Of(second, "duplicate")));
        var users = plays.GroupBy(play => play.GetProperty("userId").GetString()!).ToList();
        var (sessions, heard) = (0L, 0L);
        foreach (var user in users)
        {
            var export = JsonSerializer.Deserialize<JsonElement>(await Done("export", "--store", Store, "--listener", user.Key));
            sessions += export.GetProperty("features").GetProperty("sessions").GetInt64();
            heard += export.GetProperty("events").GetArrayLength();
        }
        Assert.Equal(plays.Count, heard);
        Assert.Equal(users.Sum(user => Sittings([.. user.Select(play => play.GetProperty("ts").GetInt64()).Order()])), sessions);
    }

    [Theory]
    [InlineData("ingest", "nowhere.jsonl", "--into", "S")]
    [InlineData("etl", "--store", "S")]
    [InlineData("erase", "--store", "S", "--listener", "x")]
    [InlineData("export", "--store", "S", "--listener", "x")]
    [InlineData("log", "verify", "--store", "S")]
    [InlineData("import", "accounts", "--into", "S")]
    public async Task What_is_not_there_is_told_and_nothing_is_made(params string[] args)
    {
        var (code, _, errors) = await CommandLine.Run([.. args.Select(arg => arg is "S" or "nowhere.jsonl" ? _line.PathOf(arg) : arg)]);

        Assert.Equal(2, code);
        Assert.StartsWith("segue: ", errors, StringComparison.Ordinal);
        Assert.Empty(_line.Entries());
    }

    private static long Sittings(long[] times) => 1 + times.Zip(times.Skip(1)).LongCount(pair => pair.Second - pair.First >= 30 * 60 * 1000);

    private string[] Files() => [.. Directory.GetFiles(Path.Combine(Store, "objects"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Segue.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return folder;
    }
}

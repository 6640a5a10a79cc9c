using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

public sealed class ListenerDataTests
{
    private const string Account = "ursula@example.org";

    private static string Listen(string account, int track, double minutesAgo)
        => $$"""{"type":"listen","listener":"{{account}}","track":"{{StoreServer.Track(track)}}","at":{{TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo).ToUnixTimeMilliseconds()}},"heardSeconds":200,"trackSeconds":200}""";

    private static async Task<JsonElement> EraseAsync(StoreServer server, string account)
    {
        using var response = await server.Client.DeleteAsync($"/v1/listeners/{Uri.EscapeDataString(account)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_erased_listener_is_nowhere_and_a_resend_does_not_bring_them_back()
    {
        await using var server = await StoreServer.StartAsync();
        var events = $"[{Listen(Account, 1, 3000)},{Listen(Account, 2, 20)},{Listen("other", 3, 10)},{{\"listener\":\"{Account}\"}}]";
        await server.PostAsync("/v1/events", events);
        server.Store.Tokens.Create(server.Store.Pseudonyms.Know(Account));
        server.Store.Parts.Accounts.Upsert([new(new(server.Store.Pseudonyms.Of(Account), new("CH"), Core.AgeBand.From55, Core.Gender.Female))]);
        await server.OnAir.Host!.RunEtlAsync(keep: 7, TestContext.Current.CancellationToken);
        var export = await server.GetAsync($"/v1/listeners/{Account}/export");
        Assert.Equal(2, export.GetProperty("events").GetArrayLength());
        Assert.Contains(Account, Assert.Single(export.GetProperty("rejectedEvents").EnumerateArray()).GetProperty("asItCame").GetString(), StringComparison.Ordinal);
        Assert.Equal("CH", export.GetProperty("account").GetProperty("country").GetString());
        Assert.Equal(2, (await server.GetAsync($"/v1/listeners/{Account}/features")).GetProperty("plays").GetInt64());

        var receipt = await EraseAsync(server, Account);

        Assert.Empty(receipt.GetProperty("filesHolding").EnumerateArray());
        Assert.True(receipt.GetProperty("filesScanned").GetInt32() > 10);
        var removed = receipt.GetProperty("places").EnumerateArray().ToDictionary(place => place.GetProperty("place").GetString()!, place => place.GetProperty("removed").GetInt64());
        Assert.Equal((2, 1, 1, 1, 2), (removed["event log"], removed["dead letters"], removed["accounts"], removed["tokens"], removed["compacted events"]));
        Assert.True(removed["features"] > 0);
        using var gone = await server.Client.GetAsync($"/v1/listeners/{Account}/recommendations", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.DoesNotContain(server.Store.Pseudonyms.Of(Account).Value, await gone.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, (await server.GetAsync($"/v1/listeners/{Account}/export")).GetProperty("events").GetArrayLength());
        Assert.Equal(0, (await server.PostAsync("/v1/events", events)).GetProperty("accepted").GetInt32());
        Assert.Empty(server.Store.Events.DeadLetters.CountByReason());
    }

    [Fact]
    public async Task A_listener_of_the_data_set_leaves_data_set_and_models_too()
    {
        await using var server = await StoreServer.StartAsync();
        var listener = StoreServer.Listener(7);

        var receipt = await EraseAsync(server, listener);

        Assert.Empty(receipt.GetProperty("filesHolding").EnumerateArray());
        Assert.NotEqual(0, (await server.GetAsync($"/v1/listeners/{StoreServer.Listener(8)}/export")).GetProperty("importedInteractions").GetArrayLength());
        await server.RestartAsync();
        using var gone = await server.Client.GetAsync($"/v1/listeners/{listener}/recommendations", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await server.GetAsync($"/v1/listeners/{StoreServer.Listener(8)}/recommendations");
    }

    [Fact]
    public async Task The_last_hour_is_forgotten_and_what_was_before_it_is_not()
    {
        await using var server = await StoreServer.StartAsync();
        await server.PostAsync("/v1/events", $"[{Listen(Account, 1, 120)},{Listen(Account, 2, 30)},{Listen(Account, 3, 5)},{Listen("other", 3, 5)}]");

        var forgotten = await server.PostAsync($"/v1/listeners/{Account}/forget?minutes=60", "");

        Assert.Equal(2, forgotten.GetProperty("events").GetInt64());
        Assert.Equal(2, server.Store.Events.Log.Read(0).Count());
        await server.GetAsync($"/v1/listeners/{Account}/recommendations");
        await server.PostAsync($"/v1/listeners/{Account}/forget?minutes=0", "", 400);
        var problem = await server.PostAsync($"/v1/listeners/{Account}/forget?minutes=an+hour", "", 400);
        Assert.Equal("minutes is 'an hour'; it must be a whole number, 1 to 1440.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_rotation_of_keys_keeps_every_event_under_a_new_pseudonym()
    {
        await using var server = await StoreServer.StartAsync();
        var events = $"[{Listen(Account, 1, 3000)},{Listen(Account, 2, 20)},{Listen(StoreServer.Listener(3), 3, 10)}]";
        await server.PostAsync("/v1/events", events);
        await server.PostAsync("/v1/events", $"[{{\"listener\":\"{Account}\"}}]");
        await server.OnAir.Host!.RunEtlAsync(keep: 7, TestContext.Current.CancellationToken);
        var token = server.Store.Tokens.Create(server.Store.Pseudonyms.Know(Account));
        var before = server.Store.Pseudonyms.Of(Account);
        await server.Store.DisposeAsync();

        Assert.Equal(2, await new KeyRotation(server.Root, new(), TimeProvider.System).RunAsync(TestContext.Current.CancellationToken));

        await using var store = OpenStore.Open(server.Root, new(), TimeProvider.System);
        var after = store.Pseudonyms.Of(Account);
        Assert.NotEqual(before, after);
        Assert.Equal(after, store.Tokens.Find(token)!.Value.Id);
        Assert.Equal([after, after, new(StoreServer.Listener(3))], store.Events.Log.Read(0).Select(logged => logged.Event.Listener));
        var resent = await store.Events.TakeAsync(System.Text.Encoding.UTF8.GetBytes(events), TestContext.Current.CancellationToken);
        Assert.All(resent.Verdicts, verdict => Assert.Equal(Events.Doors.DoorOutcome.Duplicate, verdict.Outcome));
        using var export = new MemoryStream();
        await new ListenerExport(store).WriteAsync(Account, export, TestContext.Current.CancellationToken);
        Assert.Equal(2, JsonDocument.Parse(export.ToArray()).RootElement.GetProperty("events").GetArrayLength());
        Assert.Equal(1, JsonDocument.Parse(export.ToArray()).RootElement.GetProperty("rejectedEvents").GetArrayLength());
        Assert.All(Directory.GetFiles(server.Root, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0),
            file => Assert.False(Segue.Events.Relational.ByteScan.HoldsAny(file, [System.Text.Encoding.UTF8.GetBytes(before.Value), Convert.FromHexString(before.Value)]), file));
    }

    [Fact]
    public async Task A_stream_resent_shuffled_and_split_over_four_clients_gives_equal_bytes()
    {
        var moment = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var events = Enumerable.Range(0, 600).Select(n => $$"""
            {"type":"{{(n % 7 == 0 ? "vote" : "listen")}}","listener":"a{{n % 13}}","track":"{{StoreServer.Track(n * 31 % 300)}}","at":{{moment.AddMinutes(-n * 11).ToUnixTimeMilliseconds()}}{{(n % 7 == 0 ? ",\"vote\":" + ((n % 3) - 1).ToString(CultureInfo.InvariantCulture) : ",\"heardSeconds\":" + (n % 200).ToString(CultureInfo.InvariantCulture) + ",\"trackSeconds\":200")}}}
            """).ToList();
        await using var plain = await StoreServer.StartAsync();
        await using var mixed = await StoreServer.StartAsync();
        File.Copy(Path.Combine(plain.Root, "keys.json"), Path.Combine(mixed.Root, "keys.json"), overwrite: true);
        await mixed.RestartAsync();
        await plain.PostAsync("/v1/events", $"[{string.Join(',', events)}]");

        var random = new Segue.Numerics.SeededRandom(3);
        var twice = events.Concat(events).Select(json => (json, Order: random.NextDouble())).OrderBy(pair => pair.Order).Select(pair => pair.json).ToList();
        await Task.WhenAll(twice.Chunk(300).Select(chunk => mixed.PostAsync("/v1/events", $"[{string.Join(',', chunk)}]")));

        Assert.Equal(600, mixed.Store.Events.Log.End);
        foreach (var server in new[] { plain, mixed })
        {
            await server.Store.RunEtlAsync(null, moment.AddDays(1), keep: 7, null, TestContext.Current.CancellationToken);
        }
        string[] Files(StoreServer server) => [.. Directory.GetFiles(Path.Combine(server.Root, "objects"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(server.Root, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
        Assert.NotEmpty(Files(plain));
        Assert.Equal(Files(plain), Files(mixed));
    }
}

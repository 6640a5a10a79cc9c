using System.Net;
using System.Text.Json;

namespace Segue.Server.Tests;

public sealed class TrendingTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static string Listen(string listener, int track, string more = "")
        => $$"""{"type":"listen","listener":"{{listener}}","track":"{{StoreServer.Track(track)}}","at":{{Now.AddMinutes(-10).ToUnixTimeMilliseconds()}},"heardSeconds":200,"trackSeconds":200{{more}}}""";

    // Listeners of the lab's largest city, and its name.
    private static (string City, string Country, string[] Listeners) Largest(StoreServer server)
    {
        var most = server.Store.Parts.Profiles().GroupBy(profile => profile.Region!).MaxBy(group => group.Count())!;
        return (most.Key.City!, most.Key.Country, [.. most.Select(profile => profile.Id.Value)]);
    }

    private static async Task PlayAsync(StoreServer server, IEnumerable<string> listeners, int tracks)
        => await server.PostAsync("/v1/events", $"[{string.Join(',', from listener in listeners from track in Enumerable.Range(0, tracks) select Listen(listener, track))}]");

    private static IEnumerable<(string, float)> Tracks(JsonElement answer) => answer.GetProperty("tracks").EnumerateArray()
        .Select(track => (track.GetProperty("track").GetProperty("id").GetString()!, MathF.Round(track.GetProperty("weight").GetSingle(), 1)));

    [Fact]
    public async Task A_city_tells_what_its_listeners_turn_to_and_so_it_does_after_compaction_and_restart()
    {
        await using var server = await StoreServer.StartAsync();
        var (city, country, listeners) = Largest(server);
        await PlayAsync(server, listeners.Take(5), 12);

        var answer = await server.GetAsync($"/v1/trending?place={Uri.EscapeDataString(city)}&count=11");

        Assert.Equal(("city", "days"), (answer.GetProperty("level").GetString(), answer.GetProperty("span").GetString()));
        Assert.Equal((city, country), (answer.GetProperty("place").GetProperty("city").GetString(), answer.GetProperty("place").GetProperty("country").GetString()));
        Assert.Equal(Enumerable.Range(0, 12).Select(n => (StoreServer.Track(n), 5f)).Take(11), Tracks(answer));
        await server.RestartAsync();
        Assert.Equal(Tracks(answer), Tracks(await server.GetAsync($"/v1/trending?place={Uri.EscapeDataString($"{city}, {country}")}&span=days&count=11")));
        await server.OnAir.Host!.RunEtlAsync(keep: 7, TestContext.Current.CancellationToken);
        await server.RestartAsync();
        Assert.Equal(Tracks(answer), Tracks(await server.GetAsync($"/v1/trending?place={Uri.EscapeDataString(city)}&count=11")));
    }

    [Fact]
    public async Task Thin_evidence_is_answered_by_a_wider_place_that_is_named()
    {
        await using var server = await StoreServer.StartAsync();
        var (city, country, listeners) = Largest(server);
        var compatriots = server.Store.Parts.Profiles().Where(profile => profile.Region!.Country == country && profile.Region.City != city).Select(profile => profile.Id.Value);
        await PlayAsync(server, [listeners[0], .. compatriots.Take(3)], 12);

        var answer = await server.GetAsync($"/v1/trending?place={Uri.EscapeDataString(city)}&span=hours");
        var zurich = await server.GetAsync("/v1/trending?place=Zurich");

        Assert.Equal("country", answer.GetProperty("level").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("place").GetProperty("city").ValueKind);
        Assert.Equal(("world", JsonValueKind.Null), (zurich.GetProperty("level").GetString(), zurich.GetProperty("place").ValueKind));
        Assert.Equal(Tracks(await server.GetAsync("/v1/trending")), Tracks(zurich));
    }

    [Fact]
    public async Task Private_events_and_erased_listeners_do_not_count()
    {
        await using var server = await StoreServer.StartAsync();
        var (_, _, listeners) = Largest(server);
        await PlayAsync(server, listeners.Take(4), 12);
        await server.PostAsync("/v1/events", $"[{Listen(listeners[5], 0, ",\"private\":true")},{Listen(listeners[6], 0, ",\"private\":true")}]");
        Assert.All(Tracks(await server.GetAsync("/v1/trending")), track => Assert.Equal(4f, track.Item2));

        using var erased = await server.Client.DeleteAsync($"/v1/listeners/{listeners[0]}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        Assert.All(Tracks(await server.GetAsync("/v1/trending")), track => Assert.Equal(3f, track.Item2));

        await server.PostAsync($"/v1/listeners/{listeners[1]}/forget?minutes=60", "");
        Assert.Empty(Tracks(await server.GetAsync("/v1/trending")));
        await PlayAsync(server, listeners.Skip(8).Take(2), 12);
        Assert.Equal(12, Tracks(await server.GetAsync("/v1/trending")).Count());
    }

    [Fact]
    public async Task A_question_that_cannot_be_answered_is_told_its_fault()
    {
        await using var server = await StoreServer.StartAsync();
        (string Query, int Status, string Told)[] questions =
        [
            ("span=weeks", 400, "span is 'weeks'; allowed are hours and days."),
            ("count=0", 400, "count is 0; allowed are 1 to 100."),
            ("count=many", 400, "count is 'many'; it must be a whole number, 1 to 100."),
            ("place=Nowhere+at+all", 404, "There is no place 'Nowhere at all'."),
        ];

        foreach (var (query, status, told) in questions)
        {
            using var response = await server.Client.GetAsync($"/v1/trending?{query}", TestContext.Current.CancellationToken);

            Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(told, problem.GetProperty("detail").GetString());
        }
    }
}

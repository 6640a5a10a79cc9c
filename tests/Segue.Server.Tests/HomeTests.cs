using System.Net;
using System.Text.Json;
using Segue.Server.Endpoints;

namespace Segue.Server.Tests;

/// <summary>The first screen and the onboarding of a store with lists, over HTTP.</summary>
public sealed class HomeTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static async Task<string> TextAsync(StoreServer server, string path)
    {
        using var answer = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HomeResponse> HomeAsync(StoreServer server, int listener, string query = "")
        => JsonSerializer.Deserialize<HomeResponse>(await TextAsync(server, $"/v1/listeners/{StoreServer.Listener(listener)}/home{query}"), Web)!;

    [Fact]
    public async Task A_page_begins_with_the_list_made_beforehand_and_holds_until_its_listener_does_something()
    {
        await using var server = await StoreServer.StartAsync();
        await server.OnAir.Host!.MakeListsAsync(100, TestContext.Current.CancellationToken);

        var path = $"/v1/listeners/{StoreServer.Listener(3)}/home";
        var text = await TextAsync(server, path);
        var page = JsonSerializer.Deserialize<HomeResponse>(text, Web)!;
        Assert.Equal("list", page.Source);
        Assert.Equal("made-for-you", page.Rows[0].Kind);
        Assert.True(page.Rows.Count >= 4, string.Join(" ", page.Rows.Select(row => row.Kind)));
        var tracks = page.Rows.SelectMany(row => row.Tracks).ToList();
        Assert.Equal(tracks.Count, tracks.Select(track => track.Id).Distinct().Count());
        Assert.All(tracks, track => Assert.True(track.Title.Length > 0 && track.Artist.Name.Length > 0 && track.Reason.Length > 0 && track.LengthSeconds > 0));
        Assert.Equal(text, await TextAsync(server, path));
        Assert.NotEqual(text, await TextAsync(server, path + "?rows=1&count=50"));

        await server.PostAsync("/v1/events", $$"""[{"type":"listen","listener":"{{StoreServer.Listener(3)}}","track":"{{tracks[0].Id}}","at":"2025-01-20T12:00:00Z"}]""", 200);

        var after = await HomeAsync(server, 3);
        Assert.NotEqual(page.Recommendation, after.Recommendation);
        Assert.DoesNotContain(after.Rows.SelectMany(row => row.Tracks), track => track.Id == tracks[0].Id);
    }

    [Fact]
    public async Task Without_a_list_the_page_is_computed_and_a_row_alone_may_be_asked_for()
    {
        await using var server = await StoreServer.StartAsync();

        var page = await HomeAsync(server, 5, "?rows=1&count=50");

        Assert.Equal("computed", page.Source);
        var row = Assert.Single(page.Rows);
        Assert.Equal("made-for-you", row.Kind);
        Assert.InRange(row.Tracks.Count, 40, 50);   // two of an artist at most
    }

    [Fact]
    public async Task Who_is_erased_has_no_page()
    {
        await using var server = await StoreServer.StartAsync();
        await HomeAsync(server, 7);

        using var erased = await server.Client.DeleteAsync($"/v1/listeners/{StoreServer.Listener(7)}", TestContext.Current.CancellationToken);
        Assert.True(erased.IsSuccessStatusCode);

        using var answer = await server.Client.GetAsync($"/v1/listeners/{StoreServer.Listener(7)}/home", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/v1/listeners/l000001/home?rows=0", "rows is 0; allowed are 1 to 10.")]
    [InlineData("/v1/listeners/l000001/home?count=51", "count is 51; allowed are 1 to 50.")]
    [InlineData("/v1/onboarding?count=0", "count is 0; allowed are 1 to 50.")]
    [InlineData("/v1/onboarding?count=10000", "count is 10000; allowed are 1 to 50.")]
    public async Task Numbers_out_of_range_are_told(string path, string detail)
    {
        await using var server = await StoreServer.StartAsync();

        using var answer = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Who_answers_the_onboarding_hears_what_they_chose()
    {
        await using var server = await StoreServer.StartAsync();

        var asked = JsonSerializer.Deserialize<OnboardingResponse>(await TextAsync(server, "/v1/onboarding?count=8"), Web)!;
        Assert.Equal(8, asked.Artists.Select(pick => pick.Artist.Id).Distinct().Count());
        Assert.All(asked.Artists, pick => Assert.Equal(pick.Artist, pick.Track.Artist));

        var chosen = asked.Artists[2].Artist.Id;
        var radio = await server.PostAsync("/v1/radio", $$"""{"listener":"somebody new","newListener":true,"seeds":{"artists":["{{chosen}}"]},"count":10}""", 201);
        Assert.Equal(asked.Artists[2].Track.Genre, radio.GetProperty("toward")[0].GetString());
    }
}

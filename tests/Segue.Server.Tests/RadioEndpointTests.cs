using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Segue.Server.Tests;

public sealed class RadioEndpointTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task Start_answers_201_with_the_place_of_the_sitting_and_five_tracks_with_reasons()
    {
        using var response = await server.Post("/v1/radio", $$"""{"listener":"{{server.World.Listeners[3].Id}}"}""");

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v1/radio/{answer.GetProperty("session").GetString()}/next", response.Headers.Location!.OriginalString);
        Assert.Equal("test", answer.GetProperty("modelVersion").GetString());
        Assert.True(answer.GetProperty("recommendation").TryGetGuid(out _));
        Assert.Equal([0, 1, 2, 3, 4], Tracks(answer).Select(track => track.GetProperty("position").GetInt32()));
        Assert.All(Tracks(answer), track =>
        {
            Assert.NotEmpty(track.GetProperty("title").GetString()!);
            Assert.NotEmpty(track.GetProperty("artist").GetProperty("name").GetString()!);
            Assert.NotEmpty(track.GetProperty("source").GetString()!);
            Assert.True(track.GetProperty("lengthSeconds").GetDouble() > 0);
            Assert.NotEmpty(track.GetProperty("reason").GetProperty("text").GetString()!);
            Assert.InRange(track.GetProperty("reason").GetProperty("share").GetDouble(), 0, 1);
        });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"listener":"somebody new","newListener":true}""")]
    [InlineData("""{"listener":null,"seeds":null,"count":null}""")]
    public async Task Start_without_a_history_plays_all_the_same(string body)
        => Assert.Equal(5, Tracks(await server.PostForJson("/v1/radio", body)).Count);

    [Fact]
    public async Task Start_with_seeds_of_every_kind_moves_toward_them()
    {
        var seed = server.World.Catalogue[5];

        var answer = await server.PostForJson("/v1/radio",
            $$"""{"seeds":{"tracks":["{{seed.Id}}"],"artists":["{{seed.Artist.Id}}"],"genres":["{{seed.Genre!.ToUpperInvariant()}}"]},"count":10}""");

        Assert.Equal(seed.Genre, answer.GetProperty("toward")[0].GetString(), ignoreCase: true);
        Assert.Contains(Tracks(answer), track => Genre(track) == seed.Genre);
    }

    [Fact]
    public async Task Wishes_are_kept_and_a_list_that_they_shorten_tells_why()
    {
        var genre = server.Data.Catalogue.Genres[1];
        var of = server.Data.Catalogue.TracksOfGenre(1).Select(row => server.Data.Catalogue.Tracks[row]).ToList();
        var artist = of[0].Artist.Id.Value;
        var wishes = $$"""{"wishes":{"include":{"genres":["{{genre.ToUpperInvariant()}}"]},"exclude":{"artists":["{{artist}}"]},"discovery":0.5,"diversity":0.3,"webRadio":true},"count":100}""";

        var answer = await server.PostForJson("/v1/radio", wishes);

        Assert.NotEmpty(Tracks(answer));
        Assert.All(Tracks(answer), track =>
        {
            Assert.Equal(genre, track.GetProperty("genre").GetString(), ignoreCase: true);
            Assert.NotEqual(artist, track.GetProperty("artist").GetProperty("id").GetString());
        });
        Assert.All(Tracks(answer).GroupBy(track => track.GetProperty("artist").GetProperty("id").GetString()), group => Assert.True(group.Count() <= 4));
        Assert.Contains("tracks instead of 100", answer.GetProperty("shortfall").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await server.Start()).GetProperty("shortfall").ValueKind);
    }

    [Theory]
    [InlineData("""{"wishes":{"include":{"genres":["polka of nowhere"]}}}""", "no genre 'polka of nowhere'")]
    [InlineData("""{"wishes":{"exclude":{"tags":["no such tag"]}}}""", "no tag 'no such tag'")]
    public async Task Wishes_for_what_nobody_knows_are_answered_404(string body, string told)
    {
        using var response = await server.Post("/v1/radio", body);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(told, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_asked_twice_names_the_same_tracks()
    {
        var session = Session(await server.Start());

        var first = await server.Get($"/v1/radio/{session}/next?count=7");
        var second = await server.Get($"/v1/radio/{session}/next?count=7");

        Assert.Equal(7, Tracks(first).Count);
        Assert.Equal(Ids(first), Ids(second));
    }

    [Fact]
    public async Task Every_kind_of_event_is_taken_and_no_heard_track_comes_again()
    {
        var start = await server.Start(count: 3);
        var ids = Ids(start);

        var plan = await server.PostForJson($"/v1/radio/{Session(start)}/events?count=20",
            $$"""
            {"events":[{"type":"played","track":"{{ids[0]}}"},{"type":"skipped","track":"{{ids[1]}}","heardSeconds":4.5},
            {"type":"voted","track":"{{ids[2]}}","vote":-1}]}
            """);

        Assert.Equal(Session(start), Session(plan));
        Assert.Equal(20, Tracks(plan).Count);
        Assert.Empty(Ids(plan).Intersect(ids));
    }

    [Fact]
    public async Task Two_skips_of_one_genre_change_the_next_tracks_and_lower_its_share_of_ten()
    {
        var start = await server.Start(count: 10);
        var genre = Tracks(start).GroupBy(Genre).MaxBy(group => group.Count())!.Key;
        var skipped = Tracks(await server.Get($"/v1/radio/{Session(start)}/next?count=100"))
            .Where(track => Genre(track) == genre).Take(2).Select(Id).ToList();
        var before = Tracks(start).Count(track => Genre(track) == genre);

        var plan = await server.PostForJson($"/v1/radio/{Session(start)}/events?count=10",
            $$"""{"events":[{"type":"skipped","track":"{{skipped[0]}}"},{"type":"skipped","track":"{{skipped[1]}}"}]}""");

        Assert.NotEqual(Ids(start).Except(skipped), Ids(plan).Take(8));
        Assert.True(Tracks(plan).Count(track => Genre(track) == genre) < before, $"{genre} kept its {before} places.");
        Assert.Equal(genre, plan.GetProperty("awayFrom")[0].GetString(), ignoreCase: true);
    }

    [Fact]
    public async Task When_one_event_is_bad_none_is_taken()
    {
        var start = await server.Start(count: 6);

        using var response = await server.Post($"/v1/radio/{Session(start)}/events",
            $$"""{"events":[{"type":"skipped","track":"{{Ids(start)[0]}}"},{"type":"skipped","track":"no such track"}]}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(Ids(start), Ids(await server.Get($"/v1/radio/{Session(start)}/next?count=6")));
    }

    private static List<JsonElement> Tracks(JsonElement answer) => [.. answer.GetProperty("tracks").EnumerateArray()];
    private static List<string> Ids(JsonElement answer) => [.. Tracks(answer).Select(Id)];
    private static string Session(JsonElement answer) => answer.GetProperty("session").GetString()!;
    private static string Id(JsonElement track) => track.GetProperty("id").GetString()!;
    private static string Genre(JsonElement track) => track.GetProperty("genre").GetString()!;
}

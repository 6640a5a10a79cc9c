using System.Text.Json;

namespace Segue.Server.Tests;

public sealed class CatalogueEndpointTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task Recommendations_come_for_a_known_listener_twenty_unless_told()
    {
        var id = server.World.Listeners[1].Id;

        Assert.Equal(20, (await server.Get($"/v1/listeners/{id}/recommendations")).GetProperty("tracks").GetArrayLength());
        Assert.Equal(3, (await server.Get($"/v1/listeners/{id}/recommendations?count=3")).GetProperty("tracks").GetArrayLength());
    }

    [Fact]
    public async Task Similar_tracks_come_without_the_track_itself()
    {
        var id = server.World.Catalogue[0].Id.Value;

        var answer = await server.Get($"/v1/tracks/{id}/similar?count=10");

        Assert.Equal(10, answer.GetProperty("tracks").GetArrayLength());
        Assert.DoesNotContain(answer.GetProperty("tracks").EnumerateArray(), track => track.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task A_list_is_continued_by_taste_where_no_playlists_were_learnt_twenty_unless_told()
    {
        string[] list = [.. server.World.Catalogue.Take(3).Select(track => track.Id.Value)];
        var tracks = string.Join(',', list.Select(id => $"\"{id}\""));

        var usual = await server.PostForJson("/v1/playlists/continue", $$"""{"tracks":[{{tracks}}]}""");
        var few = await server.PostForJson("/v1/playlists/continue", $$"""{"tracks":[{{tracks}}],"count":2}""");

        var ids = usual.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!).ToList();
        Assert.Equal(20, ids.Count);
        Assert.Empty(ids.Intersect(list));
        Assert.All(usual.GetProperty("tracks").EnumerateArray(), track => Assert.Equal("taste", track.GetProperty("source").GetString()));
        Assert.Equal(ids.Take(2), few.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task Search_finds_titles_and_artists_in_any_case_of_letters()
    {
        var track = server.World.Catalogue[42];

        var byTitle = await Found($"/v1/tracks?limit=100&query={Uri.EscapeDataString(track.Title.ToUpperInvariant())}");
        var byArtist = await Found($"/v1/tracks?limit=100&query={Uri.EscapeDataString(track.Artist.Name.ToLowerInvariant())}");

        Assert.Contains(track.Id.Value, byTitle);
        Assert.Contains(track.Id.Value, byArtist);
        Assert.Empty(await Found("/v1/tracks?query=no%20title%20is%20like%20this"));
    }

    [Fact]
    public async Task Search_keeps_to_the_genre_and_to_the_limit()
    {
        var genre = server.World.Catalogue[0].Genre!;

        var found = await Found($"/v1/tracks?limit=4&genre={Uri.EscapeDataString(genre)}");

        Assert.Equal(server.World.Catalogue.Where(track => track.Genre == genre).Take(4).Select(track => track.Id.Value), found);
    }

    [Fact]
    public async Task Genres_come_by_name_and_count_every_track_once()
    {
        var genres = (await server.Get("/v1/genres")).GetProperty("genres").EnumerateArray().ToList();

        Assert.Equal(600, genres.Sum(genre => genre.GetProperty("tracks").GetInt32()));
        Assert.Equal(genres.Select(Name).Order(StringComparer.Ordinal), genres.Select(Name));
    }

    [Fact]
    public async Task Listeners_are_named_up_to_the_limit()
    {
        var answer = await server.Get("/v1/listeners?limit=7");

        Assert.Equal(300, answer.GetProperty("total").GetInt32());
        Assert.Equal(
            server.World.Listeners.Take(7).Select(listener => listener.Id.Value),
            answer.GetProperty("listeners").EnumerateArray().Select(id => id.GetString()));
    }

    private async Task<List<string>> Found(string path)
        => [.. (await server.Get(path)).GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];

    private static string Name(JsonElement genre) => genre.GetProperty("name").GetString()!;
}

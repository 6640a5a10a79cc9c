using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Segue.Core;
using Segue.Features;
using Segue.Numerics;
using Segue.Retrieval.Sounds;

namespace Segue.Server.Tests;

/// <summary>Track n of 90 points to n degrees; ten tracks an artist, track 40 is a long mix, track 89 has no sound, and 7 and 8 are one recording.</summary>
public sealed class SoundEndpointTests : IAsyncLifetime
{
    private const int Tracks = 90;
    private readonly OnAir _onAir = new();
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync() => (_app, _client) = await LabServer.StartAsync(_onAir);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task What_sounds_like_a_track_comes_by_similarity_without_long_mixes()
    {
        Serve();

        var answer = await Get("/v1/tracks/t42/sounds-like?count=4");

        Assert.Equal("sound-1", answer.GetProperty("modelVersion").GetString());
        Assert.Equal(["t39", "t41", "t43", "t44"], Ids(answer).Take(4).Order(StringComparer.Ordinal));
        Assert.InRange(answer.GetProperty("tracks")[0].GetProperty("similarity").GetSingle(), 0.999f, 1);
        Assert.Contains("t42", Ids(await Get("/v1/tracks/t40/sounds-like?count=4")));   // who asks about the mix is answered too
    }

    [Fact]
    public async Task Tracks_are_added_and_subtracted()
    {
        Serve();

        Assert.Equal(["t19", "t21"], Ids(await Get("/v1/tracks/t10/sounds-like?count=2&add=t20&add=t30")).Order(StringComparer.Ordinal));
        Assert.All(Ids(await Get("/v1/tracks/t50/sounds-like?count=50&subtract=t60")), id => Assert.InRange(int.Parse(id[1..], CultureInfo.InvariantCulture), 0, 55));
    }

    [Fact]
    public async Task Artists_are_kept_apart_on_demand()
    {
        Serve();

        var answer = await Get("/v1/tracks/t25/sounds-like?count=5&artistSpacing=1");

        var artists = answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("artist").GetProperty("id").GetString()).ToList();
        Assert.All(artists.Zip(artists.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public async Task A_path_leads_from_one_song_to_the_other()
    {
        Serve();

        var answer = await Get("/v1/tracks/t0/path-to/t80?count=5");

        Assert.Equal(["t0", "t20", "t41", "t60", "t80"], Ids(answer).Select(id => id == "t39" ? "t41" : id));   // t40 is a mix
        Assert.Equal(1, answer.GetProperty("tracks")[4].GetProperty("along").GetSingle());
    }

    [Fact]
    public async Task The_state_and_the_duplicates_are_told()
    {
        Serve();

        var state = await Get("/v1/sounds");
        var duplicates = await Get("/v1/sounds/duplicates?limit=1");

        Assert.Equal((89, 90, 2), (state.GetProperty("tracks").GetInt32(), state.GetProperty("catalogue").GetInt32(), state.GetProperty("dimensions").GetInt32()));
        Assert.Equal(10, state.GetProperty("hubs").GetProperty("neighbors").GetInt32());
        Assert.Equal(1, duplicates.GetProperty("groups").GetInt32());
        Assert.Equal(["t7", "t8"], Ids(duplicates.GetProperty("duplicates")[0]));
    }

    [Theory]
    [InlineData("/v1/tracks/nobody/sounds-like", 404, "no track 'nobody'")]
    [InlineData("/v1/tracks/t89/sounds-like", 404, "sound of track 't89' is not known")]
    [InlineData("/v1/tracks/t1/sounds-like?count=0", 400, "count is 0; allowed are 1 to 100")]
    [InlineData("/v1/tracks/t1/sounds-like?count=many", 400, "count is 'many'; it must be a whole number, 1 to 100")]
    [InlineData("/v1/tracks/t1/sounds-like?add=t1", 400, "given twice")]
    [InlineData("/v1/tracks/t1/sounds-like?subtract=nobody", 404, "no track 'nobody'")]
    [InlineData("/v1/tracks/t1/sounds-like?artistSpacing=101", 400, "artistSpacing is 101; allowed are 0 to 100")]
    [InlineData("/v1/tracks/t1/path-to/t1", 400, "two different tracks")]
    [InlineData("/v1/tracks/t1/path-to/t2?count=1", 400, "count is 1; allowed are 2 to 100")]
    [InlineData("/v1/sounds/duplicates?limit=1001", 400, "limit is 1001; allowed are 1 to 1000")]
    public async Task What_is_wrong_is_named(string path, int status, string told)
    {
        Serve();

        Assert.Equal((HttpStatusCode)status, (await Ask(path, told)).StatusCode);
    }

    [Fact]
    public async Task Before_anybody_listened_there_is_nothing_to_ask()
    {
        foreach (var path in new[] { "/v1/sounds", "/v1/sounds/duplicates", "/v1/tracks/t1/sounds-like", "/v1/tracks/t1/path-to/t2" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Ask(path, "not listened")).StatusCode);
        }
        Serve(lookedForDuplicates: false);
        Assert.Equal(HttpStatusCode.NotFound, (await Ask("/v1/sounds/duplicates", "looked for duplicates")).StatusCode);
    }

    [Fact]
    public async Task The_document_of_the_api_names_the_sounds()
    {
        var paths = (await Get("/openapi/v1.json")).GetProperty("paths");

        Assert.True(paths.TryGetProperty("/v1/tracks/{id}/sounds-like", out var soundsLike));
        Assert.True(paths.TryGetProperty("/v1/tracks/{id}/path-to/{other}", out _));
        Assert.Contains(soundsLike.GetProperty("get").GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "subtract");
    }

    private void Serve(bool lookedForDuplicates = true)
    {
        var catalogue = new CatalogueIndex([.. Enumerable.Range(0, Tracks).Select(n => new Track(
            new($"t{n}"), $"Title {n}", new(new($"a{n / 10}"), $"Artist {n / 10}"), null, [], TimeSpan.FromSeconds(200)))]);
        var vectors = new DenseMatrix(Tracks - 1, 2);
        for (var n = 0; n < Tracks - 1; n++)
        {
            (vectors.Row(n)[0], vectors.Row(n)[1]) = (MathF.Cos(n * MathF.PI / 180), MathF.Sin(n * MathF.PI / 180));
        }
        var space = SoundSpace.Create("sound-1", [.. Enumerable.Range(0, Tracks - 1)], vectors, new() { Anchors = 0 }, TestContext.Current.CancellationToken);
        _onAir.Sounds.Use(new(
            space, catalogue, Hubness.Measure(space, cancellation: TestContext.Current.CancellationToken), track => track == 40 ? SoundFlags.Lengthy : SoundFlags.None,
            lookedForDuplicates ? [new([7, 8], [1, 0.999f])] : null));
    }

    private Task<JsonElement> Get(string path) => _client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> Ask(string path, string told)
    {
        var response = await _client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Contains(told, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        return response;
    }

    private static IEnumerable<string> Ids(JsonElement answer) => answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!);
}

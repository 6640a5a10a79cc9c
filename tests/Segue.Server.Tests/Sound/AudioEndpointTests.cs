using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Segue.Server.Sound;

namespace Segue.Server.Tests.Sound;

public sealed class AudioEndpointTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task A_whole_track_comes_as_a_wav_file_of_the_catalogues_length()
    {
        var track = server.World.Catalogue[3];

        using var response = await Send(HttpMethod.Get, PathOf(3));
        var file = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("audio/wav", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.True(response.Headers.CacheControl!.NoCache);
        Assert.Equal("RIFF"u8, file.AsSpan(0, 4));
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        var seconds = (file.Length - file.AsSpan().IndexOf("data"u8) - 8) / 2.0 / 22_050;
        Assert.Equal(track.Length!.Value.TotalSeconds, seconds, 0.001);
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=3000000-3000007", 3_000_000, 8)]
    [InlineData("bytes=-10", -10, 10)]
    public async Task A_range_is_that_part_of_the_whole(string range, long start, int count)
    {
        var whole = await server.Client.GetByteArrayAsync(PathOf(5), TestContext.Current.CancellationToken);
        start = start < 0 ? whole.Length + start : start;

        using var response = await Send(HttpMethod.Get, PathOf(5), request => request.Headers.Range = RangeHeaderValue.Parse(range));
        var part = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(new ContentRangeHeaderValue(start, start + count - 1, whole.Length), response.Content.Headers.ContentRange);
        Assert.Equal(whole.AsSpan((int)start, count).ToArray(), part);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_refused()
    {
        using var response = await Send(HttpMethod.Get, PathOf(5), request => request.Headers.Range = new(2_000_000_000, null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Fact]
    public async Task The_head_tells_the_length_without_the_sound()
    {
        using var whole = await Send(HttpMethod.Get, PathOf(6));
        using var head = await Send(HttpMethod.Head, PathOf(6));

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_player_has_is_not_sent_again_and_every_track_has_a_tag_of_its_own()
    {
        using var first = await Send(HttpMethod.Get, PathOf(7));
        using var again = await Send(HttpMethod.Get, PathOf(7), request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        using var other = await Send(HttpMethod.Get, PathOf(8), request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task An_unknown_track_is_told_as_a_problem()
    {
        using var response = await Send(HttpMethod.Get, "/v1/tracks/nosuch/audio");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("nosuch", await Detail(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_sends_its_files_and_tells_what_it_lacks_as_a_problem()
    {
        var folder = Directory.CreateTempSubdirectory("segue-audio-");
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "one.flac"), [1, 2, 3, 4], TestContext.Current.CancellationToken);
        var sounding = server.World.Catalogue[0].Id;
        var onAir = new OnAir { Audio = new MusicFiles(() => [folder.FullName], track => track == sounding ? Path.Combine(folder.FullName, "one.flac") : null) };
        onAir.Open(new(server.Data, server.Models, new(), onAir.Counts, TimeProvider.System));
        var (app, client) = await LabServer.StartAsync(onAir);
        await using var _ = app;

        using var file = await client.GetAsync(PathOf(0), TestContext.Current.CancellationToken);
        using var none = await client.GetAsync(PathOf(1), TestContext.Current.CancellationToken);
        onAir.Audio = null;
        using var silent = await client.GetAsync(PathOf(0), TestContext.Current.CancellationToken);

        Assert.Equal("audio/flac", file.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(file.Content.Headers.LastModified);
        Assert.Equal([1, 2, 3, 4], await file.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.All([none, silent], response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
        Assert.Contains("has no sound", await Detail(none), StringComparison.Ordinal);
        client.Dispose();
        folder.Delete(recursive: true);
    }

    private string PathOf(int track) => $"/v1/tracks/{server.World.Catalogue[track].Id.Value}/audio";

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        change?.Invoke(request);
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<string> Detail(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!;
    }
}

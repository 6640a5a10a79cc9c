using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Segue.Audio.Fingerprints;
using Segue.Cli.Commands;
using Segue.Tests;

namespace Segue.Cli.Tests.Music;

/// <summary><c>segue scan</c>, then <c>segue serve --music</c> in this process: from files to a radio.</summary>
public sealed partial class MusicOnAirTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SoundFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scanned_songs_make_a_radio_at_once_and_a_new_file_is_on_air_within_seconds()
    {
        var (known, late) = (RealMusic.Songs("amoebax-data"), RealMusic.Songs("noiz2sa-data"));
        _folder.Copy([.. known, .. late.Skip(1)]);
        _folder.Convert(known[0], "copy.mp3", "-b:a", "128k");
        Assert.Equal(0, await Invoke(new() { ScanCommand.Create(_ => SoundFolder.Analyzers()) }, TextWriter.Null, Cancellation, "scan", _folder.Music, "--store", _folder.Store));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var told = new AddressWriter();
        var serving = Invoke(
            new() { ServeCommand.Create(_ => SoundFolder.Analyzers()) }, told, stop.Token, "serve", "--store", _folder.Store, "--music", _folder.Music, "--urls", "http://127.0.0.1:0");
        var address = await Task.WhenAny(told.Address, serving) == told.Address ? await told.Address : throw new InvalidOperationException($"It ended: {await serving}.");
        using var client = new HttpClient { BaseAddress = new(address) };

        var seed = (await Until(client, "/v1/tracks?query=Angus", answer => answer is { } found && found.GetProperty("tracks").GetArrayLength() > 0)).GetProperty("tracks")[0].GetProperty("id").GetString()!;
        var nearest = (await Until(client, $"/v1/tracks/{seed}/sounds-like?count=1", answer => answer is not null)).GetProperty("tracks")[0];
        Assert.Equal("copy", nearest.GetProperty("title").GetString());
        Assert.InRange(nearest.GetProperty("similarity").GetSingle(), 0.98f, 1.0001f);
        var played = await Radio(client, seed);
        Assert.Equal(5, played.Distinct(StringComparer.Ordinal).Count());
        if (Chromaprint.IsPresent)
        {
            var doubles = await Until(client, "/v1/sounds/duplicates", answer => answer is not null);
            Assert.Equal(1, doubles.GetProperty("groups").GetInt32());
            Assert.Contains("copy", doubles.GetProperty("duplicates").ToString(), StringComparison.Ordinal);
        }

        File.Copy(late[0], _folder["brand new.ogg"]);
        var found = await Until(client, "/v1/tracks?query=brand+new", answer => answer is { } now && now.GetProperty("tracks").GetArrayLength() > 0);
        var id = found.GetProperty("tracks")[0].GetProperty("id").GetString()!;
        using var audio = await client.GetAsync($"/v1/tracks/{id}/audio", Cancellation);
        Assert.Equal((HttpStatusCode.OK, new FileInfo(late[0]).Length), (audio.StatusCode, audio.Content.Headers.ContentLength));
        Assert.Equal(5, (await Radio(client, id)).Count);

        await stop.CancelAsync();
        Assert.Equal(0, await serving.WaitAsync(Patience, Cancellation));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<List<string>> Radio(HttpClient client, string seed)
    {
        using var answer = await client.PostAsJsonAsync("/v1/radio", new { seeds = new { tracks = new[] { seed } }, count = 5 }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return [.. body.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];
    }

    // Asks again and again, five times a second.
    private static async Task<JsonElement> Until(HttpClient client, string path, Func<JsonElement?, bool> isThere)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.2));
        while (true)
        {
            using var answer = await client.GetAsync(path, patience.Token);
            JsonElement? body = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token) : null;
            if (isThere(body))
            {
                return body!.Value;
            }
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static Task<int> Invoke(RootCommand root, TextWriter output, CancellationToken cancellation, params string[] args)
        => root.Parse(args).InvokeAsync(new() { Output = output, Error = TextWriter.Null }, cancellation);

    /// <summary>Learns from what the server says where it listens.</summary>
    private sealed partial class AddressWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Address => _address.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (Listening().Match(value ?? "") is { Success: true } told)
            {
                _address.TrySetResult(told.Groups["address"].Value);
            }
            return Task.CompletedTask;
        }

        [GeneratedRegex(@"Listen at (?<address>http://\S+)", RegexOptions.CultureInvariant, 1000)]
        private static partial Regex Listening();
    }
}

using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Features.Sound;
using Segue.Server.Stores;

namespace Segue.Server.Tests.Music;

/// <summary>Music that another process scans, and models that another publishes, while a server serves.</summary>
public sealed class MusicBesideAServerTests
{
    private readonly SetTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As another process adds a track: over a connection of its own.</summary>
    private static void Scan(StoreServer server, string id, string artist = "somebody")
    {
        var recording = new Track(new(id), "Title " + id, new(new(artist), artist), "rock", [], TimeSpan.FromSeconds(200));
        server.Store.Parts.Catalogue.Upsert([new(recording, null, null)]);
        using var library = new SoundLibrary(server.Store.Parts.Layout.SoundLibrary);
        new HeardLibrary(library, Path.Combine(server.Root, "files")).Add(new(id), 1, artist: artist);
    }

    private static void ScanSome(StoreServer server)
    {
        for (var n = 0; n < 8; n++)
        {
            Scan(server, $"s{n}");
        }
    }

    private static bool Plays(StoreServer server, string id) => server.OnAir.Station!.Catalogue.Find(new TrackId(id)) is not null;

    private static Task LookAsync(StoreServer server, ModelWatch watch) => watch.StepAsync(server.OnAir.Host!, Cancellation);

    private ModelWatch Watch(StoreServer server) => new(server.OnAir, new() { Time = _time }, NullLogger<ModelWatch>.Instance);

    [Fact]
    public async Task What_another_process_scanned_joins_the_radio_when_it_stands_still_and_now_and_then_while_it_does_not()
    {
        await using var server = await StoreServer.StartAsync(background: new NoTimers());
        var watch = Watch(server);
        await LookAsync(server, watch);   // no music yet
        ScanSome(server);

        await LookAsync(server, watch);
        Assert.True(Plays(server, "s7"));

        Scan(server, "late");
        _time.Now += TimeSpan.FromSeconds(5);
        await LookAsync(server, watch);
        Assert.False(Plays(server, "late"));
        _time.Now += TimeSpan.FromSeconds(5);
        await LookAsync(server, watch);
        Assert.True(Plays(server, "late"));
        Assert.Null(server.OnAir.Host!.NewMusic());

        Scan(server, "later");
        _time.Now += TimeSpan.FromSeconds(31);
        await LookAsync(server, watch);
        Assert.True(Plays(server, "later"));
        var station = server.OnAir.Station!.Repertoire;
        await LookAsync(server, watch);
        Assert.Same(station, server.OnAir.Station!.Repertoire);   // nothing new
    }

    [Fact]
    public async Task A_damaged_model_of_taste_keeps_no_music_from_the_radio()
    {
        await using var server = await StoreServer.StartAsync(background: new NoTimers());
        var parts = server.Store.Parts;
        var learning = await LearningData.LoadAsync(parts, server.Store.Events.Log, Cancellation);
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        var damaged = parts.Models.Publish([models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
        var file = Directory.GetFiles(Path.Combine(parts.Layout.Models, damaged), "*.model")[0];
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        ScanSome(server);

        await server.OnAir.Host!.TakeMusicAsync((_, _, _) => null, 1, Cancellation);

        Assert.Equal("000001", server.OnAir.Station!.PublishedVersion);
        Assert.True(Plays(server, "s0"));
    }

    [Fact]
    public async Task What_listeners_did_with_tracks_that_came_since_the_training_holds_after_a_restart()
    {
        await using var server = await StoreServer.StartAsync(background: new NoTimers());
        ScanSome(server);
        await server.OnAir.Host!.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
        var whose = StoreServer.Listener(4);
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{whose}}","count":5}""", 201);
        await server.PostAsync($"/v1/radio/{start.GetProperty("session").GetString()}/events", """
            {"events":[{"type":"voted","track":"s1","vote":-1},{"type":"voted","track":"s2","vote":1}]}
            """);
        await server.PostAsync("/v1/events", $$"""[{"type":"ban","listener":"{{whose}}","track":"s3","at":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}}}]""");
        string[] Recommended(JsonElement answer) => [.. answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];
        async Task<string[]> Ask() => Recommended(await server.GetAsync($"/v1/listeners/{whose}/recommendations?count=100"));
        var (before, known) = (await Ask(), NotNew());
        Assert.Equal(["s1", "s2", "s3"], known);

        await server.RestartAsync();

        Assert.Equal(known, NotNew());
        Assert.Equal(before, await Ask());

        string[] NotNew()
        {
            var repertoire = server.OnAir.Station!.Repertoire;
            return [.. repertoire.NotNewTo(new(whose)).Select(row => repertoire.Catalogue.Tracks[row].Id.Value).Where(id => id is "s0" or "s1" or "s2" or "s3").Order(StringComparer.Ordinal)];
        }
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>The server's own watch never looks: the tests do.</summary>
    private sealed class NoTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Server.Tests.Music;

public sealed class MusicServiceTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-service-");
    private readonly List<ScanReport> _reports = [];
    private readonly TaskCompletionSource _scanned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OnAir _onAir = new();
    private OpenStore _store = null!;
    private MusicOptions _options = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Music => Path.Combine(_folder.FullName, "music");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Music);
        TinyWave.Write(Path.Combine(Music, "a.wav"), 1, tags: new() { Title = "Rain", Artist = "Ann" });
        TinyWave.Write(Path.Combine(Music, "b.wav"), 2, tags: new() { Title = "Sun", Artist = "Ann" });
        File.WriteAllText(Path.Combine(Music, "c.mp3"), "no music");
        File.WriteAllText(Path.Combine(Music, "d.mp3"), "no music either");
        _store = OpenStore.OpenOrCreate(Path.Combine(_folder.FullName, "store"), new(), TimeProvider.System);
        _options = new()
        {
            Folders = [Music],
            Analyzers = new("tiny/1", () => new((path, _) => TinyWave.Analyze(path), (path, _) => TinyWave.ReadTags(path))),
            Changed = (report, _) =>
            {
                _reports.Add(report!);
                _scanned.TrySetResult();
                return Task.CompletedTask;
            },
        };
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_first_step_walks_and_later_ones_take_what_changed()
    {
        using var service = new MusicService(_onAir, new() { Music = _options }, NullLogger<MusicService>.Instance);
        var host = _onAir.TakeEvents(_store, TimeProvider.System);

        await service.StepAsync(host, _options, Cancellation);
        await service.StepAsync(host, _options, Cancellation);

        var report = Assert.Single(_reports);
        Assert.Equal((2, 4), (report.NewTracks, report.Analyzed));
        Assert.NotNull(service.WalkedAt);
        Assert.Equal((null, null), (service.Fault, service.Progress));
        var rain = _store.Parts.Sound.ReadTracks().Single(track => track.Title == "Rain").Track;
        var told = _store.Events.Resolver.Resolve(new(null, null, "ann", "rain", null), TimeSpan.FromSeconds(4));
        Assert.Equal((rain, TimeSpan.FromSeconds(4)), (told.Track, told.Length));   // a player's listen finds it at once
        Assert.Equal(Path.Combine(Music, "a.wav"), _store.Parts.Sound.FindFile(rain));

        File.Delete(Path.Combine(Music, "a.wav"));
        service.Ask();
        await service.StepAsync(host, _options, Cancellation);
        Assert.Equal(1, _reports[^1].Gone);
        Assert.Null(_store.Parts.Sound.FindFile(rain));
    }

    [Fact]
    public async Task What_was_scanned_before_the_server_began_is_taken_into_use_though_nothing_changed()
    {
        var parts = _store.Parts;
        await new MusicScanner(parts.Sound, parts.Catalogue, parts.Recordings, _options.Analyzers, TimeProvider.System).ScanAsync([Music], _options.Scan, cancellation: Cancellation);
        using var service = new MusicService(_onAir, new() { Music = _options }, NullLogger<MusicService>.Instance);
        var host = _onAir.TakeEvents(_store, TimeProvider.System);

        await service.StepAsync(host, _options, Cancellation);
        service.Ask();
        await service.StepAsync(host, _options, Cancellation);

        Assert.False(Assert.Single(_reports).IsChanged);
    }

    [Fact]
    public async Task A_folder_that_went_is_a_fault_that_is_told_and_tried_again()
    {
        using var service = new MusicService(_onAir, new() { Music = _options }, NullLogger<MusicService>.Instance);
        var host = _onAir.TakeEvents(_store, TimeProvider.System);
        Directory.Move(Music, Music + ".away");

        await service.StepAsync(host, _options, Cancellation);
        Assert.Contains(Music, service.Fault, StringComparison.Ordinal);

        Directory.Move(Music + ".away", Music);
        service.Ask();
        await service.StepAsync(host, _options, Cancellation);
        Assert.Null(service.Fault);
        Assert.Equal(2, Assert.Single(_reports).NewTracks);
    }

    [Fact]
    public async Task The_server_scans_by_itself_and_tells_counts_and_faults()
    {
        await using var app = SegueServer.Build(new() { Urls = "http://127.0.0.1:0", Music = _options }, _onAir);
        await app.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        _onAir.TakeEvents(_store, TimeProvider.System);
        await _scanned.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        var state = await client.GetFromJsonAsync<JsonElement>("/v1/music", Cancellation);
        Assert.Equal((2, 2), (state.GetProperty("tracks").GetInt32(), state.GetProperty("files").GetProperty("ok").GetInt32()));
        Assert.Equal((2, 0), (state.GetProperty("files").GetProperty("unsupported").GetInt32(), state.GetProperty("files").GetProperty("tooShort").GetInt32()));
        var page = await client.GetFromJsonAsync<JsonElement>("/v1/music/faults?limit=1", Cancellation);
        var first = page.GetProperty("faults")[0];
        Assert.Equal(("unsupported", "it is no WAV file"), (first.GetProperty("outcome").GetString(), first.GetProperty("fault").GetString()));
        var rest = await client.GetFromJsonAsync<JsonElement>($"/v1/music/faults?after={page.GetProperty("next")}&outcome=unsupported", Cancellation);
        Assert.Equal((1, JsonValueKind.Null), (rest.GetProperty("faults").GetArrayLength(), rest.GetProperty("next").ValueKind));
        using var asked = await client.PostAsync("/v1/music/scan", null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        using var bad = await client.GetAsync("/v1/music/faults?outcome=loud", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("allowed are ok, tooShort", await bad.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_server_without_music_says_so()
    {
        var (app, client) = await LabServer.StartAsync(_onAir);
        await using (app)
        using (client)
        {
            _onAir.TakeEvents(_store, TimeProvider.System);
            using var answer = await client.GetAsync("/v1/music", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("--music", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }
}

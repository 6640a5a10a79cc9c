using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Segue.Audio;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Server.Tests.Music;

/// <summary>Trainings of sound inside a server.</summary>
public sealed class SoundTrainingServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-nightly-");
    private readonly OnAir _onAir = new();
    private readonly SetTime _time = new();
    private Func<TrackFeatures?> _hear = () => null;
    private OpenStore _store = null!;
    private StoreHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SoundTrainingSchedule Schedule => new(Day, (_, _, _) => _hear()) { Options = new() { Steps = 2, Batch = 8, Threads = 1 } };

    private HeardLibrary Heard => new(_store.Parts.Sound, Path.Combine(_folder.FullName, "files"));

    public ValueTask InitializeAsync()
    {
        _store = OpenStore.OpenOrCreate(Path.Combine(_folder.FullName, "store"), new(), TimeProvider.System);
        _host = _onAir.TakeEvents(_store, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private SoundTrainingService Service() => new(_onAir, new() { SoundTraining = Schedule, Time = _time }, NullLogger<SoundTrainingService>.Instance);

    private void Add(string id, int style, bool hasSpectra = true)
    {
        _store.Parts.Catalogue.Upsert([new(new(new(id), "Title " + id, new(new("artist"), "Artist"), "rock", [], TimeSpan.FromSeconds(200)), null, null)]);
        Heard.Add(new(id), style, $"album {style}", hasSpectra: hasSpectra);
    }

    private async Task FillAsync()
    {
        for (var n = 0; n < 12; n++)
        {
            Add($"t{n:D2}", n / 4);
        }
        await _host.TakeMusicAsync((_, _, _) => null, 1, Cancellation);
    }

    [Fact]
    public async Task A_training_is_due_at_once_and_then_by_the_model_in_use_and_the_radio_takes_it_up_without_a_restart()
    {
        Assert.Equal(TimeSpan.FromHours(1), await Service().StepAsync(_host, Schedule, Cancellation));   // no music yet
        await FillAsync();
        Assert.Equal("sound-000001", _onAir.Station!.PublishedVersion);   // of descriptors alone

        Assert.Equal(TimeSpan.FromHours(1), await Service().StepAsync(_host, Schedule, Cancellation));

        Assert.Equal(("sound-000002", "sound-000002"), (_onAir.Station!.PublishedVersion, _onAir.Sounds.Current!.Space.ModelVersion));
        Assert.Equal(12, _store.Parts.Sound.ReadVectors("sound-000002").Count());
        Assert.Empty(_store.Parts.Sound.ReadVectors("sound-000001"));
        _time.Now += TimeSpan.FromHours(7);
        Assert.Equal(TimeSpan.FromHours(1), await Service().StepAsync(_host, Schedule, Cancellation));   // not due for another 17 hours
        Assert.Equal("sound-000002", _store.Parts.SoundModels.Current());
        _time.Now += TimeSpan.FromHours(16.5);
        Assert.InRange(await Service().StepAsync(_host, Schedule, Cancellation), TimeSpan.FromHours(0.4), TimeSpan.FromHours(0.6));
        _time.Now += TimeSpan.FromHours(0.6);
        Assert.Equal(TimeSpan.FromHours(1), await Service().StepAsync(_host, Schedule, Cancellation));
        Assert.Equal("sound-000002", _store.Parts.SoundModels.Current());   // nothing has changed
        Add("new", 1);
        Assert.Equal(TimeSpan.FromHours(1), await Service().StepAsync(_host, Schedule, Cancellation));
        Assert.Equal(("sound-000003", "sound-000002"), (_onAir.Station!.PublishedVersion, _store.Parts.SoundModels.LoadCurrent()!.Value.Card.WarmFrom));
        for (var n = 0; n < 13; n++)
        {
            Add($"more{n:D2}", n / 4);
        }
        await Service().StepAsync(_host, Schedule, Cancellation);   // long before it is due, but there are twice as many
        Assert.Equal("sound-000004", _onAir.Station!.PublishedVersion);
    }

    [Fact]
    public async Task A_training_that_the_end_of_the_server_stops_publishes_nothing_and_the_next_start_goes_on_from_its_last_step()
    {
        await FillAsync();
        Add("bare", 2, hasSpectra: false);
        using var stop = new CancellationTokenSource();
        _hear = () =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        };
        var service = Service();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.StepAsync(_host, Schedule, stop.Token));

        Assert.Equal(("sound-000001", null, null), (_store.Parts.SoundModels.Current(), service.Fault, service.Progress));
        Assert.True(File.Exists(new TrainingFolder(_store.Parts.WorkFolder).SoundCheckpoint));
        _hear = () => null;
        Assert.Equal(TimeSpan.FromHours(1), await Service().StepAsync(_host, Schedule, Cancellation));
        Assert.Equal(("sound-000002", 2), (_onAir.Station!.PublishedVersion, _store.Parts.SoundModels.LoadCurrent()!.Value.Card.Steps));
        Assert.False(File.Exists(new TrainingFolder(_store.Parts.WorkFolder).SoundCheckpoint));
    }

    [Fact]
    public async Task While_another_training_of_the_store_is_under_way_it_waits()
    {
        await FillAsync();
        var service = Service();
        using (new TrainingFolder(_store.Parts.WorkFolder).Begin())
        {
            Assert.Equal(TimeSpan.FromMinutes(10), await service.StepAsync(_host, Schedule, Cancellation));
        }

        Assert.Equal(("sound-000001", null), (_store.Parts.SoundModels.Current(), service.Fault));
    }

    [Fact]
    public async Task A_failure_is_told_by_health_and_music_and_the_next_training_that_succeeds_takes_it_back()
    {
        await FillAsync();
        var model = Path.Combine(Path.GetDirectoryName(_store.Parts.Layout.SoundLibrary)!, "models", "000001", "sound.model");
        var bytes = await File.ReadAllBytesAsync(model, Cancellation);
        await File.WriteAllBytesAsync(model, [.. bytes[..^5], 1, 2, 3, 4, 5], Cancellation);
        await using var app = SegueServer.Build(new() { Urls = "http://127.0.0.1:0", SoundTraining = Schedule, Time = _time }, _onAir);
        var service = app.Services.GetRequiredService<SoundTrainingService>();

        await service.StepAsync(_host, Schedule, Cancellation);
        await app.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        async Task<JsonElement> Get(string path) => JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(path, Cancellation));

        Assert.Contains("sound.model", service.Fault, StringComparison.Ordinal);
        var health = await Get("/health/ready");
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal("training of sound", health.GetProperty("faults")[0].GetString());
        var training = (await Get("/v1/music")).GetProperty("training");
        Assert.Equal(("sound-000001", 24), (training.GetProperty("model").GetString(), training.GetProperty("everyHours").GetInt32()));
        await app.StopAsync(Cancellation);
        await File.WriteAllBytesAsync(model, bytes, Cancellation);
        await service.StepAsync(_host, Schedule, Cancellation);
        Assert.Null(service.Fault);
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

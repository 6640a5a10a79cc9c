using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>When and how a server trains its sound model.</summary>
/// <param name="Every">From one training to the next, also over restarts; positive.</param>
/// <param name="Hear">For tracks of which not all was kept that is needed.</param>
public sealed record SoundTrainingSchedule(TimeSpan Every, HearAgain Hear)
{
    /// <summary>A quarter of the processors unless told: a training takes long, and whoever listens meanwhile must not wait.</summary>
    public SoundTrainingOptions Options { get; init; } = new() { Threads = Math.Max(1, Workers.Default / 4) };

    /// <summary>Published versions that stay, at least 1.</summary>
    public int KeepModels { get; init; } = 5;
}

/// <summary>Trains the sound model again and again while the server serves, on from the published weights, and takes it into use.</summary>
/// <remarks>The interval counts from the model in use, so that restarts put nothing off, and ends early when there are twice as many tracks as it learnt from; a training that the end of the server broke off goes on with the next start. Where neither
/// the music nor what is heard together has changed, nothing is trained.</remarks>
internal sealed class SoundTrainingService(OnAir onAir, ServerOptions options, ILogger<SoundTrainingService> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);   // timers end at 49 days
    private static readonly TimeSpan WhileAnotherTrains = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);
    private readonly Keeping _progress = new();

    /// <summary>Null where the server trains nothing.</summary>
    public SoundTrainingSchedule? Schedule => options.SoundTraining;

    /// <summary>Share of the training under way that is done; null when none is.</summary>
    public double? Progress => _progress.Share;

    /// <summary>Why the last training failed; null where it did not.</summary>
    public string? Fault { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SoundTraining is not { } schedule)
        {
            return;
        }
        try
        {
            var host = await onAir.Hosted.WaitAsync(stoppingToken);
            await onAir.Opened.WaitAsync(stoppingToken);   // the radio comes first
            while (true)
            {
                var wait = await Task.Run(() => StepAsync(host, schedule, stoppingToken), stoppingToken);
                await Task.Delay(wait < LongestWait ? wait : LongestWait, options.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>Trains if that is due.</summary>
    /// <returns>How long to wait before the next step.</returns>
    internal async Task<TimeSpan> StepAsync(StoreHost host, SoundTrainingSchedule schedule, CancellationToken cancellation)
    {
        var parts = host.Store.Parts;
        try
        {
            var now = options.Time.GetUtcNow();
            if (!File.Exists(parts.Layout.SoundLibrary))
            {
                return Soon(schedule);
            }
            // A model of the first few tracks must not stand for a library that grows: it is not waited for when there are twice as many.
            if (parts.SoundModels.LoadCurrent() is { Model.Encoders.Count: > 0, Card: var card } && !Trainer(parts).HasDoubled(card)
                && parts.SoundModels.PublishedAt() is { } last && last + schedule.Every > now)
            {
                var rest = last < now ? last + schedule.Every - now : schedule.Every;
                return rest < Soon(schedule) ? rest : Soon(schedule);
            }
            using var alone = new TrainingFolder(parts.WorkFolder).TryBegin();
            if (alone is null)
            {
                return WhileAnotherTrains;
            }
            await TrainAsync(host, schedule, cancellation);
            Fault = null;
            return Soon(schedule);
        }
        catch (TooFewTracksException)
        {
            return Soon(schedule);   // music may be on its way
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            Fault = fault.Message;
            logger.LogError(fault, "The scheduled training of sound failed; serving goes on with the model before it.");
            return Soon(schedule);
        }
        finally
        {
            _progress.Share = null;
        }
    }

    private async Task TrainAsync(StoreHost host, SoundTrainingSchedule schedule, CancellationToken cancellation)
    {
        var parts = host.Store.Parts;
        var trainer = Trainer(parts);
        var together = TracksHeardTogether.Read(parts);
        if (!trainer.IsChanged(together))
        {
            return;
        }
        _progress.Share = 0;
        var (version, _) = trainer.Train(schedule.Options, together, _progress, schedule.Hear, cancellation);
        await host.TakeMusicAsync(schedule.Hear, schedule.Options.Threads, cancellation);
        parts.SoundModels.Prune(schedule.KeepModels);
        parts.Sound.KeepVectorsOf(version);
    }

    private static SoundTrainer Trainer(StoreParts parts) => new(parts.Sound, parts.SoundModels, parts.WorkFolder);

    private static TimeSpan Soon(SoundTrainingSchedule schedule) => schedule.Every < LongestRetry ? schedule.Every : LongestRetry;

    private sealed class Keeping : IProgress<double>
    {
        private double _share = double.NaN;

        public double? Share
        {
            get => Volatile.Read(ref _share) is var share && double.IsNaN(share) ? null : share;
            set => Volatile.Write(ref _share, value ?? double.NaN);
        }

        public void Report(double value) => Share = value;
    }
}

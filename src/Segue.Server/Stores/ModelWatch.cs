using Segue.Numerics;

namespace Segue.Server.Stores;

/// <summary>Looks for newly published models, and for music that another process scanned, while the server serves, and lets the radio take them up.</summary>
internal sealed class ModelWatch(OnAir onAir, ServerOptions options, ILogger<ModelWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);   // a look is the reading of one line
    private static readonly TimeSpan WhileMusicChanges = TimeSpan.FromSeconds(30);   // a scan may take days: what is heard by then plays
    private string? _refused, _refusedSound;
    private long? _music;
    private DateTimeOffset _musicTakenAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var host = await onAir.Hosted.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(Every, options.Time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await StepAsync(host, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>Looks once. What cannot be used is told once and not tried again; the next version is.</summary>
    internal async Task StepAsync(StoreHost host, CancellationToken cancellation)
    {
        string? version = null;
        try
        {
            version = host.Published();
            if (version is not null && version != onAir.Station?.PublishedVersion && version != _refused)
            {
                await host.OpenRadioAsync(cancellation);
            }
            else if (host.NewSound() is { } sound && sound != _refusedSound)
            {
                _refusedSound = sound;   // tried once
                await host.TakeMusicAsync((_, _, _) => null, Math.Max(1, Workers.Default / 2), cancellation);   // its vectors were made before it was published
            }
            else if (IsMusicDue(host))
            {
                await TakeMusicAsync(host, cancellation);
            }
            if (onAir.Station is { } station)
            {
                host.Ranker.Offer(station.Repertoire);
            }
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            _refused = version;
            logger.LogError(fault, "Models of version {Version} cannot be used; the radio goes on with version {Before}.", version, onAir.Station?.ModelVersion ?? "none");
        }
    }

    // Tried once: the next time when it has changed again.
    private async Task TakeMusicAsync(StoreHost host, CancellationToken cancellation)
    {
        try
        {
            await host.TakeMusicAsync((_, _, _) => null, Math.Max(1, Workers.Default / 2), cancellation);   // what a scan heard is kept; first, for it notes what was taken
            host.Store.Events.Resolver.Replace(host.Store.Parts.Recordings());   // players name new tracks, too
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "The music that another process scanned could not be taken into use; the radio goes on without it.");
        }
    }

    // At once when two looks find the same; else, for a scan goes on, now and then.
    private bool IsMusicDue(StoreHost host)
    {
        var (music, before, now) = (host.NewMusic(), _music, options.Time.GetUtcNow());
        _music = music;
        if (music is null || (music != before && now - _musicTakenAt < WhileMusicChanges))
        {
            return false;
        }
        _musicTakenAt = now;
        return true;
    }
}

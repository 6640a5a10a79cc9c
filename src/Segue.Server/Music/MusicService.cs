using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>Scans the music when the server starts, and from then on what changes.</summary>
internal sealed class MusicService(OnAir onAir, ServerOptions options, ILogger<MusicService> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private readonly List<MusicWatch> _watches = [];
    private volatile ScanProgress? _progress;
    private DateTimeOffset _nextWalk = DateTimeOffset.MinValue;
    private volatile bool _isAsked;
    private long _told, _tracks;

    /// <summary>Null where the server looks after no music.</summary>
    public MusicOptions? Music => options.Music;

    /// <summary>How far the scan under way is; null when none is.</summary>
    public ScanProgress? Progress => _progress;

    /// <summary>When a whole walk ended last; null before the first.</summary>
    public DateTimeOffset? WalkedAt { get; private set; }

    /// <summary>Why the last scan failed; null where it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Asks for a whole walk, soon.</summary>
    public void Ask() => _isAsked = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Music is null)
        {
            return;
        }
        try
        {
            var host = await onAir.Hosted.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(Look, options.Time);
            do
            {
                await StepAsync(host, options.Music, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    public override void Dispose()
    {
        _watches.ForEach(watch => watch.Dispose());
        base.Dispose();
    }

    /// <summary>Walks all folders if that is due or somebody asked; else looks at what changed.</summary>
    internal async Task StepAsync(StoreHost host, MusicOptions music, CancellationToken cancellation)
    {
        var now = options.Time.GetUtcNow();
        try
        {
            Watch(music);
            var parts = host.Store.Parts;
            parts.Sound.MaxSpectraBytes = music.MaxSpectraBytes;
            var scanner = new MusicScanner(parts.Sound, parts.Catalogue, parts.Recordings, music.Analyzers, options.Time) { Told = _ => Interlocked.Increment(ref _told) };
            var changes = _watches.ConvertAll(watch => (watch.Folder, Changes: watch.Take(path => parts.Sound.FindFile(path) is not null)));
            var there = music.Folders.Where(Directory.Exists).ToList();   // a disk that is away must not keep the others from being walked
            if (_isAsked || now >= _nextWalk || changes.Exists(change => change.Changes.NeedsWalk))
            {
                (_isAsked, _nextWalk) = (false, now + AfterFailure);
                await TellAsync(host, music, await TakeMeanwhileAsync(scanner.ScanAsync(there.Count > 0 ? there : music.Folders, music.Scan, new Keeping(this), cancellation), host, music, cancellation), isFirst: WalkedAt is null, cancellation);
                (WalkedAt, _nextWalk) = (options.Time.GetUtcNow(), options.Time.GetUtcNow() + music.WalkEvery);
            }
            foreach (var (folder, changed) in changes.Where(change => !change.Changes.NeedsWalk && change.Changes.Files.Count > 0))
            {
                await TellAsync(host, music, await scanner.ScanFilesAsync(folder, changed.Files, music.Scan, cancellation), isFirst: false, cancellation);
            }
            Fault = music.Folders.FirstOrDefault(folder => !there.Contains(folder)) is { } missing ? $"There is no folder {missing}; what is known of it stays." : null;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            (Fault, _nextWalk) = (fault.Message, now + AfterFailure);
            logger.LogError(fault, "The music could not be scanned; it is tried again in a minute.");
        }
        finally
        {
            _progress = null;
        }
    }

    // A first scan may take days: what is heard by then plays.
    private async Task<ScanReport> TakeMeanwhileAsync(Task<ScanReport> scan, StoreHost host, MusicOptions music, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(music.TakeEvery, options.Time);
        try
        {
            var tick = timer.WaitForNextTickAsync(cancellation).AsTask();
            while (await Task.WhenAny(scan, tick) != scan && await tick)
            {
                if (Interlocked.Exchange(ref _told, 0) > 0)
                {
                    await TakeSoFarAsync(host, music, cancellation);
                }
                tick = timer.WaitForNextTickAsync(cancellation).AsTask();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The scan ends by the same token, and is waited for.
        }
        return await scan;
    }

    private async Task TakeSoFarAsync(StoreHost host, MusicOptions music, CancellationToken cancellation)
    {
        try
        {
            host.Store.Events.Resolver.Replace(host.Store.Parts.Recordings());
            await music.Changed(null, cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "What was heard so far could not be taken into use; the scan goes on.");
        }
    }

    // The first is told in any case: what "segue scan" heard before this server began has no vectors yet.
    private async Task TellAsync(StoreHost host, MusicOptions music, ScanReport report, bool isFirst, CancellationToken cancellation)
    {
        if (report.NewTracks > 0)
        {
            host.Store.Events.Resolver.Replace(host.Store.Parts.Recordings());   // players name new tracks, too
        }
        if (isFirst && report.Doubt is { } doubt)
        {
            logger.LogWarning("{Doubt}", doubt);
        }
        var tracks = host.Store.Parts.Sound.Counts().Tracks;
        var others = Interlocked.Exchange(ref _tracks, tracks) != tracks;   // another process may have scanned, too
        if (report.IsChanged || isFirst || others)
        {
            await music.Changed(report, cancellation);
        }
    }

    private void Watch(MusicOptions music)
    {
        foreach (var folder in music.Folders.Where(folder => Directory.Exists(folder) && !_watches.Exists(watch => watch.Folder == folder)))
        {
            var watch = new MusicWatch(folder);
            _watches.Add(watch);
            if (watch.Fault is { } fault)
            {
                logger.LogWarning(fault, "The system does not tell of changes in the music folder: they are found by walks, every {Every}.", music.WalkEvery);
            }
        }
    }

    private sealed class Keeping(MusicService service) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => service._progress = value;
    }
}

using System.Threading.Channels;
using Segue.Features.Sound;

namespace Segue.Server.Music;

/// <summary>One scan: the threads, and what they counted.</summary>
internal sealed class ScanRun : IDisposable
{
    private const int SeenAtOnce = 1_000, AheadOfDecision = 64;
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(2);

    private readonly MusicScanner _scanner;
    private readonly ScanOptions _options;
    private readonly TrackNaming _naming;
    private readonly ScanMeter _meter;
    private readonly FileHearing _hearing;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancelled;
    private readonly Channel<Job> _work, _order;
    private readonly List<string> _seen = [], _empty = [];
    private readonly long _scan;
    private string? _doubt;
    private long _files, _unchanged, _known, _gone;

    /// <exception cref="ArgumentOutOfRangeException">There are no workers.</exception>
    public ScanRun(MusicScanner scanner, ScanOptions options, TrackNaming naming, ScanMeter meter, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Workers);
        (_scanner, _options, _naming, _meter, _cancelled) = (scanner, options, naming, meter, cancellation);
        naming.Mend();
        _scan = scanner.Library.BeginScan(scanner.Time.GetUtcNow());
        _hearing = new(scanner.Library, scanner.Analyzers, options.Again, _scan);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _work = Channel.CreateBounded<Job>(options.Workers);
        _order = Channel.CreateBounded<Job>(options.Workers * AheadOfDecision);
    }

    /// <summary>Takes all files in.</summary>
    public async Task TakeAsync(IEnumerable<WalkedFile> files)
    {
        var threads = Enumerable.Range(0, _options.Workers).Select(_ => Run(ListenAsync)).Append(Run(DecideAsync)).Append(Run(() => WalkAsync(files))).ToList();
        try
        {
            await Task.WhenAll(threads);
        }
        catch when (_cancelled.IsCancellationRequested)
        {
            throw new OperationCanceledException(_cancelled);
        }
        catch
        {
            // The first that failed stopped the others; they tell of nothing but that.
            await (threads.Find(thread => thread.IsFaulted) ?? Task.WhenAll(threads));
        }
    }

    /// <summary>Notes what a folder no longer holds.</summary>
    public void Finish(string root, FolderWalk walk)
    {
        if (walk.IsEmpty && _scanner.Library.CountBelow(root) > 0)
        {
            _empty.Add(root);
            return;
        }
        var unknown = walk.Unreadable.ConvertAll(folder => Path.EndsInDirectorySeparator(folder.Path) ? folder.Path : folder.Path + Path.DirectorySeparatorChar);
        Note(_scanner.Library.MarkGone(root, _scan, path => unknown.Exists(folder => path.StartsWith(folder, StringComparison.Ordinal))));
    }

    /// <summary>Notes files as gone.</summary>
    public void Forget(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            Note(_scanner.Library.MarkGone(path));
        }
    }

    public ScanReport Report(List<FolderWalk> walks) => new(
        _files, _unchanged, _meter.Analyzed, _known, _gone, walks.Sum(walk => walk.NotMusic), walks.Sum(walk => walk.HiddenFolders),
        [.. walks.SelectMany(walk => walk.Unreadable)], _empty, _naming.NewTracks, _naming.Matched) { Doubt = _doubt };

    public void Dispose() => _stop.Dispose();

    private Task Run(Func<Task> work) => Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }, CancellationToken.None);

    private async Task WalkAsync(IEnumerable<WalkedFile> files)
    {
        foreach (var walked in files)
        {
            _stop.Token.ThrowIfCancellationRequested();
            _files++;
            var known = _scanner.Library.FindFile(walked.File.Path);
            var isSame = !_options.Again && walked.Fault is null && known is { Sound: not null } && known.Analysis == _scanner.Analyzers.Version
                && (known.Bytes, known.ModifiedAt) == (walked.File.Bytes, walked.File.ModifiedAt);
            if (isSame && known is { IsGone: false, NeedsTrack: false })
            {
                _unchanged++;
                _meter.Count(wasAnalyzed: false);
                Seen(walked.File.Path);
                continue;
            }
            var job = new Job(walked);
            await _order.Writer.WriteAsync(job, _stop.Token);
            if (isSame)
            {
                _scanner.Library.Attach(walked.File, known!.Sound!.Value, _scan);   // it is back, or was cut off before it had a track
                job.Heard.SetResult(new(known.Sound, false));
            }
            else
            {
                await _work.Writer.WriteAsync(job, _stop.Token);
            }
        }
        _scanner.Library.Seen(_seen, _scan);
        _work.Writer.Complete();
        _order.Writer.Complete();
    }

    private void Seen(string path)
    {
        _seen.Add(path);
        if (_seen.Count == SeenAtOnce)
        {
            _scanner.Library.Seen(_seen, _scan);
            _seen.Clear();
        }
    }

    private async Task ListenAsync()
    {
        using var analyzer = _scanner.Analyzers.Create();
        await foreach (var job in _work.Reader.ReadAllAsync(_stop.Token))
        {
            job.Heard.SetResult(_hearing.Hear(job.Walked, analyzer, _stop.Token));
        }
        _doubt = analyzer.Doubt() ?? _doubt;
    }

    private async Task DecideAsync()
    {
        var flushed = _scanner.Time.GetTimestamp();
        try
        {
            await foreach (var job in _order.Reader.ReadAllAsync(_stop.Token))
            {
                Decide(job.Walked.File.Path, await job.Heard.Task.WaitAsync(_stop.Token));
                if (_scanner.Time.GetElapsedTime(flushed) >= FlushEvery)
                {
                    _naming.Flush();
                    flushed = _scanner.Time.GetTimestamp();
                }
            }
        }
        finally
        {
            _naming.Flush();
        }
    }

    private void Decide(string path, HeardFile heard)
    {
        var told = heard.Sound is { } sound ? _naming.Name(path, sound) : new(path, null, false);
        _known += heard is { Sound: not null, WasAnalyzed: false } ? 1 : 0;
        _meter.Count(heard.WasAnalyzed);
        _scanner.Told?.Invoke(told);
    }

    // The file of a content that is first now may have another name than the one before, and its track with it.
    private void Note(GoneFiles gone)
    {
        _gone += gone.Count;
        foreach (var content in gone.Contents)
        {
            _naming.Name("", content);
        }
        _naming.Flush();
    }

    private sealed record Job(WalkedFile Walked)
    {
        public TaskCompletionSource<HeardFile> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Counts the files of a scan, and tells how fast it goes. Safe for several threads.</summary>
internal sealed class ScanMeter(long total, TimeProvider time, IProgress<ScanProgress>? progress)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(0.2);
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private long _done, _told;

    public long Analyzed { get; private set; }

    public void Count(bool wasAnalyzed)
    {
        lock (_lock)
        {
            _done++;
            Analyzed += wasAnalyzed ? 1 : 0;
            if (progress is not null && (_done >= total || time.GetElapsedTime(_told) >= Between))
            {
                _told = time.GetTimestamp();
                progress.Report(Now());
            }
        }
    }

    private ScanProgress Now()
    {
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        var isTelling = seconds > 0 && Analyzed > 0;
        var left = isTelling && total >= _done ? TimeSpan.FromSeconds(Math.Min((total - _done) * seconds / _done, TimeSpan.MaxValue.TotalSeconds / 2)) : default(TimeSpan?);
        return new(_done, total, Analyzed, isTelling ? Analyzed / seconds : 0, left);
    }
}

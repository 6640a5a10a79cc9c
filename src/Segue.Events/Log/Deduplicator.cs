using Microsoft.Data.Sqlite;

namespace Segue.Events.Log;

/// <summary>Tells new events from those that were taken before, however long ago: exactly, in bounded memory.</summary>
/// <remarks>
/// The newest keys lie in memory; older ones in <see cref="KeyIndex"/>, before which stands a filter in memory. An event's key alone decides, not its
/// time, which a corrected clock may move. One thread, beside a worker of its own.
/// </remarks>
internal sealed class Deduplicator : IDisposable
{
    private readonly EventLog _log;
    private readonly int _mostInMemory;
    private readonly KeyStore _store;
    private readonly CancellationTokenSource _closing = new();
    private KeySet _recent = new();
    private volatile Spill? _spill;
    private Task _worker = Task.CompletedTask;

    /// <summary>Reads the filter, and the log behind the index; the whole log where there is no index, or a damaged one.</summary>
    /// <param name="memoryBytes">A quarter is for the newest keys and those just being written, half for the filter, the rest for the old filter
    /// while a larger one is filled; at least 1 MiB.</param>
    public Deduplicator(EventLog log, long memoryBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryBytes, 1 << 20);
        _log = log;
        // At the worst a key takes 16 B / 0.375 while its set grows; sets and the sorted copy: about 100 B a key in all.
        _mostInMemory = (int)Math.Min(memoryBytes / 4 / 100, 1 << 24);
        _store = OpenStore(log, memoryBytes / 2);
        try
        {
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Notes a key; false when it was noted before. Costs about 0.2 µs for a new key.</summary>
    public bool TryAdd(EventKey key)
        => !_recent.Contains(key.Value) && _spill?.Keys.Contains(key.Value) is not true && !_store.Contains(key.Value) && _recent.Add(key.Value);

    /// <summary>Lets the processor fetch what <see cref="TryAdd"/> will look at.</summary>
    public void Prefetch(EventKey key)
    {
        _recent.Prefetch(key.Value);
        _store.Prefetch(key.Value);
    }

    /// <summary>To be called after some hundred or thousand keys: lets go of the index's file.</summary>
    public void Release() => _store.Release();

    /// <summary>To be called when all noted keys are in the log: moves them out of the memory when they are many.</summary>
    /// <exception cref="SqliteException">The index could not be written.</exception>
    public void Committed()
    {
        if (_recent.Count >= _mostInMemory)
        {
            BeginSpill();
        }
    }

    /// <summary>Returns when the index covers the whole log.</summary>
    public void CoverAll()
    {
        if (_recent.Count > 0)
        {
            BeginSpill();
        }
        _spill?.Done.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _closing.Cancel();
        try
        {
            _worker.GetAwaiter().GetResult();
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or LogUnavailableException or SqliteException or IOException)
        {
            // What was not written is read from the log when it is opened next.
        }
        _store.Dispose();
        _closing.Dispose();
    }

    private static KeyStore OpenStore(EventLog log, long filterBytes)
    {
        try
        {
            var store = new KeyStore(log.Folder, filterBytes);
            if (store.Through <= log.End)
            {
                return store;
            }
            store.Dispose();   // of another log: a copy that was put back, say
        }
        catch (Exception damaged) when (damaged is InvalidDataException || SegmentFile.IsDamage(damaged))
        {
            // Made anew below: the log knows all that the index knows.
        }
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(Path.Combine(log.Folder, KeyIndex.FileName + suffix));
        }
        return new(log.Folder, filterBytes);
    }

    private void Load()
    {
        var from = Math.Max(_store.Through, _log.Start);
        foreach (var key in _log.ErasedKeys(_store.Through))
        {
            TryAdd(key);
        }
        foreach (var block in _log.ReadBlocks(from))
        {
            foreach (var record in block.Records())
            {
                if (EventCodec.KeyOf(block.Payload.Span[record]) is { } key)
                {
                    TryAdd(key);
                }
            }
            _store.Release();
            if (_recent.Count >= _mostInMemory)
            {
                BeginSpill(block.End);
            }
        }
    }

    private void BeginSpill(long? through = null)
    {
        _spill?.Done.Task.GetAwaiter().GetResult();
        _spill = new(_recent, through ?? _log.End);
        _recent = new(_recent.Count);
        var before = _worker;
        _worker = Task.Run(() => WorkAfter(before));
    }

    private async Task WorkAfter(Task before)
    {
        try
        {
            await before;
            WriteSpill();
            _store.Merge(between: () =>
            {
                _closing.Token.ThrowIfCancellationRequested();
                WriteSpill();   // the next one does not wait for a long merge
            });
        }
        catch (Exception failed)
        {
            _spill?.Done.TrySetException(failed);
            throw;
        }
    }

    private void WriteSpill()
    {
        if (_spill is not { } spill)
        {
            return;
        }
        _store.Add(spill.Keys.Sorted(), spill.Through);
        _spill = null;
        spill.Done.SetResult();
    }

    private sealed record Spill(KeySet Keys, long Through)
    {
        public TaskCompletionSource Done { get; } = new();
    }
}

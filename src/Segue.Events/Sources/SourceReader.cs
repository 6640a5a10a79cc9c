using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Segue.Events.Sources;

/// <summary>Reads the objects of a source in order of their names, each once, and goes on where an earlier reading ended.</summary>
/// <remarks>
/// An object that grew is read from where it stood; one that was replaced is read anew, and what it repeats is left to deduplication.
/// An object that cannot be read is noted in <see cref="Faults"/> and does not stop the others. For one enumeration at a time.
/// </remarks>
/// <param name="progress">Read only: saving is the caller's, batch by batch, after the commit. Null: all is read from the beginning.</param>
public sealed class SourceReader(IEventSource source, SourceProgress? progress, SourceReaderOptions? options = null, TimeProvider? time = null)
{
    private readonly SourceReaderOptions _options = (options ?? new()).Validated();
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);

    // What was given out counts as read for this reader, though the caller may not have committed it yet.
    private readonly Dictionary<string, SourceCheckpoint> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    /// <summary>Why objects could not be read to their end, by name; an object that could be read later is taken out.</summary>
    public IReadOnlyDictionary<string, string> Faults => _faults;

    /// <summary>Objects that were left alone since they had been read to the end before.</summary>
    public int AlreadyRead { get; private set; }

    /// <summary>All lines that are new, once over the source.</summary>
    /// <returns>Batches, to be disposed by the caller. The last of each object says so in its checkpoint and may have no lines.</returns>
    /// <exception cref="IOException">The source cannot be listed.</exception>
    public async IAsyncEnumerable<LineBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in source.ListAsync(cancellation))
        {
            await foreach (var batch in ReadAsync(item, holdOpenLine: false, cancellation))
            {
                yield return batch;
            }
        }
    }

    /// <summary>All lines that are new, and those that come, looking again and again until cancelled. A last line without an end waits
    /// until its object has stayed the same from one look to the next.</summary>
    /// <inheritdoc cref="ReadAsync(CancellationToken)"/>
    public async IAsyncEnumerable<LineBatch> WatchAsync(TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time ?? TimeProvider.System);
        do
        {
            foreach (var item in await TryListAsync(cancellation))
            {
                var changed = !_seen.TryGetValue(item.Name, out var before) || before != item.Version;
                _seen[item.Name] = item.Version;
                await foreach (var batch in ReadAsync(item, holdOpenLine: changed, cancellation))
                {
                    yield return batch;
                }
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async IAsyncEnumerable<LineBatch> ReadAsync(
        SourceObject item, bool holdOpenLine, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var from = _given.TryGetValue(item.Name, out var given) ? given : progress?.Find(item.Name);
        if (from is { AtEnd: true } && from.Version == item.Version)
        {
            AlreadyRead += given is null ? 1 : 0;
            _given[item.Name] = from;
            yield break;
        }
        await using var batches = LinesAsync(item, from, holdOpenLine, cancellation).GetAsyncEnumerator(cancellation);
        while (await MoveNextAsync(batches, item.Name))
        {
            _given[item.Name] = batches.Current.Checkpoint;
            yield return batches.Current;
        }
    }

    private async IAsyncEnumerable<LineBatch> LinesAsync(
        SourceObject item, SourceCheckpoint? from, bool holdOpenLine, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (stream, start) = await SourceOpening.OpenAsync(source, item, from, cancellation);
        await using (stream)
        {
            await foreach (var batch in new ObjectLineReader(stream, item, start, _options, holdOpenLine).ReadAsync(cancellation))
            {
                yield return batch;
            }
        }
        _faults.TryRemove(item.Name, out _);
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<LineBatch> batches, string name)
    {
        try
        {
            return await batches.MoveNextAsync();
        }
        catch (Exception fault) when (IsOfSource(fault))
        {
            _faults[name] = fault.Message;
            return false;
        }
    }

    private async Task<List<SourceObject>> TryListAsync(CancellationToken cancellation)
    {
        try
        {
            var items = await source.ListAsync(cancellation).ToListAsync(cancellation);
            _faults.TryRemove(source.Name, out _);
            return items;
        }
        catch (Exception fault) when (IsOfSource(fault))
        {
            _faults[source.Name] = fault.Message;   // a store that cannot be reached now may be there at the next look
            return [];
        }
    }

    private static bool IsOfSource(Exception fault)
        => fault is IOException or InvalidDataException or UnauthorizedAccessException or HttpRequestException or Amazon.Runtime.AmazonServiceException
            or Amazon.Runtime.AmazonClientException;
}

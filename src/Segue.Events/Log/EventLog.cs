using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Segue.Events.Log;

/// <summary>The durable log: events in the order in which they were accepted, each with an offset, counted from 0 without gaps.</summary>
/// <remarks>
/// A folder of SQLite files ("segments"); docs/event-log.md tells layout and guarantees. One process at a time. Reading is thread-safe and
/// goes on beside everything else; all other members are for one thread at a time: <see cref="EventIntake"/> owns that thread.
/// </remarks>
public sealed partial class EventLog : IDisposable
{
    private const long ReadBytes = 4 << 20;
    private readonly string _folder;
    private readonly EventLogOptions _options;
    private readonly TimeProvider _time;
    private readonly LogLock _lock;
    private readonly LogManifest _manifest;
    private readonly Lock _manifestGate = new();

    /// <summary>Held while a file is read; taken alone while files change their names or their kind.</summary>
    private readonly ReaderWriterLockSlim _files = new();
    private ImmutableArray<long> _firsts = [];
    private SegmentWriter? _writer;
    private LogUnavailableException? _failure;
    private Task _sealing = Task.CompletedTask;
    private DateOnly _day;
    private long _end;

    private EventLog(string folder, EventLogOptions options, TimeProvider time)
    {
        (_folder, _options, _time) = (folder, options, time);
        Directory.CreateDirectory(folder);
        _lock = new(folder);
        try
        {
            _manifest = new(folder);
            Recover();
        }
        catch
        {
            _manifest?.Dispose();
            _writer?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    public string Folder => _folder;

    /// <summary>The oldest offset that is kept.</summary>
    public long Start => _firsts[0];

    /// <summary>The offset that the next event will get.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>A rotation of keys that was begun and must be finished by <see cref="Rekey"/> before events are taken; null: none.</summary>
    public string? UnfinishedRotation { get; private set; }

    /// <summary>Opens a log, and makes it where there is none. Checks the newest segment whole and of the others place, size and order.</summary>
    /// <exception cref="LogInUseException">It is open elsewhere.</exception>
    /// <exception cref="LogDamagedException">Something other than the torn end of an interrupted write is wrong.</exception>
    /// <exception cref="LogUnavailableException">The disk refuses writes.</exception>
    public static EventLog Open(string folder, EventLogOptions? options = null, TimeProvider? time = null)
    {
        try
        {
            return new(Path.GetFullPath(folder), options ?? new(), time ?? TimeProvider.System);
        }
        catch (Exception refused) when (refused is SqliteException or IOException)
        {
            throw Unavailable(refused, folder);
        }
    }

    /// <summary>The events from an offset on, up to <see cref="End"/> at the time of the last step; erased ones are left out.</summary>
    /// <remarks>Reads about 4 MiB at a time and holds no file open in between. Events before <see cref="Start"/> are gone: reading begins there.</remarks>
    /// <exception cref="LogDamagedException">A block's checksum does not agree; thrown when it is reached.</exception>
    public IEnumerable<LoggedEvent> Read(long from)
        => ReadBlocks(from).SelectMany(block => block.Events()).SkipWhile(logged => logged.Offset < from);

    /// <summary>The blocks from the one that holds <paramref name="from"/> on; for those who decode on several threads.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<LogBlock> ReadBlocks(long from)
    {
        for (var next = Math.Max(from, Start); next < End;)
        {
            foreach (var block in Fetch(next))
            {
                yield return block;
                next = block.End;
            }
        }
    }

    /// <summary>Appends events as they are, one block, without looking for duplicates; returns the first one's offset when they are on disk.</summary>
    /// <inheritdoc cref="Append(IReadOnlyList{PendingBlock})"/>
    internal long Append(IReadOnlyList<ListenerEvent> events)
    {
        var records = new RecordBuffer();
        foreach (var listened in events)
        {
            EventCodec.Encode(EventRecord.Of(listened), records);
        }
        return Append([new PendingBlock(events.Count, records.Memory)]);
    }

    /// <summary>Appends blocks, all or none; returns the first event's offset when they are on disk.</summary>
    /// <exception cref="LogUnavailableException">They may or may not be on disk, and will not be read before the log is opened anew.</exception>
    internal long Append(IReadOnlyList<PendingBlock> blocks)
    {
        var writer = RequireWriter();
        try
        {
            var now = _time.GetUtcNow();
            if (writer.WrittenTo is not null && (writer.Bytes > _options.SegmentBytes || DateOnly.FromDateTime(now.UtcDateTime) != _day))
            {
                writer = Roll();
            }
            var first = End;
            writer.Append(first, blocks, now);
            _day = DateOnly.FromDateTime(now.UtcDateTime);
            Volatile.Write(ref _end, first + blocks.Sum(block => (long)block.Count));
            return first;
        }
        catch (Exception refused) when (refused is LogUnavailableException or SqliteException or IOException)
        {
            throw _failure = Unavailable(refused, _folder);
        }
    }

    /// <summary>Closes the files. Readers that are still reading fail.</summary>
    public void Dispose()
    {
        _failure ??= new("The event log was closed.");
        try
        {
            _sealing.GetAwaiter().GetResult();
        }
        catch (Exception failed) when (failed is LogUnavailableException or SqliteException or IOException)
        {
            // The segment is sealed when the log is opened next.
        }
        _writer?.Dispose();
        _writer = null;
        _manifest.Dispose();
        _lock.Dispose();
    }

    /// <summary>Keys of erased events that a reader of the records from an offset on does not meet.</summary>
    internal List<EventKey> ErasedKeys(long from)
    {
        lock (_manifestGate)
        {
            return _manifest.ErasedFrom(from);
        }
    }

    internal static LogUnavailableException Unavailable(Exception refused, string folder)
        => refused as LogUnavailableException ?? (DiskSpace.IsOut(refused, folder)
            ? new("The event log takes no more events: the disk is full.", isFull: true, refused)
            : new($"The event log takes no more events: {refused.Message}", isFull: false, refused));

    private List<LogBlock> Fetch(long from)
    {
        _files.EnterReadLock();
        try
        {
            var firsts = _firsts;
            from = Math.Max(from, firsts[0]);   // a segment may have been retired just now
            var place = firsts.BinarySearch(from);
            var first = firsts[place >= 0 ? place : ~place - 1];
            var path = PathOf(first);
            var blocks = SegmentFile.Read(path, from, End, ReadBytes);
            return blocks.Count > 0 ? blocks : throw new LogDamagedException(path, from, "events are missing from here on.");
        }
        finally
        {
            _files.ExitReadLock();
        }
    }

    private SegmentWriter RequireWriter()
    {
        if (_failure is not null)
        {
            throw new LogUnavailableException(_failure.Message, _failure.IsFull, _failure);
        }
        if (_sealing.IsFaulted)
        {
            throw _failure = Unavailable(_sealing.Exception.InnerException!, _folder);
        }
        return UnfinishedRotation is null
            ? _writer!
            : throw new LogUnavailableException($"The rotation of keys '{UnfinishedRotation}' was interrupted: finish it first.");
    }

    private string PathOf(long first) => Path.Combine(_folder, SegmentFile.NameOf(first));
}

using Microsoft.Data.Sqlite;
using Segue.Events.Files;

namespace Segue.Events.Log;

/// <summary>The segment that takes events. Not thread-safe; after a failed call only <see cref="Dispose"/> may follow.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private const int CopyOfPage = 32 * 1024;
    private readonly long _checkpointBytes;
    private readonly BlockInsert _insert;
    private readonly SqliteCommand _begin, _commit, _checkpoint;
    private long _uncopied;

    public SegmentWriter(string path, long first, long checkpointBytes)
    {
        (Path, First, _checkpointBytes) = (path, first, checkpointBytes);
        Connection = SqliteFile.Open(path);
        try
        {
            // What a failed sync left in the write-ahead log may be in memory alone. Copying it writes and syncs it anew, or fails here:
            // only then may an event that is found there be called a duplicate.
            SegmentFile.Execute(Connection, "PRAGMA wal_autocheckpoint=0");
            Settle();
            Bytes = new FileInfo(path).Length;
            (_begin, _commit) = (Prepare("BEGIN IMMEDIATE"), Prepare("COMMIT"));
            _checkpoint = Prepare("PRAGMA wal_checkpoint(PASSIVE)");
            _insert = new(Connection);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }
    public string Path { get; }
    public long First { get; }

    /// <summary>About how large the file is, what still lies in the write-ahead log included.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the newest block was written; null while there is none.</summary>
    public DateTimeOffset? WrittenTo { get; set; }

    /// <summary>Writes blocks, all or none, and returns when they are on disk.</summary>
    /// <exception cref="SqliteException">They may or may not be on disk.</exception>
    public void Append(long first, IReadOnlyList<PendingBlock> blocks, DateTimeOffset now)
    {
        if (_uncopied > _checkpointBytes)
        {
            _checkpoint.ExecuteNonQuery();
            _uncopied = 0;
        }
        if (blocks.Count > 1)
        {
            _begin.ExecuteNonQuery();
        }
        foreach (var block in blocks)
        {
            _insert.Run(first, block.Count, now.ToUnixTimeMilliseconds(), block.Payload.Span);
            first += block.Count;
            Bytes += block.Payload.Length;
            _uncopied += Math.Max(block.Payload.Length, CopyOfPage);
        }
        if (blocks.Count > 1)
        {
            _commit.ExecuteNonQuery();
        }
        WrittenTo = now;
    }

    /// <summary>Copies the write-ahead log into the file and empties it.</summary>
    public void Settle()
    {
        using var checkpoint = Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
        if (checkpoint.ExecuteScalar() is not 0L)
        {
            throw new IOException($"The write-ahead log of {Path} could not be copied: another process reads the file.");
        }
    }

    /// <summary>After <see cref="Settle"/>: makes it a file that stands alone, and closes it.</summary>
    public void Finish()
    {
        using (var alone = Prepare("PRAGMA journal_mode=DELETE"))
        {
            if (alone.ExecuteScalar() is not "delete")
            {
                throw new IOException($"{Path} could not be closed: another process reads it.");
            }
        }
        Dispose();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _checkpoint.Dispose();
        Connection.Dispose();
    }

    private SqliteCommand Prepare(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}

/// <summary>A block that has no place yet.</summary>
internal readonly record struct PendingBlock(int Count, ReadOnlyMemory<byte> Payload);

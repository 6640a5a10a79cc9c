using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Segue.Events.Log;

/// <summary>The prepared statement that adds a block to a segment. Not by a command: that would copy each payload once more.</summary>
internal sealed class BlockInsert : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    public BlockInsert(SqliteConnection connection)
    {
        _connection = connection;
        SegmentFile.Require(connection, raw.sqlite3_prepare_v2(connection.Handle, SegmentFile.Insert, out _statement));
    }

    /// <param name="writtenAt">Milliseconds since 1970.</param>
    /// <exception cref="SqliteException">The block was not written.</exception>
    public void Run(long first, int count, long writtenAt, ReadOnlySpan<byte> payload)
    {
        Require(raw.sqlite3_bind_int64(_statement, 1, first));
        Require(raw.sqlite3_bind_int64(_statement, 2, count));
        Require(raw.sqlite3_bind_int64(_statement, 3, writtenAt));
        Require(raw.sqlite3_bind_blob(_statement, 4, LogBlock.Checksum(first, count, writtenAt, payload)));
        Require(raw.sqlite3_bind_blob(_statement, 5, payload));
        var result = raw.sqlite3_step(_statement);
        var after = raw.sqlite3_reset(_statement);   // a failed step's code, with its cause
        Require(result == raw.SQLITE_DONE ? after : after != raw.SQLITE_OK ? after : result);
    }

    public void Dispose() => _statement.Dispose();

    private void Require(int result) => SegmentFile.Require(_connection, result);
}

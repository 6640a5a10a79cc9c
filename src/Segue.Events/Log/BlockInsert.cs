using Microsoft.Data.Sqlite;

namespace Segue.Events.Log;

/// <summary>The prepared statement that adds a block to a segment.</summary>
internal sealed class BlockInsert : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _first, _count, _written, _sha256, _payload;

    public BlockInsert(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = SegmentFile.Insert;
        (_first, _count, _written) = (Add("$first", SqliteType.Integer), Add("$count", SqliteType.Integer), Add("$written", SqliteType.Integer));
        (_sha256, _payload) = (Add("$sha256", SqliteType.Blob), Add("$payload", SqliteType.Blob));
    }

    /// <param name="writtenAt">Milliseconds since 1970.</param>
    public void Run(long first, int count, long writtenAt, byte[] payload)
    {
        (_first.Value, _count.Value, _written.Value) = (first, count, writtenAt);
        (_sha256.Value, _payload.Value) = (LogBlock.Checksum(first, count, writtenAt, payload), payload);
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();

    private SqliteParameter Add(string name, SqliteType type) => _command.Parameters.Add(name, type);
}

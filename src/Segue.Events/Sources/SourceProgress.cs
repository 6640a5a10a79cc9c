using Microsoft.Data.Sqlite;
using Segue.Events.Files;

namespace Segue.Events.Sources;

/// <summary>Which object was read how far: a small SQLite file, so that a stopped ingest goes on and no object is read twice.</summary>
/// <remarks>One row an object and reader. A reader is whatever makes another result of the same bytes: another mapping reads all anew.
/// Thread-safe.</remarks>
public sealed class SourceProgress : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS source_progress (
            reader TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, position INTEGER NOT NULL, line INTEGER NOT NULL,
            line_start INTEGER NOT NULL, at_end INTEGER NOT NULL, head_bytes INTEGER NOT NULL, head TEXT NOT NULL,
            tail_bytes INTEGER NOT NULL, tail TEXT NOT NULL, PRIMARY KEY (reader, name)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly string _reader;
    private readonly Lock _lock = new();

    /// <param name="file">Made where there is none, its folder too.</param>
    /// <param name="reader">Such as the id of the mapping; empty: our own format.</param>
    public SourceProgress(string file, string reader = "")
    {
        _reader = reader;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = SqliteFile.Open(file);
        using var command = _connection.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
    }

    /// <summary>The last checkpoint of an object; null for one that was never read.</summary>
    public SourceCheckpoint? Find(string name)
    {
        lock (_lock)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = """
                SELECT version, position, line, line_start, at_end, head_bytes, head, tail_bytes, tail
                FROM source_progress WHERE reader = $reader AND name = $name
                """;
            command.Parameters.AddWithValue("$reader", _reader);
            command.Parameters.AddWithValue("$name", name);
            using var row = command.ExecuteReader();
            return row.Read()
                ? new(
                    name, row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4),
                    new(row.GetInt32(5), row.GetString(6)), new(row.GetInt32(7), row.GetString(8)))
                : null;
        }
    }

    /// <summary>Keeps a checkpoint; it is on disk when the call returns. To be called only when the fate of each line before it is on disk too.</summary>
    public void Save(SourceCheckpoint checkpoint)
    {
        lock (_lock)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = """
                INSERT OR REPLACE INTO source_progress
                VALUES ($reader, $name, $version, $position, $line, $line_start, $at_end, $head_bytes, $head, $tail_bytes, $tail)
                """;
            foreach (var (name, value) in new (string, object)[]
            {
                ("$reader", _reader), ("$name", checkpoint.Name), ("$version", checkpoint.Version), ("$position", checkpoint.Position),
                ("$line", checkpoint.Line), ("$line_start", checkpoint.LineStart), ("$at_end", checkpoint.AtEnd),
                ("$head_bytes", checkpoint.Head.Bytes), ("$head", checkpoint.Head.Hex),
                ("$tail_bytes", checkpoint.Tail.Bytes), ("$tail", checkpoint.Tail.Hex),
            })
            {
                command.Parameters.AddWithValue(name, value);
            }
            command.ExecuteNonQuery();
        }
    }

    public void Dispose() => _connection.Dispose();
}

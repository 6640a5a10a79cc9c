using Microsoft.Data.Sqlite;

namespace Segue.Events.Files;

/// <summary>Opens the project's SQLite files in one way: write-ahead log, every commit synced, foreign keys held.</summary>
public static class SqliteFile
{
    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens a file, and makes it where there is none.</summary>
    /// <exception cref="SqliteException">It cannot be opened, or is not a database.</exception>
    public static SqliteConnection Open(string path) => Open(path, SqliteOpenMode.ReadWriteCreate, ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"]);

    /// <summary>Opens an existing file to read.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static SqliteConnection OpenToRead(string path) => Open(path, SqliteOpenMode.ReadOnly, []);

    private static SqliteConnection Open(string path, SqliteOpenMode mode, string[] pragmas)
    {
        // Unpooled: a closed connection must let go of the file, which may be renamed or removed next.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true }.ToString());
        try
        {
            connection.Open();
            foreach (var pragma in pragmas.Prepend("busy_timeout=5000"))   // one a command: after a first row a fault of a later statement would pass unseen
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"PRAGMA {pragma}";
                command.ExecuteNonQuery();
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

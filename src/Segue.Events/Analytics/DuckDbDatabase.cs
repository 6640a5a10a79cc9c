using System.Text;

namespace Segue.Events.Analytics;

/// <summary>How a database is opened.</summary>
public sealed record DuckDbOptions
{
    /// <summary>The database's file; null: in memory.</summary>
    public string? File { get; init; }

    /// <summary>Threads of a query, at least 1; null: one a core.</summary>
    public int? Threads { get; init; }

    /// <summary>Memory of the buffer manager, in MiB. Beyond it tables and sorts go to <see cref="SpillFolder"/>.</summary>
    public int MemoryMiB { get; init; } = 1024;

    /// <summary>Where what does not fit goes; null: a query that needs more fails.</summary>
    public string? SpillFolder { get; init; }

    /// <summary>Whether results without ORDER BY keep the order of their source. Costs memory.</summary>
    public bool PreserveOrder { get; init; } = true;
}

/// <summary>One DuckDB in the process. Loads no extensions and never asks the network.</summary>
/// <remarks>Thread-safe; each thread takes a connection of its own. Dispose connections first.</remarks>
public sealed unsafe class DuckDbDatabase : IDisposable
{
    private nint _database;

    private DuckDbDatabase(nint database) => _database = database;

    /// <summary>The library's version, as "v1.5.5".</summary>
    /// <exception cref="DuckDbMissingException">There is no library.</exception>
    public static string Version
    {
        get
        {
            DuckDbLibrary.Require();
            return NativeMethods.Text(NativeMethods.LibraryVersion())!;
        }
    }

    /// <exception cref="DuckDbMissingException">There is no library.</exception>
    /// <exception cref="DuckDbException">The file is no database, or an option is refused.</exception>
    public static DuckDbDatabase Open(DuckDbOptions? options = null)
    {
        DuckDbLibrary.Require();
        options ??= new();
        _ = NativeMethods.CreateConfig(out var config);
        try
        {
            foreach (var (name, value) in Settings(options))
            {
                fixed (byte* nameBytes = Utf8(name), valueBytes = Utf8(value))
                {
                    if (NativeMethods.SetConfig(config, nameBytes, valueBytes) == NativeMethods.Error)
                    {
                        throw new DuckDbException($"DuckDB does not take '{value}' for {name}.");
                    }
                }
            }
            fixed (byte* path = Utf8(options.File ?? ":memory:"))
            {
                if (NativeMethods.Open(path, out var database, config, out var error) == NativeMethods.Error)
                {
                    var message = NativeMethods.Text((byte*)error);
                    NativeMethods.Free(error);
                    throw new DuckDbException(message ?? "DuckDB could not open the database.");
                }
                return new(database);
            }
        }
        finally
        {
            NativeMethods.DestroyConfig(ref config);
        }
    }

    public DuckDbConnection Connect()
    {
        ObjectDisposedException.ThrowIf(_database == 0, this);
        return NativeMethods.Connect(_database, out var connection) == NativeMethods.Error
            ? throw new DuckDbException("DuckDB gave no connection.")
            : new(connection);
    }

    public void Dispose()
    {
        if (_database != 0)
        {
            NativeMethods.Close(ref _database);
        }
    }

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static IEnumerable<(string Name, string Value)> Settings(DuckDbOptions options)
    {
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        yield return ("threads", (options.Threads ?? Environment.ProcessorCount).ToString());
        yield return ("memory_limit", $"{options.MemoryMiB}MiB");
        yield return ("temp_directory", options.SpillFolder ?? "");
        yield return ("preserve_insertion_order", options.PreserveOrder ? "true" : "false");
    }
}

using System.Security.Cryptography;
using Segue.Events.Analytics;

namespace Segue.Events.Compaction;

/// <summary>Turns rows of events into a day's file whose bytes depend on the set of the events alone.</summary>
internal sealed class DayWriter : IDisposable
{
    private const string Incoming = "incoming";
    private readonly string _folder;
    private readonly CompactorOptions _options;
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;

    /// <param name="folder">For the writer alone: emptied now and at the end.</param>
    public DayWriter(string folder, CompactorOptions options)
    {
        (_folder, _options) = (folder, options);
        Clean(folder);
        Directory.CreateDirectory(folder);
        _database = DuckDbDatabase.Open(new()
        {
            File = Path.Combine(folder, "compaction.db"),
            MemoryMiB = options.MemoryMiB,
            SpillFolder = Path.Combine(folder, "spill"),
        });
        _connection = _database.Connect();
    }

    public DuckDbConnection Connection => _connection;

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        Clean(_folder);
    }

    public static void Clean(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Loads events; returns how many, and the rows of each day.</summary>
    public (long Read, IReadOnlyList<(DateOnly Day, long Rows)> Days) Load(
        IEnumerable<LoggedEvent> events, long from, long end, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        const int Pace = 65_536;
        _connection.Execute(EventTable.Create(Incoming), cancellation);
        var (read, switches, lastDay) = (0L, 0L, 0L);
        using (var appender = _connection.Append(Incoming, EventTable.Types))
        {
            foreach (var (offset, logged) in events)
            {
                if (offset < from || offset >= end)
                {
                    continue;
                }
                EventTable.Append(appender, logged);
                var day = logged.At.UtcTicks / TimeSpan.TicksPerDay;
                switches += day == lastDay ? 0 : 1;
                lastDay = day;
                if (++read % Pace == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report(new("read the log", read, end - from));
                }
            }
            appender.Complete();
        }
        var days = Days(cancellation);
        if (switches > 16L * days.Count)
        {
            Cluster(cancellation);
        }
        _connection.Execute("SET threads = 1", cancellation);   // a file's bytes must not depend on how threads shared the work
        return (read, days);
    }

    /// <summary>The rows loaded for a day, as a source of a SELECT.</summary>
    public static string IncomingOf(DateOnly day)
        => $"(SELECT {EventTable.Columns} FROM {Incoming} WHERE happened_at >= TIMESTAMP '{day:yyyy-MM-dd}' AND happened_at < TIMESTAMP '{day.AddDays(1):yyyy-MM-dd}')";

    /// <summary>The rows of files, as a source of a SELECT.</summary>
    public static string FilesOf(params IEnumerable<string> files)
        => $"(SELECT {EventTable.Columns} FROM read_parquet({DuckDbConnection.Literal(files)}))";

    /// <summary>Writes the events of a source, each once; null when there are none.</summary>
    public (string File, EventDay Day)? Write(DateOnly day, string source, CancellationToken cancellation)
    {
        var file = Path.Combine(_folder, $"{day:yyyy-MM-dd}.parquet");
        var repeats = _connection.Count($"SELECT count(*) - count(DISTINCT key) FROM {source}", cancellation) > 0;
        // Of two tellings of one key the least one stays, whichever came first.
        var distinct = repeats ? $"QUALIFY row_number() OVER (PARTITION BY key ORDER BY {EventTable.Columns}) = 1" : "";
        _connection.Execute(
            $"""
            COPY (SELECT {EventTable.Columns} FROM {source} {distinct} ORDER BY {EventTable.Order})
            TO {DuckDbConnection.Literal(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_options.RowGroup})
            """, cancellation);
        var rows = _connection.Count($"SELECT count(*) FROM read_parquet({DuckDbConnection.Literal(file)})", cancellation);
        if (rows == 0)
        {
            return null;
        }
        var hash = HashOf(file);
        return (file, new(day, $"{EventManifest.Prefix}day={day:yyyy-MM-dd}/{hash[..32]}.parquet", rows, new FileInfo(file).Length, hash));
    }

    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    // A history that comes listener by listener would be read whole for each day: sorted, each day lies together.
    private void Cluster(CancellationToken cancellation)
        => _connection.Execute(
            $"CREATE TABLE clustered AS FROM {Incoming} ORDER BY happened_at; DROP TABLE {Incoming}; ALTER TABLE clustered RENAME TO {Incoming}", cancellation);

    private List<(DateOnly, long)> Days(CancellationToken cancellation)
    {
        var days = new List<(DateOnly, long)>();
        using var reader = _connection.Query($"SELECT happened_at::DATE AS day, count(*) FROM {Incoming} GROUP BY day ORDER BY day", cancellation);
        while (reader.Read())
        {
            days.Add((reader.Date(0), reader.Int64(1)));
        }
        return days;
    }
}

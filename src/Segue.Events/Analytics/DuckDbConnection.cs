using System.Globalization;

namespace Segue.Events.Analytics;

/// <summary>A session with a <see cref="DuckDbDatabase"/>; of one thread at a time.</summary>
public sealed unsafe class DuckDbConnection : IDisposable
{
    private nint _connection;

    internal DuckDbConnection(nint connection) => _connection = connection;

    /// <summary>Runs statements and drops their result.</summary>
    /// <exception cref="DuckDbException">DuckDB refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what the statement did is rolled back.</exception>
    public void Execute(string sql, CancellationToken cancellation = default)
    {
        using var interrupt = InterruptOn(cancellation);
        fixed (byte* text = DuckDbDatabase.Utf8(sql))
        {
            var state = NativeMethods.Query(Live, text, out var result);
            var fault = state == NativeMethods.Error ? NativeMethods.Text(NativeMethods.ResultError(ref result)) ?? "" : null;
            NativeMethods.DestroyResult(ref result);
            ThrowIf(fault, cancellation);
        }
    }

    /// <summary>Runs one statement; its rows are computed as they are read. Dispose the reader before the next statement.</summary>
    /// <inheritdoc cref="Execute"/>
    public DuckDbReader Query(string sql, CancellationToken cancellation = default)
    {
        using var interrupt = InterruptOn(cancellation);
        nint statement = 0;
        try
        {
            fixed (byte* text = DuckDbDatabase.Utf8(sql))
            {
                if (NativeMethods.Prepare(Live, text, out statement) == NativeMethods.Error)
                {
                    ThrowIf(NativeMethods.Text(NativeMethods.PrepareError(statement)) ?? "", cancellation);
                }
            }
            if (NativeMethods.ExecuteStreaming(statement, out var result) == NativeMethods.Error)
            {
                var fault = NativeMethods.Text(NativeMethods.ResultError(ref result)) ?? "";
                NativeMethods.DestroyResult(ref result);
                ThrowIf(fault, cancellation);
            }
            return new(this, result, cancellation);
        }
        finally
        {
            NativeMethods.DestroyPrepare(ref statement);
        }
    }

    /// <summary>The first column of the first row; 0 when there is none or it is null.</summary>
    /// <inheritdoc cref="Execute"/>
    public long Count(string sql, CancellationToken cancellation = default)
    {
        using var reader = Query(sql, cancellation);
        return reader.Read() && !reader.IsNull(0) ? reader.Int64(0) : 0;
    }

    /// <summary>Opens a bulk writer into a table of the main schema.</summary>
    /// <param name="columns">Types of the table's columns, in order.</param>
    public DuckDbAppender Append(string table, params ReadOnlySpan<DuckDbType> columns) => new(Live, table, columns);

    /// <summary>A text as a literal of SQL, whatever it holds but NUL.</summary>
    /// <exception cref="ArgumentException">The text holds NUL, which would end the statement.</exception>
    public static string Literal(string text) => text.Contains('\0')
        ? throw new ArgumentException("A literal cannot hold NUL.", nameof(text))
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A moment as a literal of SQL: TIMESTAMP in UTC, to the microsecond.</summary>
    public static string Literal(DateTimeOffset moment)
        => $"TIMESTAMP '{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    /// <summary>A list of texts, as a literal.</summary>
    public static string Literal(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    public void Dispose()
    {
        if (_connection != 0)
        {
            NativeMethods.Disconnect(ref _connection);
        }
    }

    internal CancellationTokenRegistration InterruptOn(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return cancellation.UnsafeRegister(static self => NativeMethods.Interrupt(((DuckDbConnection)self!)._connection), this);
    }

    internal static void ThrowIf(string? fault, CancellationToken cancellation)
    {
        if (fault is null)
        {
            return;
        }
        cancellation.ThrowIfCancellationRequested();
        throw new DuckDbException(fault);
    }

    private nint Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(_connection == 0, this);
            return _connection;
        }
    }
}

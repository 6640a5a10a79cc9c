using Segue.Events.Analytics;

namespace Segue.Events.Tests.Analytics;

public sealed class DuckDbTests
{
    public DuckDbTests() => Assert.SkipUnless(DuckDbLibrary.IsPresent, "DuckDB's library is absent: run build/natives/fetch (it needs npm).");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_type_comes_back_as_it_was_appended()
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        connection.Execute("CREATE TABLE t (a BOOLEAN, b TINYINT, c SMALLINT, d INTEGER, e BIGINT, f DOUBLE, g TIMESTAMP, h DATE, i VARCHAR, j BLOB, k UUID)", Cancel);
        var moment = new DateTimeOffset(1969, 7, 20, 20, 17, 40, 123, TimeSpan.Zero);
        var key = new UInt128(0xF0E0_0000_0000_0001, 2);
        using (var appender = connection.Append("t", DuckDbType.Boolean, DuckDbType.TinyInt, DuckDbType.SmallInt, DuckDbType.Integer,
            DuckDbType.BigInt, DuckDbType.Double, DuckDbType.Timestamp, DuckDbType.Date, DuckDbType.Varchar, DuckDbType.Blob, DuckDbType.Uuid))
        {
            for (var n = 0; n < 5000; n++)
            {
                appender.Add(n % 2 == 0);
                appender.Add((sbyte)-n);
                appender.Add((short)n);
                appender.Add(-n);
                appender.Add((long)n << 40);
                appender.Add(n / 3.0);
                appender.Add(moment.AddDays(n));
                appender.Add(new DateOnly(1960, 1, 1).AddDays(n));
                appender.Add(new string('ö', n % 40));
                appender.Add(new byte[] { 0, 255, (byte)n });
                appender.Add(key + (UInt128)n);
                appender.EndRow();
            }
            appender.Complete();
        }

        using var reader = connection.Query("FROM t", Cancel);

        for (var n = 0; n < 5000; n++)
        {
            Assert.True(reader.Read());
            Assert.Equal(
                (n % 2 == 0, (sbyte)-n, (short)n, -n, (long)n << 40, n / 3.0, moment.AddDays(n), new DateOnly(1960, 1, 1).AddDays(n), new string('ö', n % 40), key + (UInt128)n),
                (reader.Boolean(0), reader.TinyInt(1), reader.Int16(2), reader.Int32(3), reader.Int64(4), reader.Double(5), reader.Timestamp(6), reader.Date(7), reader.Text(8), reader.Uuid(10)));
            Assert.Equal([0, 255, (byte)n], reader.Blob(9).ToArray());
        }
        Assert.False(reader.Read());
    }

    [Fact]
    public void Nulls_are_nulls_and_reading_one_is_an_error()
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        connection.Execute("CREATE TABLE t (a INTEGER, b VARCHAR)", Cancel);
        using (var appender = connection.Append("t", DuckDbType.Integer, DuckDbType.Varchar))
        {
            for (var n = 0; n < 3000; n++)
            {
                Action a = n % 3 == 0 ? appender.Null : () => appender.Add(n);
                Action b = n % 2 == 0 ? appender.Null : () => appender.Add("a text that is longer than twelve bytes");
                a();
                b();
                appender.EndRow();
            }
            appender.Complete();
        }

        Assert.Equal(2000, connection.Count("SELECT count(a) FROM t", Cancel));
        Assert.Equal(1500, connection.Count("SELECT count(b) FROM t", Cancel));
        using var reader = connection.Query("FROM t", Cancel);
        Assert.True(reader.Read());
        Assert.True(reader.IsNull(0));
        Assert.Throws<InvalidOperationException>(() => reader.Int32(0));
        Assert.Throws<InvalidCastException>(() => reader.Int64(0));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it's; DROP TABLE t --")]
    [InlineData("'' \\' \n $1 ? 音楽")]
    public void Literal_is_the_text_itself(string text)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();

        using var reader = connection.Query($"SELECT {DuckDbConnection.Literal(text)}", Cancel);

        Assert.True(reader.Read());
        Assert.Equal(text, reader.Text(0));
    }

    [Fact]
    public void Fault_carries_the_message_of_the_library()
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();

        Assert.Contains("nowhere", Assert.Throws<DuckDbException>(() => connection.Execute("SELECT * FROM nowhere", Cancel)).Message, StringComparison.Ordinal);
        Assert.Contains("syntax", Assert.Throws<DuckDbException>(() => connection.Query("SELEKT 1", Cancel)).Message, StringComparison.Ordinal);
        using var late = connection.Query("SELECT CASE WHEN range = 100000 THEN error('too far') ELSE '' END FROM range(200000)", Cancel);
        Assert.Contains("too far", Assert.Throws<DuckDbException>(() => { while (late.Read()) { } }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_statement_ends_soon()
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        stop.CancelAfter(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(
            () => connection.Execute("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b", stop.Token), Cancel));
        Assert.Equal(1, connection.Count("SELECT 1::BIGINT", Cancel));
    }

    [Fact]
    public void Extensions_are_never_fetched()
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();

        Assert.Throws<DuckDbException>(() => connection.Execute("SELECT * FROM 'https://localhost:1/x.parquet'", Cancel));
        Assert.Equal(0, connection.Count("SELECT count(*) FROM duckdb_extensions() WHERE extension_name = 'httpfs' AND loaded", Cancel));
    }

    [Fact]
    public void Row_with_a_column_too_few_is_refused()
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        connection.Execute("CREATE TABLE t (a INTEGER, b INTEGER)", Cancel);
        using var appender = connection.Append("t", DuckDbType.Integer, DuckDbType.Integer);

        appender.Add(1);

        Assert.Throws<InvalidOperationException>(appender.EndRow);
        Assert.Throws<InvalidCastException>(() => appender.Add("text"));
    }

    [Fact]
    public void Options_are_taken()
    {
        using var folder = new TemporaryFolder();
        using (var database = DuckDbDatabase.Open(new() { File = folder["x.db"], Threads = 1, MemoryMiB = 200, SpillFolder = folder["spill"] }))
        using (var connection = database.Connect())
        {
            connection.Execute("CREATE TABLE t AS SELECT 7::BIGINT AS seven", Cancel);
            Assert.Equal(1, connection.Count("SELECT current_setting('threads')::BIGINT", Cancel));
        }
        using (var database = DuckDbDatabase.Open(new() { File = folder["x.db"] }))
        using (var connection = database.Connect())
        {
            Assert.Equal(7, connection.Count("FROM t", Cancel));
        }
        File.WriteAllText(folder["bad.db"], new string('x', 20_000));
        Assert.Throws<DuckDbException>(() => DuckDbDatabase.Open(new() { File = folder["bad.db"] }));
    }
}

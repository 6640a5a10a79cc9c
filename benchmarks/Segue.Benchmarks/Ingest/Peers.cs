using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Segue.Benchmarks.Ingest;

/// <summary>What other stores make of the same rows: no resolution, no deduplication, rows made in memory.</summary>
internal static class Peers
{
    /// <summary>Binary COPY into a table without an index, 10,000 rows a commit.</summary>
    public static async Task<double> PostgresCopyAsync(string connection, int rows)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var database = await source.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand(
            "CREATE TEMP TABLE listen (listener int, track int, at bigint, heard int, length int, radio boolean)", database))
        {
            await create.ExecuteNonQueryAsync();
        }
        var watch = Stopwatch.StartNew();
        foreach (var chunk in SyntheticEvents.Listens(rows).Chunk(10_000))
        {
            await using var copy = await database.BeginBinaryImportAsync("COPY listen FROM STDIN (FORMAT BINARY)");
            foreach (var listen in chunk)
            {
                copy.StartRow();
                copy.Write(listen.Listener, NpgsqlDbType.Integer);
                copy.Write(listen.Track, NpgsqlDbType.Integer);
                copy.Write(listen.At, NpgsqlDbType.Bigint);
                copy.Write(listen.HeardMs, NpgsqlDbType.Integer);
                copy.Write(listen.LengthMs, NpgsqlDbType.Integer);
                copy.Write(listen.FromRadio, NpgsqlDbType.Boolean);
            }
            await copy.CompleteAsync();
        }
        return rows / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Pipelined XADD, 500 commands a round trip, over the bare protocol.</summary>
    public static async Task<double> RedisAddAsync(string host, int port, int rows)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port);
        await using var stream = client.GetStream();
        var replies = new byte[1 << 16];
        using var commands = new MemoryStream();
        var watch = Stopwatch.StartNew();
        foreach (var chunk in SyntheticEvents.Listens(rows).Chunk(500))
        {
            commands.SetLength(0);
            foreach (var listen in chunk)
            {
                commands.Write("*13\r\n$4\r\nXADD\r\n$7\r\nlistens\r\n$1\r\n*\r\n"u8);
                Write(commands, "u"u8, listen.Listener);
                Write(commands, "t"u8, listen.Track);
                Write(commands, "a"u8, listen.At);
                Write(commands, "h"u8, listen.HeardMs);
                Write(commands, "l"u8, listen.LengthMs);
            }
            await stream.WriteAsync(commands.GetBuffer().AsMemory(0, (int)commands.Length));
            await ReadRepliesAsync(stream, replies, chunk.Length);
        }
        return rows / watch.Elapsed.TotalSeconds;
    }

    // A reply is a bulk string: two lines each.
    private static async Task ReadRepliesAsync(NetworkStream stream, byte[] buffer, int count)
    {
        var lines = 0;
        while (lines < count * 2)
        {
            var read = await stream.ReadAsync(buffer);
            var text = buffer.AsSpan(0, read);
            if (read == 0 || (lines == 0 && text[0] == (byte)'-'))
            {
                throw new IOException($"Redis refused: {Encoding.ASCII.GetString(text)}");
            }
            lines += text.Count((byte)'\n');
        }
    }

    private static void Write(MemoryStream to, ReadOnlySpan<byte> name, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out var length);
        to.Write("$1\r\n"u8);
        to.Write(name);
        to.Write("\r\n$"u8);
        Span<byte> digits = stackalloc byte[4];
        Utf8Formatter.TryFormat(length, digits, out var digitCount);
        to.Write(digits[..digitCount]);
        to.Write("\r\n"u8);
        to.Write(text[..length]);
        to.Write("\r\n"u8);
    }
}

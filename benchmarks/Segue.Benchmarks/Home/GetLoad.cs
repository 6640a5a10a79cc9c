using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Segue.Benchmarks.Home;

/// <summary>Gets pages over keep-alive connections with as little work of its own as it can: the client shares the cores with the server. Answers must tell their length.</summary>
internal static class GetLoad
{
    internal sealed record Outcome(double RequestsPerSecond, TimeSpan P50, TimeSpan P99, double BytesPerAnswer);

    /// <param name="paths">Asked in turn.</param>
    /// <exception cref="IOException">An answer is not 200, or the server closed the connection.</exception>
    public static async Task<Outcome> RunAsync(Uri server, IReadOnlyList<string> paths, int requests, int connections)
    {
        var asked = paths.Select(path => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n")).ToArray();
        var latencies = new long[requests];
        var (next, bytes) = (-1, 0L);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(server.Host, server.Port);
            var (stream, answer) = (client.GetStream(), new byte[1 << 16]);
            while (Interlocked.Increment(ref next) is var n && n < requests)
            {
                var begun = Stopwatch.GetTimestamp();
                await stream.WriteAsync(asked[n % asked.Length]);
                Interlocked.Add(ref bytes, await ReadAnswerAsync(stream, answer));
                latencies[n] = Stopwatch.GetTimestamp() - begun;
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return new(requests / seconds, At(latencies, 0.5), At(latencies, 0.99), bytes / (double)requests);
    }

    private static TimeSpan At(long[] sorted, double share)
        => TimeSpan.FromSeconds((double)sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)] / Stopwatch.Frequency);

    private static async Task<int> ReadAnswerAsync(NetworkStream stream, byte[] buffer)
    {
        var (length, whole) = (0, int.MaxValue);
        while (length < whole)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }
            length += read;
            if (whole == int.MaxValue && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                whole = end + 4 + BodyLength(buffer.AsSpan(0, end));
            }
        }
        return length;
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (!head.StartsWith("HTTP/1.1 200"u8) || at < 0)
        {
            throw new IOException(Encoding.ASCII.GetString(head));
        }
        var digits = head[(at + "Content-Length: ".Length)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end], System.Globalization.CultureInfo.InvariantCulture);
    }
}

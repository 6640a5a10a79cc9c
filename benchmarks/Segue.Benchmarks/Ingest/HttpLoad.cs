using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Segue.Benchmarks.Ingest;

/// <summary>Posts bodies over keep-alive connections with as little work of its own as it can: the client shares the cores with the server.</summary>
internal static class HttpLoad
{
    internal sealed record Outcome(double RequestsPerSecond, TimeSpan P50, TimeSpan P99, int Failures);

    public static async Task<Outcome> PostAsync(Uri address, IReadOnlyList<byte[]> bodies, int connections)
    {
        var requests = bodies.Select(body => Request(address, body)).ToList();
        var latencies = new long[requests.Count];
        var (next, failures) = (-1, 0);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(address.Host, address.Port);
            var stream = client.GetStream();
            var answer = new byte[1 << 16];
            while (Interlocked.Increment(ref next) is var n && n < requests.Count)
            {
                var begun = Stopwatch.GetTimestamp();
                await stream.WriteAsync(requests[n]);
                var isOk = await ReadAnswerAsync(stream, answer);
                latencies[n] = Stopwatch.GetTimestamp() - begun;
                if (!isOk)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        }));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return new(requests.Count / seconds, At(latencies, 0.5), At(latencies, 0.99), failures);
    }

    private static TimeSpan At(long[] sorted, double share)
        => TimeSpan.FromSeconds((double)sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)] / Stopwatch.Frequency);

    private static byte[] Request(Uri address, byte[] body)
        => [.. Encoding.ASCII.GetBytes(
            $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    // The server sends its answers in chunks; the last one is empty. The answers of this door hold no such bytes inside.
    private static async Task<bool> ReadAnswerAsync(NetworkStream stream, byte[] buffer)
    {
        var length = 0;
        do
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException($"The server closed the connection: {Encoding.UTF8.GetString(buffer, 0, length)}");
            }
            length += read;
        }
        while (!buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8));
        return buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8);
    }
}

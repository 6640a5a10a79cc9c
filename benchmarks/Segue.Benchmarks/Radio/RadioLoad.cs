using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Segue.Benchmarks.Radio;

/// <summary>Listeners at a server's radio: each connection holds one sitting after the other and reacts to the first track of each answer, three of four times by hearing it to its end, else by a skip.</summary>
internal sealed class RadioLoad(Uri server, string[] listeners)
{
    private const int ReactionsASitting = 25, Count = 10;
    private int _next = -1;

    internal sealed record Outcome(int Reactions, double PerSecond, TimeSpan P50, TimeSpan P99);

    /// <param name="perSecond">Reactions a second that fall due evenly, whether the server keeps up or not: a latency counts from when its reaction was due. Null: each as soon as the one before was answered.</param>
    public async Task<Outcome> RunAsync(int connections, double? perSecond, TimeSpan length)
    {
        var latencies = new ConcurrentBag<long>();
        var (begun, due) = (Stopwatch.GetTimestamp(), -1L);
        var end = begun + (long)(length.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var client = new HttpClient { BaseAddress = server };
            while (Stopwatch.GetTimestamp() < end)
            {
                var (session, track) = await SentAsync(client, "/v1/radio", new { listener = listeners[Interlocked.Increment(ref _next) % listeners.Length], count = Count });
                for (var n = 0; n < ReactionsASitting; n++)
                {
                    var at = perSecond is { } rate ? begun + (long)(Interlocked.Increment(ref due) / rate * Stopwatch.Frequency) : Stopwatch.GetTimestamp();
                    if (at >= end)
                    {
                        return;
                    }
                    if (at - Stopwatch.GetTimestamp() is > 0 and var early)
                    {
                        await Task.Delay(TimeSpan.FromSeconds((double)early / Stopwatch.Frequency));
                    }
                    var told = n % 4 == 3 ? (object)new { type = "skipped", track, heardSeconds = 15 } : new { type = "played", track };
                    track = (await SentAsync(client, $"/v1/radio/{session}/events?count={Count}", new { events = new[] { told } })).Track;
                    latencies.Add(Stopwatch.GetTimestamp() - at);
                }
            }
        })));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        long[] sorted = [.. latencies.Order()];
        return new(sorted.Length, sorted.Length / seconds, At(sorted, 0.5), At(sorted, 0.99));
    }

    private static TimeSpan At(long[] sorted, double share) => TimeSpan.FromSeconds((double)sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)] / Stopwatch.Frequency);

    private static async Task<(string Session, string Track)> SentAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        using var told = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        return (told.RootElement.GetProperty("session").GetString()!, told.RootElement.GetProperty("tracks")[0].GetProperty("id").GetString()!);
    }
}

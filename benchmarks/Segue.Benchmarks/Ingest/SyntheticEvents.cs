using System.Globalization;
using System.Text;
using Segue.Numerics;

namespace Segue.Benchmarks.Ingest;

/// <summary>One listen of the stream that all stores take in.</summary>
internal readonly record struct SyntheticListen(int Listener, int Track, long At, int HeardMs, int LengthMs, bool FromRadio);

/// <summary>A seeded stream of listens in our wire format: 200,000 listeners, 1,000,000 tracks with skewed popularity, times rising.</summary>
internal static class SyntheticEvents
{
    public const int Listeners = 200_000, Tracks = 1_000_000;
    private const long Start = 1_750_000_000_000;

    public static IEnumerable<SyntheticListen> Listens(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        for (var n = 0; n < count; n++)
        {
            var length = 120_000 + random.NextInt(240_000);
            // The cube of a uniform draw: few tracks get most plays, none gets all.
            var draw = random.NextDouble();
            yield return new(
                random.NextInt(Listeners), (int)(draw * draw * draw * Tracks), Start + n * 7L,
                random.NextInt(4) == 0 ? random.NextInt(length) : length, length, random.NextInt(2) == 0);
        }
    }

    /// <summary>One line of JSON, without its end.</summary>
    public static void AppendJson(StringBuilder text, in SyntheticListen listen)
        => text.Append(CultureInfo.InvariantCulture,
            $$"""{"type":"listen","listener":"u{{listen.Listener}}","at":{{listen.At}},"track":"t{{listen.Track:D7}}","heardSeconds":{{listen.HeardMs / 1000.0}},"trackSeconds":{{listen.LengthMs / 1000.0}},"endReason":"{{(listen.HeardMs < listen.LengthMs ? "skipped" : "finished")}}","chosenBy":"{{(listen.FromRadio ? "radio" : "listener")}}"}""");

    public static void WriteLines(string path, int count)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        var line = new StringBuilder();
        foreach (var listen in Listens(count))
        {
            line.Clear();
            AppendJson(line, listen);
            file.Write(line);
            file.Write('\n');
        }
    }

    /// <summary>Bodies of <c>POST /v1/events</c> with so many events each.</summary>
    public static byte[][] Bodies(int count, int perBody, ulong seed = 1)
        => [.. Listens(count, seed).Chunk(perBody).Select(chunk =>
        {
            var text = new StringBuilder("""{"events":[""");
            foreach (var listen in chunk)
            {
                AppendJson(text, listen);
                text.Append(',');
            }
            text[^1] = ']';
            return Encoding.UTF8.GetBytes(text.Append('}').ToString());
        })];
}

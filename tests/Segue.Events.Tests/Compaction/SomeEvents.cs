using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Segue.Core;

namespace Segue.Events.Tests.Compaction;

/// <summary>Events of every kind with every field filled or not, by a seed.</summary>
internal static class SomeEvents
{
    public static readonly DateTimeOffset Start = new(2018, 11, 5, 0, 0, 0, TimeSpan.Zero);

    public static List<ListenerEvent> Make(int count, int seed, int days = 4, int listeners = 10)
        => [.. Enumerable.Range(0, count).Select(n => Make(new Random(seed * 1_000_003 + n), $"{seed}/{n}", days, listeners))];

    public static IEnumerable<LoggedEvent> Logged(IEnumerable<ListenerEvent> events, long from = 0)
        => events.Select((happened, n) => new LoggedEvent(from + n, happened));

    public static EventKey Key(string text) => new(BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    private static ListenerEvent Make(Random chance, string key, int days, int listeners)
    {
        var kind = (EventKind)chance.Next(1, 9);
        var artist = kind == EventKind.Follow;
        return new()
        {
            Kind = kind,
            Key = Key(key),
            Listener = new($"listener-{chance.Next(listeners):x26}"),
            At = Start.AddMilliseconds(chance.NextInt64(days * 86_400_000L)),
            Track = artist ? null : new($"track {chance.Next(100)}"),
            Artist = artist ? new($"artist {chance.Next(20)}") : null,
            Described = kind == EventKind.Listen && chance.Next(2) == 0 ? new(null, "USRC17607839", "Ärtist", "A title, rather long", null) : null,
            Heard = kind == EventKind.Listen && chance.Next(4) > 0 ? TimeSpan.FromMilliseconds(chance.Next(300_000)) : null,
            Length = kind == EventKind.Listen && chance.Next(4) > 0 ? TimeSpan.FromMilliseconds(200_000 + chance.Next(9)) : null,
            End = kind == EventKind.Listen ? (EndReason)chance.Next(5) : EndReason.Unknown,
            Origin = kind == EventKind.Listen ? (ListenOrigin)chance.Next(2) : null,
            Recommendation = chance.Next(3) == 0 ? new RecommendationId(new Guid(chance.Next(), 7, 9, 1, 2, 3, 4, 5, 6, 7, 8)) : null,
            Session = chance.Next(2) == 0 ? $"s{chance.Next(50)}" : null,
            Value = kind is EventKind.Vote ? (sbyte)chance.Next(-1, 2) : (sbyte)0,
            Playlist = kind is EventKind.PlaylistAdd or EventKind.PlaylistRemove ? "Abends" : null,
            Position = kind is EventKind.Click or EventKind.Impression ? chance.Next(20) : null,
            Card = kind == EventKind.Click ? new("T", null, chance.Next(5), "jazz", TimeSpan.FromSeconds(200), chance.NextDouble()) : null,
            Until = kind == EventKind.Ban ? Start.AddDays(400) : null,
            Shown = kind == EventKind.Impression ? new("taste", "000001", "none", 0.25) : null,
            Extra = chance.Next(5) == 0 ? Encoding.UTF8.GetBytes("""{"mood":"ü"}""") : default,
        };
    }
}

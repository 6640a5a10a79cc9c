using System.Security.Cryptography;
using System.Text;
using Segue.Core;

namespace Segue.Events.Tests.Log;

/// <summary>Events from a seed: a number tells all of an event.</summary>
internal static class SampleEvents
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A listen as a player sends it.</summary>
    public static ListenerEvent Listen(long number, string? listener = null)
        => new()
        {
            Kind = EventKind.Listen,
            Key = KeyOf($"listen {number}"),
            Listener = new(listener ?? Pseudonym(number % 1000)),
            At = Start.AddSeconds(number % 1_000_000),
            Track = new($"track-{number % 5000}"),
            Heard = TimeSpan.FromMilliseconds(1000 + number % 200_000),
            Length = TimeSpan.FromMilliseconds(240_000),
            End = EndReason.Finished,
            Origin = ListenOrigin.OwnChoice,
            Session = $"s{number % 777}",
        };

    public static List<ListenerEvent> Listens(long from, int count) => Enumerable.Range(0, count).Select(i => Listen(from + i)).ToList();

    public static string Pseudonym(long number) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"listener {number}")).AsSpan(0, 16));

    public static EventKey KeyOf(string text) => new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    /// <summary>Any event: each field is there or not by a bit of <paramref name="fields"/>, its content by chance.</summary>
    public static ListenerEvent Any(Random chance, int fields)
    {
        bool Has(int bit) => (fields >> bit & 1) != 0;
        return new()
        {
            Kind = (EventKind)chance.Next(1, 9),
            Key = KeyOf($"any {chance.NextInt64()}"),
            Listener = new(chance.Next(3) switch { 0 => Pseudonym(chance.Next()), 1 => Text(chance, 1, 40), _ => Pseudonym(1).ToUpperInvariant() }),
            At = DateTimeOffset.UnixEpoch.AddTicks(chance.NextInt64(-1L << 55, 1L << 60) / (Has(0) ? 1 : 10_000) * (Has(0) ? 1 : 10_000)),
            Track = Has(1) ? new TrackId(Text(chance, 1, 60)) : null,
            Artist = Has(2) ? new ArtistId(Text(chance, 1, 256)) : null,
            Described = Has(3) ? new(Maybe(chance), Maybe(chance), Maybe(chance), Maybe(chance), Maybe(chance)) : null,
            Heard = Has(4) ? TimeSpan.FromTicks(chance.NextInt64(1L << 40)) : null,
            Length = Has(5) ? TimeSpan.FromMilliseconds(chance.Next()) : null,
            End = Has(6) ? (EndReason)chance.Next(5) : EndReason.Unknown,
            Origin = Has(7) ? (ListenOrigin)chance.Next(2) : null,
            Recommendation = Has(8) ? new RecommendationId(new Guid(Bytes(chance, 16))) : null,
            Session = Has(9) ? Text(chance, 1, 300) : null,
            Value = Has(10) ? (sbyte)chance.Next(-128, 128) : (sbyte)0,
            Playlist = Has(11) ? Text(chance, 1, 20) : null,
            Position = Has(12) ? chance.Next(int.MinValue, int.MaxValue) : null,
            Card = Has(13)
                ? new(Maybe(chance), Maybe(chance), chance.Next(2) == 0 ? null : chance.Next(), Maybe(chance),
                    chance.Next(2) == 0 ? null : TimeSpan.FromSeconds(chance.Next(9999)), chance.Next(2) == 0 ? null : chance.NextDouble())
                : null,
            Until = Has(14) ? Start.AddDays(chance.Next(9999)) : null,
            Shown = Has(15) ? new(Text(chance, 0, 20), Text(chance, 0, 20), Text(chance, 0, 20), chance.NextDouble()) : null,
            Extra = Has(16) ? Bytes(chance, chance.Next(10) == 0 ? chance.Next(1, 20_000) : chance.Next(1, 200)) : default(ReadOnlyMemory<byte>),
        };
    }

    /// <summary>Equal in every field; the record's own equality compares <see cref="ListenerEvent.Extra"/> by place.</summary>
    public static void AssertEqual(ListenerEvent expected, ListenerEvent? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Extra.ToArray(), actual.Extra.ToArray());
        Assert.Equal(expected with { Extra = default }, actual with { Extra = default });
    }

    private static string? Maybe(Random chance) => chance.Next(2) == 0 ? null : Text(chance, 0, 100);

    private static string Text(Random chance, int least, int most)
    {
        const string Alphabet = "abcXYZ019 -_.éßЖ中";
        var text = new StringBuilder(least > 0 ? "x" : "");
        for (var length = chance.Next(least, most); text.Length < length;)
        {
            text.Append(chance.Next(10) == 0 && text.Length + 2 <= length ? "🎵" : Alphabet[chance.Next(Alphabet.Length)].ToString());
        }
        return text.ToString();
    }

    private static byte[] Bytes(Random chance, int count)
    {
        var bytes = new byte[count];
        chance.NextBytes(bytes);
        return bytes;
    }
}

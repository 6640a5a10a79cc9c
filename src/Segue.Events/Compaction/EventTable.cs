using Segue.Core;
using Segue.Events.Analytics;

namespace Segue.Events.Compaction;

/// <summary>The columns of a compacted event, one for each field of <see cref="ListenerEvent"/>; durations in whole milliseconds.</summary>
internal static class EventTable
{
    /// <summary>A row of ours is sorted by these; with the key equal the row is the same event.</summary>
    public const string Order = "happened_at, listener, key";

    private static readonly (string Name, DuckDbType Type)[] Layout =
    [
        ("happened_at", DuckDbType.Timestamp), ("listener", DuckDbType.Varchar), ("key", DuckDbType.Uuid), ("kind", DuckDbType.TinyInt),
        ("track", DuckDbType.Varchar), ("artist", DuckDbType.Varchar),
        ("described_mbid", DuckDbType.Varchar), ("described_isrc", DuckDbType.Varchar), ("described_artist", DuckDbType.Varchar),
        ("described_title", DuckDbType.Varchar), ("described_album", DuckDbType.Varchar),
        ("heard_ms", DuckDbType.BigInt), ("length_ms", DuckDbType.BigInt), ("end_reason", DuckDbType.TinyInt), ("origin", DuckDbType.TinyInt),
        ("recommendation", DuckDbType.Uuid), ("session", DuckDbType.Varchar), ("value", DuckDbType.TinyInt), ("playlist", DuckDbType.Varchar),
        ("position", DuckDbType.Integer), ("card_title", DuckDbType.Varchar), ("card_artist", DuckDbType.Varchar),
        ("card_artist_rank", DuckDbType.Integer), ("card_genre", DuckDbType.Varchar), ("card_duration_ms", DuckDbType.BigInt),
        ("card_volume", DuckDbType.Double), ("until", DuckDbType.Timestamp), ("shown_source", DuckDbType.Varchar),
        ("shown_model", DuckDbType.Varchar), ("shown_arm", DuckDbType.Varchar), ("shown_propensity", DuckDbType.Double), ("extra", DuckDbType.Varchar),
    ];

    public static DuckDbType[] Types { get; } = [.. Layout.Select(column => column.Type)];

    /// <summary>The names, joined for a SELECT.</summary>
    public static string Columns { get; } = string.Join(", ", Layout.Select(column => $"\"{column.Name}\""));

    /// <summary>A null of each column's type, for a SELECT without rows.</summary>
    public static string Nothing { get; } = string.Join(", ", Layout.Select(column => $"NULL::{column.Type} AS \"{column.Name}\""));

    public static string Create(string table)
        => $"CREATE TABLE {table} ({string.Join(", ", Layout.Select(column => $"\"{column.Name}\" {column.Type}"))})";

    public static void Append(DuckDbAppender to, ListenerEvent e)
    {
        to.Add(e.At);
        to.Add(e.Listener.Value);
        to.Add(e.Key.Value);
        to.Add((sbyte)e.Kind);
        Text(to, e.Track?.Value);
        Text(to, e.Artist?.Value);
        Text(to, e.Described?.Mbid);
        Text(to, e.Described?.Isrc);
        Text(to, e.Described?.Artist);
        Text(to, e.Described?.Title);
        Text(to, e.Described?.Album);
        Milliseconds(to, e.Heard);
        Milliseconds(to, e.Length);
        to.Add((sbyte)e.End);
        Optional(to, (sbyte?)e.Origin);
        Optional<UInt128>(to, e.Recommendation is { } answer ? BigEndian(answer.Value) : null);
        Text(to, e.Session);
        to.Add(e.Value);
        Text(to, e.Playlist);
        Optional(to, e.Position);
        Text(to, e.Card?.Title);
        Text(to, e.Card?.Artist);
        Optional(to, e.Card?.ArtistRank);
        Text(to, e.Card?.Genre);
        Milliseconds(to, e.Card?.Duration);
        Optional(to, e.Card?.Volume);
        Optional(to, e.Until);
        Text(to, e.Shown?.Source);
        Text(to, e.Shown?.ModelVersion);
        Text(to, e.Shown?.Arm);
        Optional(to, e.Shown?.Propensity);
        Extra(to, e.Extra.Span);
        to.EndRow();
    }

    /// <summary>The event of a row that was selected by <see cref="Columns"/>.</summary>
    public static ListenerEvent Read(DuckDbReader from) => new()
    {
        At = from.Timestamp(0),
        Listener = new(from.Text(1)),
        Key = new(from.Uuid(2)),
        Kind = (EventKind)from.TinyInt(3),
        Track = Text(from, 4) is { } track ? new TrackId(track) : null,
        Artist = Text(from, 5) is { } artist ? new ArtistId(artist) : null,
        Described = Any(from, 6, 10) ? new(Text(from, 6), Text(from, 7), Text(from, 8), Text(from, 9), Text(from, 10)) : null,
        Heard = Milliseconds(from, 11),
        Length = Milliseconds(from, 12),
        End = (EndReason)from.TinyInt(13),
        Origin = from.IsNull(14) ? null : (ListenOrigin)from.TinyInt(14),
        Recommendation = from.IsNull(15) ? null : new RecommendationId(FromBigEndian(from.Uuid(15))),
        Session = Text(from, 16),
        Value = from.TinyInt(17),
        Playlist = Text(from, 18),
        Position = from.IsNull(19) ? null : from.Int32(19),
        Card = Any(from, 20, 25) ? Card(from) : null,
        Until = from.IsNull(26) ? null : from.Timestamp(26),
        Shown = from.IsNull(27) ? null : new(from.Text(27), from.Text(28), from.Text(29), from.Double(30)),
        Extra = from.IsNull(31) ? default : from.Utf8(31).ToArray(),
    };

    private static CardFacts Card(DuckDbReader from) => new(
        Text(from, 20),
        Text(from, 21),
        from.IsNull(22) ? null : from.Int32(22),
        Text(from, 23),
        Milliseconds(from, 24),
        from.IsNull(25) ? null : from.Double(25));

    private static bool Any(DuckDbReader from, int first, int last)
    {
        for (var column = first; column <= last; column++)
        {
            if (!from.IsNull(column))
            {
                return true;
            }
        }
        return false;
    }

    private static string? Text(DuckDbReader from, int column) => from.IsNull(column) ? null : from.Text(column);

    private static TimeSpan? Milliseconds(DuckDbReader from, int column)
        => from.IsNull(column) ? null : TimeSpan.FromTicks(from.Int64(column) * TimeSpan.TicksPerMillisecond);

    private static void Milliseconds(DuckDbAppender to, TimeSpan? value) => Optional<long>(to, value is { } span ? span.Ticks / TimeSpan.TicksPerMillisecond : null);

    private static void Text(DuckDbAppender to, string? value)
    {
        if (value is null)
        {
            to.Null();
        }
        else
        {
            to.Add(value);
        }
    }

    private static void Extra(DuckDbAppender to, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            to.Null();
        }
        else
        {
            to.AddUtf8(json);
        }
    }

    private static void Optional<T>(DuckDbAppender to, T? value)
        where T : struct
    {
        switch (value)
        {
            case null: to.Null(); break;
            case sbyte number: to.Add(number); break;
            case int number: to.Add(number); break;
            case long number: to.Add(number); break;
            case double number: to.Add(number); break;
            case UInt128 bits: to.Add(bits); break;
            case DateTimeOffset moment: to.Add(moment); break;
            default: throw new NotSupportedException($"No column holds a {typeof(T).Name}.");
        }
    }

    private static UInt128 BigEndian(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static Guid FromBigEndian(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new(bytes, bigEndian: true);
    }
}

namespace Segue.Events.Log;

/// <summary>The parts of an event's record that have optional fields of their own.</summary>
internal static class EventParts
{
    /// <summary>A byte that tells which texts are there, then these.</summary>
    public static void WriteOptional(ReadOnlySpan<string?> texts, RecordBuffer into)
    {
        byte present = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            present |= (byte)(texts[i] is null ? 0 : 1 << i);
        }
        into.Byte(present);
        foreach (var text in texts)
        {
            if (text is not null)
            {
                into.Text(text);
            }
        }
    }

    public static RecordingDescription ReadDescription(ref RecordReader reader)
    {
        var present = Flags(ref reader, 5);
        return new(
            TextIf(present, 0, ref reader), TextIf(present, 1, ref reader), TextIf(present, 2, ref reader), TextIf(present, 3, ref reader),
            TextIf(present, 4, ref reader));
    }

    public static void WriteCard(CardFacts card, RecordBuffer into)
    {
        WriteOptional([card.Title, card.Artist, card.Genre], into);
        into.Byte((byte)((card.ArtistRank is null ? 0 : 1) | (card.Duration is null ? 0 : 2) | (card.Volume is null ? 0 : 4)));
        if (card.ArtistRank is { } rank)
        {
            into.Int32(rank);
        }
        if (card.Duration is { } duration)
        {
            into.Ticks(duration.Ticks);
        }
        if (card.Volume is { } volume)
        {
            into.Double(volume);
        }
    }

    public static CardFacts ReadCard(ref RecordReader reader)
    {
        var texts = Flags(ref reader, 3);
        var (title, artist, genre) = (TextIf(texts, 0, ref reader), TextIf(texts, 1, ref reader), TextIf(texts, 2, ref reader));
        var numbers = Flags(ref reader, 3);
        int? rank = (numbers & 1) != 0 ? reader.Int32() : null;
        TimeSpan? duration = (numbers & 2) != 0 ? TimeSpan.FromTicks(reader.Ticks()) : null;
        double? volume = (numbers & 4) != 0 ? reader.Double() : null;
        return new(title, artist, rank, genre, duration, volume);
    }

    public static ImpressionFacts ReadShown(ref RecordReader reader) => new(reader.Text(), reader.Text(), reader.Text(), reader.Double());

    public static DateTimeOffset ReadTime(ref RecordReader reader)
    {
        var ticks = reader.Ticks();
        return ticks >= -DateTimeOffset.UnixEpoch.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks
            ? DateTimeOffset.UnixEpoch.AddTicks(ticks)
            : throw new InvalidDataException("a time is out of range.");
    }

    public static T Defined<T>(T value)
        where T : struct, Enum
        => Enum.IsDefined(value) ? value : throw new InvalidDataException($"there is no {typeof(T).Name} {value}.");

    private static byte Flags(ref RecordReader reader, int bits)
    {
        var flags = reader.Byte();
        return flags >> bits == 0 ? flags : throw new InvalidDataException("a record has fields that this Segue does not know.");
    }

    private static string? TextIf(byte flags, int bit, ref RecordReader reader) => (flags >> bit & 1) != 0 ? reader.Text() : null;
}

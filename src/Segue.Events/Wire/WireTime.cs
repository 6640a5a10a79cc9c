namespace Segue.Events.Wire;

/// <summary>Times as ISO 8601 text with offset: <c>2026-03-29T01:30:00.250+01:00</c>.</summary>
internal static class WireTime
{
    /// <summary>0001-01-01 and 9999-12-31T23:59:59.999 in Unix milliseconds: what <see cref="DateTimeOffset"/> can hold.</summary>
    public const long Earliest = -62_135_596_800_000, Latest = 253_402_300_799_999;

    private const int SecondsEnd = 19;   // of "2026-03-29T01:30:00"

    /// <summary>Seconds are required, fractions optional (up to 9 digits; what is below a millisecond is cut off), the offset is
    /// required: Z or ±hh:mm, at most 14 hours.</summary>
    /// <param name="time">Unix milliseconds, within <see cref="Earliest"/> and <see cref="Latest"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long time)
    {
        time = 0;
        if (text.Length <= SecondsEnd || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }
        var (year, month, day) = (100 * TwoDigits(text, 0) + TwoDigits(text, 2), TwoDigits(text, 5), TwoDigits(text, 8));
        var (hour, minute, second) = (TwoDigits(text, 11), TwoDigits(text, 14), TwoDigits(text, 17));
        if (year is 0 or > 9999 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }
        var rest = text[SecondsEnd..];
        if (!TryFraction(ref rest, out var milliseconds) || !TryOffset(rest, out var offsetMinutes))
        {
            return false;
        }
        var days = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Subtract(DateTime.UnixEpoch).Days;
        time = (((days * 24L + hour) * 60 + minute - offsetMinutes) * 60 + second) * 1_000 + milliseconds;
        return time is >= Earliest and <= Latest;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int milliseconds)
    {
        milliseconds = 0;
        if (rest[0] != '.')
        {
            return true;
        }
        var digits = 0;
        var scale = 100;
        for (; 1 + digits < rest.Length && rest[1 + digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            milliseconds += (rest[1 + digits] - '0') * scale;
            scale /= 10;
        }
        rest = rest[(1 + digits)..];
        return digits is >= 1 and <= 9;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1)
        {
            return rest[0] == 'Z';
        }
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':')
        {
            return false;
        }
        var (hour, minute) = (TwoDigits(rest, 1), TwoDigits(rest, 4));
        minutes = (hour * 60 + minute) * (rest[0] == '-' ? -1 : 1);
        return minute <= 59 && Math.Abs(minutes) <= 14 * 60;
    }

    /// <returns>A number beyond every range when they are no digits.</returns>
    private static int TwoDigits(ReadOnlySpan<byte> text, int at)
    {
        var (tens, ones) = ((uint)text[at] - '0', (uint)text[at + 1] - '0');
        return tens <= 9 && ones <= 9 ? (int)(10 * tens + ones) : 100_000;
    }
}

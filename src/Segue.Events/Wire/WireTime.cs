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
        if (text.Length <= SecondsEnd
            || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute)
            || !TryDigits(text[17..19], out var second)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
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
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !TryDigits(rest[1..3], out var hour) || !TryDigits(rest[4..6], out var minute) || minute > 59)
        {
            return false;
        }
        minutes = (hour * 60 + minute) * (rest[0] == '-' ? -1 : 1);
        return Math.Abs(minutes) <= 14 * 60;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }
            number = number * 10 + digit - '0';
        }
        return true;
    }
}

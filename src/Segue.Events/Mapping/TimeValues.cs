using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>A point of time, written as whole Unix milliseconds.</summary>
internal abstract class TimeField(int slot, string path) : Value
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        ref readonly var field = ref input.Fields[slot];
        if (field.IsAbsent || field is { Kind: JsonTokenType.String, Length: 0 })
        {
            return ValueOutcome.Missing;
        }
        if (field.Kind is not (JsonTokenType.Number or JsonTokenType.String))
        {
            return input.Reject(MappingReasons.BadType, path);
        }
        if (!TryParse(input.Text(field), field.Kind == JsonTokenType.Number, out var milliseconds) || milliseconds < Earliest || milliseconds > Latest)
        {
            return input.Reject(MappingReasons.BadTime, path);
        }
        Utf8Formatter.TryFormat(milliseconds, output.Free(20), out var written);
        output.Length += written;
        return ValueOutcome.Written;
    }

    private protected abstract bool TryParse(ReadOnlySpan<byte> text, bool isNumber, out long milliseconds);
}

/// <summary>Time since 1970, as a number or as a text that is one; parts of a millisecond are rounded, halves away from zero.</summary>
internal sealed class UnixTime(int slot, string path, int millisecondsPerUnit) : TimeField(slot, path)
{
    private protected override bool TryParse(ReadOnlySpan<byte> text, bool isNumber, out long milliseconds)
    {
        if (Utf8Parser.TryParse(text, out long whole, out var read) && read == text.Length)
        {
            milliseconds = 0;
            var fits = Math.Abs((decimal)whole) < 1e15m;
            if (fits)
            {
                milliseconds = whole * millisecondsPerUnit;
            }
            return fits;
        }
        var sound = NumberField.TryParse(text, out var value) && Math.Abs(value) < 1e15m;
        milliseconds = sound ? (long)Math.Round(value * millisecondsPerUnit, MidpointRounding.AwayFromZero) : 0;
        return sound;
    }
}

/// <summary>A time in words: ISO 8601 when <paramref name="format"/> is null, else by a format of .NET.</summary>
/// <param name="zone">Of times that name no zone; null: those are bad times.</param>
internal sealed class WrittenTime(int slot, string path, string? format, TimeSpan? zone) : TimeField(slot, path)
{
    private static readonly string[] Iso =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyyMMdd'T'HHmmss.FFFFFFFK",
    ];

    private readonly string[] _formats = format is null ? Iso : [format];

    private protected override bool TryParse(ReadOnlySpan<byte> text, bool isNumber, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length > 64)
        {
            return false;
        }
        var words = Encoding.UTF8.GetString(text).Trim();
        if (!DateTime.TryParseExact(words, _formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            || (time.Kind == DateTimeKind.Unspecified && zone is null))
        {
            return false;
        }
        var offset = time.Kind == DateTimeKind.Unspecified ? zone!.Value : TimeSpan.Zero;
        milliseconds = (time.Ticks - offset.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }
}

using System.Text;
using Segue.Core;

namespace Segue.Events.Wire;

/// <summary>Rules of texts that all doors share, and the wording of faults.</summary>
internal static class WireText
{
    /// <summary>Longest free text (titles, names), in UTF-16 units.</summary>
    public const int MaxText = 1_024;

    /// <summary>Longest idempotency key.</summary>
    public const int MaxId = 128;
    private const int MaxShown = 64;

    /// <summary>An identifier without characters that must be looked at: by far the most, and found in a few vector steps.</summary>
    public static bool IsPlainIdentifier(ReadOnlySpan<byte> text, int most)
        => text.Length >= 1 && text.Length <= most && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    public static Fault? IdentifierFault(string text, string place, int most = Identifier.MaxLength)
    {
        if (ControlFault(text, place) is { } control)
        {
            return control;
        }
        var fault = Identifier.Fault(text) ?? (text.Length > most ? $"is {text.Length} characters long; at most {most} are allowed" : null);
        return fault is null ? null : new(RejectReason.BadIdentifier, $"{place}: {fault}");
    }

    /// <summary>Free text may hold control characters but U+0000: what broken encodings make of accents and apostrophes is common in real
    /// catalogues, and no reason to lose a listen.</summary>
    public static Fault? TextFault(string text, string place) =>
        ControlFault(text, place, last: '\u0000')
        ?? (string.IsNullOrWhiteSpace(text) ? new(RejectReason.BadText, $"{place}: is empty")
            : text.Length > MaxText ? new(RejectReason.BadText, $"{place}: is {text.Length} characters long; at most {MaxText} are allowed")
            : null);

    public static Fault? ControlFault(string text, string place, char last = '\u009F')
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return null;   // by far the most, in a few vector steps
        }
        foreach (var character in text)
        {
            if (character <= last && char.IsControl(character))
            {
                return new(RejectReason.ControlCharacter, $"{Shown(place)}: holds the control character U+{(int)character:X4}");
            }
        }
        return null;
    }

    public static Fault Duplicate(string name) => new(RejectReason.DuplicateField, $"{Shown(name)}: given twice");

    public static Fault NotFinite(string place, ReadOnlySpan<byte> number)
        => new(RejectReason.NumberNotFinite, $"{Shown(place)}: {Shown(number)}; allowed: numbers that a 64-bit float can hold");

    public static Fault OutOfRange(string place, ReadOnlySpan<byte> number, string allowed)
        => new(RejectReason.OutOfRange, $"{place}: {Shown(number)}; allowed: {allowed}");

    public static Fault WrongType(string place, string expected) => new(RejectReason.WrongType, $"{place}: not {expected}");

    /// <summary>The value as one short line: a fault is no place for a sender's prose.</summary>
    public static string Shown(ReadOnlySpan<byte> value) => Shown(Encoding.UTF8.GetString(value));

    public static string Shown(string value)
    {
        var shown = value.Length <= MaxShown ? value : $"{value.AsSpan(0, char.IsHighSurrogate(value[MaxShown - 1]) ? MaxShown - 1 : MaxShown)}…";
        return string.Create(shown.Length, shown, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
            }
        });
    }
}

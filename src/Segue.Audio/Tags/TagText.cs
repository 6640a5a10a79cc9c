using System.Globalization;
using System.Text;
using Segue.Core;

namespace Segue.Audio.Tags;

/// <summary>Makes texts of files fit for ids, names and screens.</summary>
public static class TagText
{
    /// <summary>Control characters and white space become one space; halves of surrogate pairs, byte-order marks and marks that turn the writing direction vanish; what is
    /// longer than an identifier may be is cut, between two code points.</summary>
    /// <returns>Null where nothing is left.</returns>
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var clean = new StringBuilder(Math.Min(text.Length, Identifier.MaxLength));
        for (var i = 0; i < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, i, out var rune);
            i += isWhole ? rune.Utf16SequenceLength : 1;
            if (!isWhole || IsHidden(rune))
            {
                continue;
            }
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                {
                    clean.Append(' ');
                }
                continue;
            }
            if (clean.Length + rune.Utf16SequenceLength > Identifier.MaxLength)
            {
                break;
            }
            clean.Append(rune);
        }
        var result = clean.ToString().Trim();
        return result.Length > 0 ? result : null;
    }

    /// <summary>A whole number at the beginning of a text, such as the 3 of "3/12"; null where there is none in the range.</summary>
    public static int? Number(string? text, int least, int most)
    {
        var digits = (text ?? "").AsSpan().TrimStart();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
    }

    // U+200B, U+FEFF; embeddings, overrides and isolates. The joiners U+200C and U+200D stay: scripts need them.
    private static bool IsHidden(Rune rune) => rune.Value is 0x200B or 0xFEFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F;
}

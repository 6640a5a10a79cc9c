using System.Text;

namespace Segue.Events.Geography;

/// <summary>Spellings of place names: letters without their marks, and the folded form under which names are compared.</summary>
/// <remarks>Latin letters only; the process runs without the tables of ICU, so <see cref="string.Normalize()"/> takes no mark away.</remarks>
internal static class PlaceNames
{
    private const char FirstLatin = '\u00C0', EndOfLatin = '\u0260', FirstAdditional = '\u1E00', EndOfAdditional = '\u1F00';

    // The plain letter of each code point from FirstLatin on, '?' where there is not exactly one.
    private const string Latin = "AAAAAA?CEEEEIIIIDNOOOOO?OUUUUY??aaaaaa?ceeeeiiiidnooooo?ouuuuy?yAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHh"
        + "IiIiIiIiIi??JjKkkLlLlLlLlLlNnNnNn?NnOoOoOo??RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs?B????O??DD????E"
        + "EF?G???IKk?????OOo?????????????Uu??YyZz??????????????????????AaIiOoUuUuUuUuUu?AaAa????GgKkOoOo??j???Gg??"
        + "NnAa????AaAaEeEeIiIiOoOoRrRrUuUuSsTt??Hh??????AaEeOoOoOoOoYy???????????????????????????????bo?dd?e?e????";

    // The same from FirstAdditional on (Vietnamese and others).
    private const string Additional = "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSs"
        + "SsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwy?s????AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOo"
        + "OoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy??????";

    /// <summary>The name in ASCII letters where they are known: "Łódź" is "Lodz", "Straße" is "Strasse". Other letters are kept.</summary>
    public static string ToAscii(string name)
    {
        if (Ascii.IsValid(name))
        {
            return name;
        }
        var plain = new StringBuilder(name.Length + 2);
        foreach (var letter in name)
        {
            if (letter is not (>= '\u0300' and <= '\u036F'))   // a mark on its own
            {
                AppendPlain(plain, letter);
            }
        }
        return plain.ToString();
    }

    /// <summary>The form under which names are compared: plain lower-case letters and digits, one space between words, and "st", "ft" and
    /// "mt" for Saint, Fort and Mount. Empty when nothing is left.</summary>
    public static string Fold(ReadOnlySpan<char> name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var letter in ToAscii(name.ToString()))
        {
            if (char.IsLetterOrDigit(letter))
            {
                folded.Append(char.ToLowerInvariant(letter));
            }
            else if (folded.Length > 0 && folded[^1] != ' ' && letter != '\'')
            {
                folded.Append(' ');
            }
        }
        var words = folded.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = words[i] switch { "saint" => "st", "fort" => "ft", "mount" => "mt", var word => word };
        }
        return string.Join(' ', words);
    }

    private static void AppendPlain(StringBuilder plain, char letter)
    {
        var known = letter switch
        {
            >= FirstLatin and < EndOfLatin => Latin[letter - FirstLatin],
            >= FirstAdditional and < EndOfAdditional => Additional[letter - FirstAdditional],
            _ => '?',
        };
        _ = (known, letter) switch
        {
            (not '?', _) => plain.Append(known),
            (_, '\u00DF') => plain.Append("ss"),
            (_, '\u00C6') => plain.Append("Ae"),
            (_, '\u00E6') => plain.Append("ae"),
            (_, '\u0152') => plain.Append("Oe"),
            (_, '\u0153') => plain.Append("oe"),
            (_, '\u00DE') => plain.Append("Th"),
            (_, '\u00FE') => plain.Append("th"),
            (_, '\u2019' or '\u2018' or '\u02BC' or '\u02BB' or '\u0060' or '\u00B4' or '\u02B9') => plain.Append('\''),
            (_, '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014') => plain.Append('-'),
            _ => plain.Append(letter),
        };
    }
}

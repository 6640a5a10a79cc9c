using System.Text;
using System.Text.RegularExpressions;

namespace Segue.Events.Normalizing;

/// <summary>Folds names so that two spellings of one recording meet. For matching only: what the sender wrote is kept elsewhere.</summary>
/// <remarks>
/// In this order: Unicode compatibility forms, case and accents (Beyoncé = BEYONCE, Ｍötley = motley, ß = ss, ø = o); named guests go
/// ("feat. X", "(with X)"); "&amp;" is "and"; apostrophes and full stops vanish (R.E.M. = REM); all other punctuation and white space
/// becomes one space. Vowel signs and voicing marks, which tell letters apart in their scripts, stay. A name of punctuation alone
/// ("!!!") keeps it. Pure functions, thread-safe; a few µs a name.
/// </remarks>
public static partial class TextFolding
{
    /// <summary>An artist's name; a leading "the" goes, unless it is all there is.</summary>
    public static string Artist(string name)
    {
        var folded = Fold(name);
        return folded.StartsWith("the ", StringComparison.Ordinal) ? folded[4..] : folded;
    }

    /// <summary>A recording's title. Version words ("live", "remix") stay: they are other recordings.</summary>
    public static string Title(string title) => Fold(title);

    private static string Fold(string text)
    {
        var unified = UnicodeFolding.Fold(text);
        var folded = Words(WithoutGuests(unified));
        folded = folded.Length > 0 ? folded : Words(unified);
        return folded.Length > 0 ? folded : string.Join(' ', unified.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
    }

    private static string WithoutGuests(string text)
        => text.Contains('f', StringComparison.Ordinal) || text.Contains("with", StringComparison.Ordinal)
            ? BareGuests().Replace(BracketedGuests().Replace(text, " "), "")
            : text;

    private static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || IsMark(rune))
            {
                words.Append(rune);
            }
            else if (rune.Value == '&')
            {
                Space(words).Append("and ");
            }
            else if (!IsSilent(rune.Value))
            {
                Space(words);
            }
        }
        return words.ToString().TrimEnd(' ');
    }

    private static StringBuilder Space(StringBuilder words)
        => words.Length > 0 && words[^1] != ' ' ? words.Append(' ') : words;

    private static bool IsSilent(int character) => character is '\'' or '.' or '`' or 0x2018 or 0x2019 or 0x02BC or 0x00B4;

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    // In brackets also "with": bare, it belongs to titles ("Dancing with Myself").
    [GeneratedRegex(@"[\(\[\{]\s*(?:feat(?:uring)?|ft|with)\b\.?[^\)\]\}]*[\)\]\}]", RegexOptions.NonBacktracking)]
    private static partial Regex BracketedGuests();

    [GeneratedRegex(@"\s(?:feat\.?|featuring|ft\.?)\s.*$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex BareGuests();
}

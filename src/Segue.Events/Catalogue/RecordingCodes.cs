namespace Segue.Events.Catalogue;

/// <summary>The two international codes of recordings, checked and in the one form in which they are compared.</summary>
public static class RecordingCodes
{
    private const int IsrcLength = 12;

    /// <summary>A MusicBrainz id: a UUID of 36 characters, lower case; null when the text is none.</summary>
    public static string? Mbid(ReadOnlySpan<char> text)
        => Guid.TryParseExact(text.Trim(), "D", out var mbid) && mbid != Guid.Empty ? mbid.ToString("D") : null;

    /// <summary>An International Standard Recording Code (ISO 3901): country (2 letters), registrant (3 letters or digits), 7 digits; upper
    /// case, without the hyphens and spaces that print has; null when the text is none.</summary>
    public static string? Isrc(ReadOnlySpan<char> text)
    {
        Span<char> code = stackalloc char[IsrcLength];
        var length = 0;
        foreach (var character in text)
        {
            if (character is '-' or ' ')
            {
                continue;
            }
            if (length == IsrcLength || !IsAllowed(character, length))
            {
                return null;
            }
            code[length++] = char.ToUpperInvariant(character);
        }
        return length == IsrcLength ? new string(code) : null;
    }

    private static bool IsAllowed(char character, int place) => place switch
    {
        < 2 => char.IsAsciiLetter(character),
        < 5 => char.IsAsciiLetterOrDigit(character),
        _ => char.IsAsciiDigit(character),
    };
}

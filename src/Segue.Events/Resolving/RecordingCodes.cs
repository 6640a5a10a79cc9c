namespace Segue.Events.Resolving;

/// <summary>The two public codes of recordings, in the one form in which they are compared.</summary>
public static class RecordingCodes
{
    private const int IsrcLength = 12;

    /// <summary>A MusicBrainz id in lower case with hyphens; null when the text is none.</summary>
    public static string? Mbid(ReadOnlySpan<char> text)
        => Guid.TryParseExact(text, "D", out var mbid) ? mbid.ToString("D") : null;

    /// <summary>Upper case without hyphens: country (2 letters), registrant (3 letters or digits), 7 digits; null when the text is none.</summary>
    public static string? Isrc(ReadOnlySpan<char> text)
    {
        Span<char> code = stackalloc char[IsrcLength];
        var length = 0;
        foreach (var character in text)
        {
            if (character == '-')
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

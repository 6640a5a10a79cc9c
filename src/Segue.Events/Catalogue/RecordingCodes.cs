namespace Segue.Events.Catalogue;

/// <summary>The two international codes of recordings, checked and in one form.</summary>
public static class RecordingCodes
{
    private const int IsrcLength = 12;

    /// <summary>A MusicBrainz id: a UUID of 36 characters, lower case; null when the text is none.</summary>
    public static string? Mbid(string text)
        => Guid.TryParseExact(text.Trim(), "D", out var id) && id != Guid.Empty ? id.ToString("D") : null;

    /// <summary>An International Standard Recording Code (ISO 3901): two letters, three letters or digits, seven digits, upper case, without
    /// the hyphens and spaces that print has; null when the text is none.</summary>
    public static string? Isrc(string text)
    {
        var code = string.Concat(text.Where(letter => letter is not ('-' or ' '))).ToUpperInvariant();
        return code.Length == IsrcLength
            && code.AsSpan(0, 2).IndexOfAnyExceptInRange('A', 'Z') < 0
            && code.AsSpan(2, 3).ToString().All(char.IsAsciiLetterOrDigit)
            && code.AsSpan(5).IndexOfAnyExceptInRange('0', '9') < 0
                ? code
                : null;
    }
}

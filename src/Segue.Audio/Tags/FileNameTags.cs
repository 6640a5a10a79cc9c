using System.Text.RegularExpressions;

namespace Segue.Audio.Tags;

/// <summary>What a file's name and folders say, for files whose tags are silent.</summary>
/// <remarks>
/// The rule is <c>Artist/Album/NN - Title.ext</c>. A number counts where a full stop, hyphen or underscore follows, or where it begins with 0 ("01 Title"; "99 Luftballons" is a
/// title). Folders of discs ("CD 1") are passed over. Before " - " a name may hold the artist: where no two folders tell artist and album, or where it repeats the artist's
/// folder. With one folder: "Artist - Album", or the album where the name tells the artist, else the artist. Folders above the scanned one say nothing.
/// </remarks>
public static partial class FileNameTags
{
    /// <param name="relativePath">From the scanned folder to the file.</param>
    public static AudioTags Read(string relativePath)
    {
        var parts = relativePath.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var name = Spaced(Path.GetFileNameWithoutExtension(parts is [] ? "" : parts[^1]));
        var (disc, folders) = WithoutDisc([.. parts.SkipLast(1).Select(Spaced)]);
        var (discOfName, number, rest) = Numbered(name);
        var (artist, album) = folders switch
        {
            [.., var above, var last] => (above, last),
            [var only] when Split(only) is { } both => both,
            [var only] when Split(rest) is not null => (null, only),
            [var only] => (only, null),
            [] => (default(string), default(string)),
        };
        if (Split(rest) is { } told && (artist is null || artist.Equals(told.Before, StringComparison.OrdinalIgnoreCase)))
        {
            (artist, rest) = told;
        }
        return new()
        {
            Title = TagText.Clean(rest), Artist = TagText.Clean(artist), Album = TagText.Clean(album), TrackNumber = number, DiscNumber = discOfName ?? disc,
        };
    }

    private static (int? Disc, string[] Folders) WithoutDisc(string[] folders)
        => folders is [.. var above, var last] && DiscFolder().Match(last) is { Success: true } match
            ? (TagText.Number(match.Groups["disc"].Value, 1, 999), above)
            : (null, folders);

    private static (int? Disc, int? Number, string Title) Numbered(string name)
        => TrackNumber().Match(name) is { Success: true } match
            ? (TagText.Number(match.Groups["disc"].Value, 1, 999), TagText.Number(match.Groups["number"].Value, 1, 9_999), match.Groups["rest"].Value)
            : (null, null, name);

    private static (string? Before, string After)? Split(string text)
        => text.IndexOf(" - ", StringComparison.Ordinal) is > 0 and var at && at + 3 < text.Length ? (text[..at].Trim(), text[(at + 3)..].Trim()) : null;

    // Where a name has no space, underscores stand for them.
    private static string Spaced(string name) => name.Contains(' ', StringComparison.Ordinal) ? name : name.Replace('_', ' ');

    [GeneratedRegex(@"^(?:(?<disc>\d{1,2})-)?(?:(?<number>\d{1,3})\s*[.\-_]\s*|(?<number>0\d{1,2})\s+)(?<rest>\D.*|\d+\D.*)$", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TrackNumber();

    [GeneratedRegex(@"^(?:cd|dis[ck]|volume|vol\.?)\s*(?<disc>\d{1,3})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DiscFolder();
}

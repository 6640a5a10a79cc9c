using System.Globalization;
using System.Text.Json;
using Segue.Events.Importing;

namespace Segue.Events.Catalogue;

/// <summary>Turns a row of a foreign table into a track.</summary>
internal sealed class RecordingParser(CatalogueImportOptions options)
{
    private const int MaxTextLength = 1_000;
    private const int MaxTags = 100;
    private static readonly TimeSpan LongestTrack = TimeSpan.FromDays(1);
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    /// <summary>The columns in the order in which <see cref="Parse"/> expects their fields.</summary>
    public IReadOnlyList<string?> Columns { get; } =
    [
        options.Columns.Id, options.Columns.Title, options.Columns.ArtistName, options.Columns.ArtistId, options.Columns.Duration,
        options.Columns.Genre, options.Columns.Tags, options.Columns.Mbid, options.Columns.Isrc, options.Columns.Released,
    ];

    /// <returns>Null, or what is wrong.</returns>
    public string? Parse(IReadOnlyList<string?> fields, out CatalogueRecording? recording)
    {
        recording = null;
        var (title, artistName, artistId, genre) = ("", "", "", (string?)null);
        var (length, tags, mbid, isrc, released) = ((TimeSpan?)null, (List<string>)[], (string?)null, (string?)null, (DateOnly?)null);
        var fault = Id(fields[0], "track id", out var id)
            ?? Text(fields[1] ?? "", "title", out title)
            ?? Text(fields[2], "artist's name", out artistName)
            ?? Id(fields[3] ?? (options.Columns.ArtistId is null ? artistName : null), "artist id", out artistId)
            ?? Duration(fields[4], out length)
            ?? Genre(fields[5], out genre)
            ?? Tags(fields[6], out tags)
            ?? Code(fields[7], text => RecordingCodes.Mbid(text), "MusicBrainz id, a UUID such as 5b11f4ce-a62d-471e-81fc-a69a8278c7da", out mbid)
            ?? Code(fields[8], text => RecordingCodes.Isrc(text), "ISRC, such as USRC17607839", out isrc)
            ?? Released(fields[9], out released);
        if (fault is null)
        {
            recording = new(new(new(id), title, new(new(artistId), artistName), genre, tags, length), mbid, isrc, released);
        }
        return fault;
    }

    private static string? Id(string? text, string what, out string id)
    {
        id = text ?? "";
        return text is null ? $"the {what} is missing" : FieldParser.Id(text, what, out id);
    }

    /// <summary>Control characters become spaces: real catalogues hold them, mostly as remains of another encoding.</summary>
    private static string? Text(string? text, string what, out string value)
    {
        value = string.Concat((text ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text is null ? $"the {what} is missing"
            : text.Length > MaxTextLength ? $"the {what} is {text.Length} characters long; at most {MaxTextLength} are allowed"
            : null;
    }

    private string? Duration(string? text, out TimeSpan? length)
    {
        length = null;
        if (text is null)
        {
            return null;
        }
        var unit = options.DurationUnit == DurationUnit.Seconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !(number >= 0 && number * unit <= LongestTrack.Ticks))
        {
            var name = unit == TimeSpan.TicksPerSecond ? "seconds" : "milliseconds";
            return $"the duration {FieldParser.Quote(text)} is no number of {name} from 0 to a day";
        }
        var milliseconds = Math.Round(number * unit / TimeSpan.TicksPerMillisecond);
        length = number == 0 ? null : TimeSpan.FromMilliseconds(Math.Max(1, milliseconds));
        return null;
    }

    private static string? Genre(string? text, out string? genre)
    {
        var fault = Text(text ?? "", "genre", out var known);
        genre = known.Length > 0 ? known : null;
        return fault;
    }

    private string? Tags(string? text, out List<string> tags)
    {
        tags = [];
        if (text is null)
        {
            return null;
        }
        try
        {
            var words = text.StartsWith('[')
                ? JsonSerializer.Deserialize(text, CatalogueJson.Default.StringArray)!
                : text.Split(options.TagSeparator);
            tags = [.. words.Select(word => Text(word, "tag", out var tag) is null ? tag : "").Where(tag => tag.Length > 0)
                .Distinct(StringComparer.Ordinal)];
        }
        catch (JsonException)
        {
            return "the tags are no JSON array of strings";
        }
        return tags.Count > MaxTags ? $"has {tags.Count} tags; at most {MaxTags} are allowed" : null;
    }

    private static string? Code(string? text, Func<string, string?> normalize, string what, out string? code)
    {
        code = text is null ? null : normalize(text);
        return text is null || code is not null ? null : $"{FieldParser.Quote(text)} is no {what}";
    }

    private static string? Released(string? text, out DateOnly? day)
    {
        day = null;
        if (text is null or "0")
        {
            return null;
        }
        if (!DateOnly.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            || parsed.Year is < 1860 or > 2100)
        {
            return $"the release date {FieldParser.Quote(text)} is no yyyy-MM-dd, yyyy-MM or yyyy from 1860 to 2100";
        }
        day = parsed;
        return null;
    }
}

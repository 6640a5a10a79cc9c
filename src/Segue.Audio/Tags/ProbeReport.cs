using System.Globalization;
using System.Text.Json;

namespace Segue.Audio.Tags;

/// <summary>Turns what ffprobe prints into <see cref="AudioTags"/>.</summary>
/// <remarks>
/// Tags of the container come first, then those of the first audio stream, where Ogg keeps them; pictures' tags say nothing. Names are compared without case, spaces, hyphens
/// and underscores, for each container spells them in its own way. In all of them <c>musicbrainz_trackid</c> is the recording; for MP3 see
/// <see cref="Id3RecordingId"/>.
/// </remarks>
internal static class ProbeReport
{
    private const int MostGenres = 16, LongestGenre = 64;
    private const double MostGain = 51;   // dB; what a signed byte of half decibels reaches in the oldest form, and beyond any music

    private static readonly char[] Separators = [';', ',', '|', '\0'];

    /// <exception cref="JsonException">It is not what ffprobe prints.</exception>
    public static AudioTags Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var stream = Property(root, "streams") is { ValueKind: JsonValueKind.Array } streams
            ? streams.EnumerateArray().FirstOrDefault(one => Text(one, "codec_type") == "audio")
            : default;
        var format = Property(root, "format");
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        AddTags(tags, format);
        AddTags(tags, stream);
        return Read(tags) with
        {
            Codec = TagText.Clean(Text(stream, "codec_name")),
            Duration = Seconds(Text(format, "duration")) ?? Seconds(Text(stream, "duration")),
        };
    }

    private static AudioTags Read(Dictionary<string, string> tags)
    {
        string? Value(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (tags.TryGetValue(name, out var text) && TagText.Clean(text) is { } clean)
                {
                    return clean;
                }
            }
            return null;
        }
        return new()
        {
            Title = Value("title"),
            Artist = Value("artist", "author", "performer"),
            AlbumArtist = Value("albumartist"),
            Album = Value("album"),
            TrackNumber = TagText.Number(Value("track", "tracknumber"), 1, 9_999),
            DiscNumber = TagText.Number(Value("disc", "discnumber"), 1, 999),
            ReleasedOn = Date(Value("originaldate")) ?? Date(Value("originalyear")) ?? Date(Value("date")) ?? Date(Value("year")),
            Genres = Genres(tags.GetValueOrDefault("genre")),
            RecordingMbid = Mbid(Value("musicbrainztrackid", "musicbrainzrecordingid")),
            ArtistMbid = Mbid(Value("musicbrainzartistid")),
            ReleaseMbid = Mbid(Value("musicbrainzalbumid", "musicbrainzreleaseid")),
            Isrc = Value("isrc", "tsrc"),
            TrackGain = Gain(Value("replaygaintrackgain")) ?? OpusGain(Value("r128trackgain")),
            AlbumGain = Gain(Value("replaygainalbumgain")) ?? OpusGain(Value("r128albumgain")),
        };
    }

    private static void AddTags(Dictionary<string, string> tags, JsonElement? place)
    {
        if (place is { } element && Property(element, "tags") is { ValueKind: JsonValueKind.Object } told)
        {
            foreach (var tag in told.EnumerateObject())
            {
                if (tag.Value.ValueKind == JsonValueKind.String)
                {
                    tags.TryAdd(string.Concat(tag.Name.Where(letter => letter is not (' ' or '_' or '-'))).ToLowerInvariant(), tag.Value.GetString()!);
                }
            }
        }
    }

    private static IReadOnlyList<string> Genres(string? text)
        => [.. (text ?? "").Split(Separators).Select(TagText.Clean).OfType<string>().Where(genre => genre.Length <= LongestGenre)
            .DistinctBy(genre => genre.ToLowerInvariant()).Take(MostGenres)];

    /// <summary>The first MusicBrainz id of a text, lower case; null where it begins with none.</summary>
    public static string? Mbid(string? text)
        => text is { Length: >= 36 } && Guid.TryParseExact(text.AsSpan(0, 36), "D", out var id) && id != Guid.Empty ? id.ToString("D") : null;   // of several the first

    private static DateOnly? Date(string? text)
    {
        if (text is not { Length: >= 4 } || text.AsSpan(0, 4).ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }
        string[] forms = ["yyyy-MM-dd", "yyyyMMdd", "yyyy-MM", "yyyy"];
        foreach (var form in forms)
        {
            if (text.Length >= form.Length && DateOnly.TryParseExact(text.AsSpan(0, form.Length), form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return date;
            }
        }
        return null;
    }

    private static TimeSpan? Seconds(string? text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 30 * 86_400 ? TimeSpan.FromSeconds(seconds) : null;

    private static double? Gain(string? text)
        => double.TryParse((text ?? "").AsSpan().TrimEnd("dB ").Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var gain) && Math.Abs(gain) <= MostGain ? gain : null;

    // RFC 7845: 1/256 dB against -23 LUFS; replay gain is against -18 LUFS.
    private static double? OpusGain(string? text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var gain) && Math.Abs(gain / 256.0 + 5) <= MostGain ? gain / 256.0 + 5 : null;

    private static JsonElement? Property(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? element, string name)
        => element is { } place && Property(place, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}

using System.Buffers;
using System.Text.Json;
using Segue.Radio;
using Segue.Radio.Home;

namespace Segue.Server.Endpoints;

/// <summary>A track of a first screen.</summary>
/// <param name="Position">From 0, counted over the whole page.</param>
/// <param name="Score">Higher is better; comparable within one row only.</param>
/// <param name="Source">What brought it.</param>
/// <param name="Reason">Why it is there.</param>
public sealed record HomeTrackResponse(
    int Position, string Id, string Title, ArtistResponse Artist, string? Genre, double? LengthSeconds, float Score, string Source, string Reason);

/// <summary>A row of a first screen.</summary>
/// <param name="Kind">made-for-you, because-you-played, trending, new, genre or discover.</param>
public sealed record HomeRowResponse(string Kind, string Title, string Reason, IReadOnlyList<HomeTrackResponse> Tracks);

/// <summary>A first screen.</summary>
/// <param name="Recommendation">Id of this page; the same while it is answered unchanged.</param>
/// <param name="Source">list: the first row is made of a list made beforehand. computed: for this answer.</param>
/// <param name="Rows">None that is empty; no track stands in two of them.</param>
public sealed record HomeResponse(Guid Recommendation, string ModelVersion, string Source, DateTimeOffset MadeAt, IReadOnlyList<HomeRowResponse> Rows);

/// <summary>Writes <see cref="HomeResponse"/> without making one: a page is asked for at every login.</summary>
internal static class HomeWire
{
    private const int BytesOfTrack = 320;

    private static readonly JsonEncodedText Recommendation = JsonEncodedText.Encode("recommendation"), ModelVersion = JsonEncodedText.Encode("modelVersion"),
        Source = JsonEncodedText.Encode("source"), MadeAt = JsonEncodedText.Encode("madeAt"), Rows = JsonEncodedText.Encode("rows"), Kind = JsonEncodedText.Encode("kind"),
        Title = JsonEncodedText.Encode("title"), Reason = JsonEncodedText.Encode("reason"), Tracks = JsonEncodedText.Encode("tracks"), Position = JsonEncodedText.Encode("position"),
        Id = JsonEncodedText.Encode("id"), Artist = JsonEncodedText.Encode("artist"), Name = JsonEncodedText.Encode("name"), Genre = JsonEncodedText.Encode("genre"),
        LengthSeconds = JsonEncodedText.Encode("lengthSeconds"), Score = JsonEncodedText.Encode("score");

    /// <param name="now">When a page without a list was made.</param>
    public static byte[] Write(HomePage page, DateTimeOffset now)
    {
        var tracks = 0;
        foreach (var row in page.Rows)
        {
            tracks += row.Tracks.Count;
        }
        var buffer = new ArrayBufferWriter<byte>(BytesOfTrack * (tracks + 1));
        using (var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString(Recommendation, page.Recommendation.Value);
            json.WriteString(ModelVersion, page.ModelVersion);
            json.WriteString(Source, page.MadeAt is null ? "computed"u8 : "list"u8);
            json.WriteString(MadeAt, page.MadeAt ?? now);
            json.WriteStartArray(Rows);
            foreach (var row in page.Rows)
            {
                Write(json, row);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, HomeRow row)
    {
        json.WriteStartObject();
        json.WriteString(Kind, row.Kind);
        json.WriteString(Title, row.Title);
        json.WriteString(Reason, row.Reason);
        json.WriteStartArray(Tracks);
        foreach (var track in row.Tracks)
        {
            Write(json, track);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RecommendedTrack listed)
    {
        json.WriteStartObject();
        json.WriteNumber(Position, listed.Position);
        json.WriteString(Id, listed.Track.Id.Value);
        json.WriteString(Title, listed.Track.Title);
        json.WriteStartObject(Artist);
        json.WriteString(Id, listed.Track.Artist.Id.Value);
        json.WriteString(Name, listed.Track.Artist.Name);
        json.WriteEndObject();
        json.WriteString(Genre, listed.Track.Genre);
        if (listed.Track.Length is { TotalSeconds: var seconds })
        {
            json.WriteNumber(LengthSeconds, seconds);
        }
        else
        {
            json.WriteNull(LengthSeconds);
        }
        json.WriteNumber(Score, listed.Score);
        json.WriteString(Source, listed.Source);
        json.WriteString(Reason, listed.Reason.Text);
        json.WriteEndObject();
    }
}

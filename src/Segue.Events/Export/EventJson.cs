using System.Text.Json;
using Segue.Core;

namespace Segue.Events.Export;

/// <summary>Events of the log in the words of the wire format (docs/events.md): what a listener who asks for their data is given.</summary>
public static class EventJson
{
    public static void Write(Utf8JsonWriter json, ListenerEvent told)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Type(told.Kind));
        json.WriteString("at"u8, told.At);
        WriteText(json, "track"u8, told.Track?.Value);
        WriteText(json, "artist"u8, told.Artist?.Value);
        WriteRecording(json, told.Described);
        WriteSeconds(json, "heardSeconds"u8, told.Heard);
        WriteSeconds(json, "trackSeconds"u8, told.Length);
        if (told.End != EndReason.Unknown)
        {
            json.WriteString("endReason"u8, told.End.ToString().ToLowerInvariant());
        }
        if (told.Origin is { } origin)
        {
            json.WriteString("chosenBy"u8, origin == ListenOrigin.Radio ? "radio"u8 : "listener"u8);
        }
        WriteText(json, "recommendation"u8, told.Recommendation?.ToString());
        WriteText(json, "session"u8, told.Session);
        WriteValue(json, told);
        WriteText(json, "playlist"u8, told.Playlist);
        WriteNumber(json, "position"u8, told.Position);
        WriteCard(json, told.Card);
        if (told.Until is { } until)
        {
            json.WriteString("until"u8, until);
        }
        WriteShown(json, told.Shown);
        if (!told.Extra.IsEmpty)
        {
            json.WritePropertyName("extra"u8);
            json.WriteRawValue(told.Extra.Span, skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    private static string Type(EventKind kind) => kind switch
    {
        EventKind.PlaylistAdd => "playlistAdd",
        EventKind.PlaylistRemove => "playlistRemove",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static void WriteValue(Utf8JsonWriter json, ListenerEvent told)
    {
        switch (told.Kind)
        {
            case EventKind.Vote:
                json.WriteNumber("vote"u8, told.Value);
                break;
            case EventKind.Follow:
                json.WriteBoolean("following"u8, told.Value != 0);
                break;
            case EventKind.Ban:
                json.WriteBoolean("banned"u8, told.Value != 0);
                break;
        }
    }

    private static void WriteRecording(Utf8JsonWriter json, RecordingDescription? described)
    {
        if (described is null)
        {
            return;
        }
        json.WriteStartObject("recording"u8);
        WriteText(json, "mbid"u8, described.Mbid);
        WriteText(json, "isrc"u8, described.Isrc);
        WriteText(json, "artist"u8, described.Artist);
        WriteText(json, "title"u8, described.Title);
        WriteText(json, "album"u8, described.Album);
        json.WriteEndObject();
    }

    private static void WriteCard(Utf8JsonWriter json, CardFacts? card)
    {
        if (card is null)
        {
            return;
        }
        json.WriteStartObject("card"u8);
        WriteText(json, "title"u8, card.Title);
        WriteText(json, "artist"u8, card.Artist);
        WriteNumber(json, "artistRank"u8, card.ArtistRank);
        WriteText(json, "genre"u8, card.Genre);
        WriteSeconds(json, "durationSeconds"u8, card.Duration);
        if (card.Volume is { } volume)
        {
            json.WriteNumber("volume"u8, volume);
        }
        json.WriteEndObject();
    }

    private static void WriteShown(Utf8JsonWriter json, ImpressionFacts? shown)
    {
        if (shown is not null)
        {
            json.WriteString("source"u8, shown.Source);
            json.WriteString("model"u8, shown.ModelVersion);
            json.WriteString("arm"u8, shown.Arm);
            json.WriteNumber("propensity"u8, shown.Propensity);
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteSeconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } span)
        {
            json.WriteNumber(name, (decimal)span.Ticks / TimeSpan.TicksPerSecond);
        }
    }
}

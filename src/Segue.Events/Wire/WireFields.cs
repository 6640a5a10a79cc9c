namespace Segue.Events.Wire;

/// <summary>The fields of an event, as bits: a set of fields is one number.</summary>
[Flags]
internal enum WireFields
{
    None = 0,
    Type = 1 << 0,
    Listener = 1 << 1,
    At = 1 << 2,
    Id = 1 << 3,
    SentAt = 1 << 4,
    Private = 1 << 5,
    Session = 1 << 6,
    Recommendation = 1 << 7,
    Track = 1 << 8,
    Recording = 1 << 9,
    HeardSeconds = 1 << 10,
    TrackSeconds = 1 << 11,
    EndReason = 1 << 12,
    ChosenBy = 1 << 13,
    Vote = 1 << 14,
    Playlist = 1 << 15,
    Position = 1 << 16,
    Card = 1 << 17,
    Artist = 1 << 18,
    Following = 1 << 19,
    Until = 1 << 20,
    Banned = 1 << 21,
    Source = 1 << 22,
    Model = 1 << 23,
    Arm = 1 << 24,
    Propensity = 1 << 25,
}

/// <summary>Names of fields, and which of them each kind of event has.</summary>
internal static class WireFieldRules
{
    private const WireFields Common = WireFields.Type | WireFields.Listener | WireFields.At | WireFields.Id | WireFields.SentAt
        | WireFields.Private | WireFields.Session | WireFields.Recommendation;

    private const WireFields TrackName = WireFields.Track | WireFields.Recording;

    private const WireFields ImpressionFields = WireFields.Position | WireFields.Source | WireFields.Model | WireFields.Arm
        | WireFields.Propensity;

    public static WireFields Allowed(EventKind kind) => Common | kind switch
    {
        EventKind.Listen => TrackName | WireFields.HeardSeconds | WireFields.TrackSeconds | WireFields.EndReason | WireFields.ChosenBy,
        EventKind.Vote => TrackName | WireFields.Vote,
        EventKind.PlaylistAdd or EventKind.PlaylistRemove => TrackName | WireFields.Playlist,
        EventKind.Click => TrackName | WireFields.Position | WireFields.Card,
        EventKind.Follow => WireFields.Artist | WireFields.Following,
        EventKind.Ban => TrackName | WireFields.Artist | WireFields.Until | WireFields.Banned,
        _ => TrackName | ImpressionFields,
    };

    /// <summary>Beside the track or artist.</summary>
    public static WireFields Required(EventKind kind) => WireFields.Listener | WireFields.At | kind switch
    {
        EventKind.Vote => WireFields.Vote,
        EventKind.PlaylistAdd or EventKind.PlaylistRemove => WireFields.Playlist,
        EventKind.Click => WireFields.Position,
        EventKind.Follow => WireFields.Artist,
        EventKind.Impression => ImpressionFields | WireFields.Recommendation,
        _ => WireFields.None,
    };

    /// <summary>The name, as on the wire, of the first field of a set.</summary>
    public static string NameOf(WireFields fields)
    {
        var first = (WireFields)((int)fields & -(int)fields);
        var name = first.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <returns>None for a field that the format does not know.</returns>
    public static WireFields Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("at"u8) => WireFields.At,
        2 when name.SequenceEqual("id"u8) => WireFields.Id,
        3 when name.SequenceEqual("arm"u8) => WireFields.Arm,
        4 when name.SequenceEqual("type"u8) => WireFields.Type,
        4 when name.SequenceEqual("vote"u8) => WireFields.Vote,
        4 when name.SequenceEqual("card"u8) => WireFields.Card,
        5 when name.SequenceEqual("track"u8) => WireFields.Track,
        5 when name.SequenceEqual("until"u8) => WireFields.Until,
        5 when name.SequenceEqual("model"u8) => WireFields.Model,
        6 when name.SequenceEqual("sentAt"u8) => WireFields.SentAt,
        6 when name.SequenceEqual("artist"u8) => WireFields.Artist,
        6 when name.SequenceEqual("source"u8) => WireFields.Source,
        6 when name.SequenceEqual("banned"u8) => WireFields.Banned,
        7 when name.SequenceEqual("session"u8) => WireFields.Session,
        7 when name.SequenceEqual("private"u8) => WireFields.Private,
        8 when name.SequenceEqual("listener"u8) => WireFields.Listener,
        8 when name.SequenceEqual("chosenBy"u8) => WireFields.ChosenBy,
        8 when name.SequenceEqual("position"u8) => WireFields.Position,
        8 when name.SequenceEqual("playlist"u8) => WireFields.Playlist,
        9 when name.SequenceEqual("endReason"u8) => WireFields.EndReason,
        9 when name.SequenceEqual("recording"u8) => WireFields.Recording,
        9 when name.SequenceEqual("following"u8) => WireFields.Following,
        10 when name.SequenceEqual("propensity"u8) => WireFields.Propensity,
        12 when name.SequenceEqual("heardSeconds"u8) => WireFields.HeardSeconds,
        12 when name.SequenceEqual("trackSeconds"u8) => WireFields.TrackSeconds,
        14 when name.SequenceEqual("recommendation"u8) => WireFields.Recommendation,
        _ => WireFields.None,
    };
}

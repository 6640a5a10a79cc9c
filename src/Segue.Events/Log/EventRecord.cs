using System.Text;
using Segue.Core;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Log;

/// <summary>An event as its record will be, its texts in UTF-8 wherever they lie: what the doors make without making a <see cref="ListenerEvent"/>.</summary>
/// <remarks>Fields as there; an empty text is one that is not there. Times count from 1970.</remarks>
internal ref struct EventRecord
{
    public EventKind Kind;
    public EventKey Key;
    public ListenerCode Listener;
    public TimeSpan At;
    public ReadOnlySpan<byte> Track, Artist;
    public RecordingDescription? Described;
    public TimeSpan? Heard, Length;
    public EndReason End;
    public ListenOrigin? Origin;
    public RecommendationId? Recommendation;
    public ReadOnlySpan<byte> Session;
    public sbyte Value;
    public ReadOnlySpan<byte> Playlist;
    public int? Position;
    public CardFacts? Card;
    public TimeSpan? Until;

    /// <summary>Of impressions; null else.</summary>
    public double? Propensity;
    public ReadOnlySpan<byte> Source, Model, Arm;
    public ReadOnlySpan<byte> Extra;

    public static EventRecord Of(ListenerEvent listened) => new()
    {
        Kind = listened.Kind,
        Key = listened.Key,
        Listener = ListenerCode.Of(listened.Listener),
        At = listened.At.ToUniversalTime() - DateTimeOffset.UnixEpoch,
        Track = Utf8(listened.Track?.Value),
        Artist = Utf8(listened.Artist?.Value),
        Described = listened.Described,
        Heard = listened.Heard,
        Length = listened.Length,
        End = listened.End,
        Origin = listened.Origin,
        Recommendation = listened.Recommendation,
        Session = Utf8(listened.Session),
        Value = listened.Value,
        Playlist = Utf8(listened.Playlist),
        Position = listened.Position,
        Card = listened.Card,
        Until = listened.Until?.ToUniversalTime() - DateTimeOffset.UnixEpoch,
        Propensity = listened.Shown?.Propensity,
        Source = Utf8(listened.Shown?.Source),
        Model = Utf8(listened.Shown?.ModelVersion),
        Arm = Utf8(listened.Shown?.Arm),
        Extra = listened.Extra.Span,
    };

    private static ReadOnlySpan<byte> Utf8(string? text) => text is null ? default : Encoding.UTF8.GetBytes(text);
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Segue.Core;

namespace Segue.Events.Storage;

/// <summary>One line of <c>catalogue.jsonl</c>.</summary>
/// <param name="LengthSeconds">A decimal, which keeps every tick of a <see cref="TimeSpan"/>.</param>
/// <param name="TagCounts">Absent where nobody counted.</param>
internal sealed record TrackLine(
    string Id, string Title, string ArtistId, string ArtistName, string? Genre, IReadOnlyList<string> Tags, decimal? LengthSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TagCounts = null)
{
    public static TrackLine From(Track track) => new(
        track.Id.Value, track.Title, track.Artist.Id.Value, track.Artist.Name, track.Genre, track.Tags,
        track.Length is { } length ? (decimal)length.Ticks / TimeSpan.TicksPerSecond : null,
        track.TagCounts.Count > 0 ? track.TagCounts : null);

    public Track ToTrack() => new(
        new(Id), Title, new(new(ArtistId), ArtistName), Genre, Tags,
        LengthSeconds is { } seconds ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null)
    {
        TagCounts = TagCounts ?? [],
    };
}

/// <summary>One line of <c>listeners.jsonl</c>.</summary>
internal sealed record ListenerLine(string Id, Region? Region, AgeBand AgeBand, Gender Gender, DateOnly? RegisteredOn = null)
{
    public static ListenerLine From(ListenerProfile listener)
        => new(listener.Id.Value, listener.Region, listener.AgeBand, listener.Gender, listener.RegisteredOn);

    public ListenerProfile ToProfile() => new(new(Id), Region, AgeBand, Gender, RegisteredOn);
}

/// <summary>The store's own JSON is read strictly: a field too many, too few or twice is damage.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoreManifest))]
[JsonSerializable(typeof(TrackLine))]
[JsonSerializable(typeof(ListenerLine))]
internal sealed partial class StoreJson : JsonSerializerContext;

/// <summary>How the store writes JSON. Letters of all scripts stay readable: the files are UTF-8 and never part of a web page.</summary>
internal static class StoreFormat
{
    /// <summary>One line a value.</summary>
    public static StoreJson Lines { get; } = new(new JsonSerializerOptions(StoreJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static StoreJson Indented { get; } = new(new JsonSerializerOptions(StoreJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    });
}

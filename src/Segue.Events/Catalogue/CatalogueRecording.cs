using Segue.Core;

namespace Segue.Events.Catalogue;

/// <summary>What the catalogue knows of a recording that senders may name in other ways than by its id.</summary>
/// <param name="Mbid">MusicBrainz recording id, lower case.</param>
/// <param name="Isrc">International Standard Recording Code, 12 upper-case letters and digits without hyphens.</param>
public sealed record CatalogueRecording(Track Track, string? Mbid, string? Isrc, DateOnly? ReleasedOn = null);

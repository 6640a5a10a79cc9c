using Segue.Core;

namespace Segue.Events.Resolving;

/// <summary>By what a recording was found.</summary>
public enum MatchedBy
{
    /// <summary>The sender named a track of the catalogue.</summary>
    Id,

    /// <summary>The sender named a track that the catalogue lacks; its id is kept.</summary>
    UnknownId,
    Mbid,
    Isrc,

    /// <summary>Artist, title and, where told, duration.</summary>
    Text,

    /// <summary>By nothing: the track's id is made of its description.</summary>
    Described,
}

/// <summary>The track that a recording was resolved to.</summary>
/// <param name="Length">The catalogue's; null when it does not know.</param>
public readonly record struct Resolution(TrackId Track, TimeSpan? Length, MatchedBy By);

/// <summary>How many recordings were resolved, and by what, since the resolver was made.</summary>
public sealed record MatchCounts(long Id, long UnknownId, long Mbid, long Isrc, long Text, long Described)
{
    public long Total => Id + UnknownId + Mbid + Isrc + Text + Described;

    /// <summary>Share found in the catalogue, in [0, 1]; null before the first.</summary>
    public double? MatchRate => Total == 0 ? null : (double)(Id + Mbid + Isrc + Text) / Total;
}

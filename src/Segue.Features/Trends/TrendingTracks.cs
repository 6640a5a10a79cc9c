using Segue.Core;

namespace Segue.Features.Trends;

/// <summary>Over which time tracks trend.</summary>
public enum TrendSpan
{
    /// <summary>An event counts half after six hours.</summary>
    Hours,

    /// <summary>An event counts half after three days.</summary>
    Days,
}

/// <summary>A track that many listeners turn to.</summary>
/// <param name="Weight">First events of listeners on it as of now, each halved with every half-life; further ones of a listener add less.</param>
public readonly record struct TrendingTrack(TrackId Track, float Weight);

/// <summary>What trends somewhere.</summary>
/// <param name="Where">The region that answers: the one asked about, or a wider one when too little is known there; null: the world.</param>
/// <param name="Tracks">Heaviest first, equal ones by id; may be empty for the world.</param>
public sealed record TrendingTracks(Region? Where, IReadOnlyList<TrendingTrack> Tracks)
{
    /// <summary>The narrowest name of the place; null for the world.</summary>
    public string? Name => Where?.City ?? Where?.Area ?? Where?.Country;
}

using Segue.Core;
using Segue.Retrieval.Sounds;

namespace Segue.Server.Endpoints;

/// <summary>A track found by its sound.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Similarity">Cosine with what was asked for, in [0, 1]; 0 for what is further away than that.</param>
public sealed record SoundMatchResponse(int Position, string Id, string Title, ArtistResponse Artist, string? Genre, double? LengthSeconds, float Similarity)
{
    internal static SoundMatchResponse From(int position, Track track, float similarity)
    {
        var described = TrackResponse.From(track);
        return new(position, described.Id, described.Title, described.Artist, described.Genre, described.LengthSeconds, Math.Clamp(similarity, 0, 1));
    }
}

/// <summary>Tracks that sound like others, best first.</summary>
/// <param name="ModelVersion">The sound model.</param>
public sealed record SoundsLikeResponse(string ModelVersion, IReadOnlyList<SoundMatchResponse> Tracks);

/// <summary>A track on the way from one song to another.</summary>
/// <param name="Along">How far along the way it lies: 0 is the first song, 1 the last.</param>
/// <param name="Similarity">Cosine with the track before it, in [0, 1]; 1 for the first.</param>
public sealed record SoundStepResponse(int Position, string Id, string Title, ArtistResponse Artist, string? Genre, double? LengthSeconds, float Along, float Similarity)
{
    internal static SoundStepResponse From(int position, Track track, SoundStep step)
    {
        var described = TrackResponse.From(track);
        return new(position, described.Id, described.Title, described.Artist, described.Genre, described.LengthSeconds, step.Position, Math.Clamp(step.Similarity, 0, 1));
    }
}

/// <summary>The way from one song to another, both of them in it; shorter than asked for where there are too few tracks.</summary>
public sealed record SoundPathResponse(string ModelVersion, IReadOnlyList<SoundStepResponse> Tracks);

/// <summary>Tracks that seem to be one recording.</summary>
/// <param name="Tracks">At least two; similarities are those with the first.</param>
public sealed record DuplicateGroupResponse(IReadOnlyList<SoundMatchResponse> Tracks);

/// <param name="Groups">How many groups there are in all.</param>
/// <param name="Duplicates">Those from <c>offset</c> on.</param>
public sealed record DuplicatesResponse(string ModelVersion, int Groups, IReadOnlyList<DuplicateGroupResponse> Duplicates);

/// <summary>How unevenly tracks are spread over the lists of all others.</summary>
/// <param name="Skewness">About 0 to 1 without hubs, above 2 with strong ones.</param>
/// <param name="LargestShare">Share of all lists that the most frequent track is in.</param>
public sealed record HubsResponse(double Skewness, double LargestShare, int Neighbors, int Lists);

/// <summary>The sounds that are served.</summary>
/// <param name="Tracks">Tracks whose sound is known.</param>
/// <param name="Catalogue">Tracks of the catalogue.</param>
/// <param name="Hubs">Null where nobody measured.</param>
/// <param name="Bytes">Memory of the vectors.</param>
public sealed record SoundsResponse(string ModelVersion, int Tracks, int Catalogue, int Dimensions, long Bytes, bool HoldsHubsBack, HubsResponse? Hubs);

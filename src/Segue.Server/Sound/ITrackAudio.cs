using Segue.Core;

namespace Segue.Server.Sound;

/// <summary>Where the sound of tracks comes from. Safe for any number of threads.</summary>
public interface ITrackAudio
{
    /// <returns>Null where the track has no sound; else the caller disposes of its content.</returns>
    /// <exception cref="NoSoundException">It has, and it is not sent; the message says why.</exception>
    TrackAudio? Open(TrackId track);
}

/// <summary>The sound of one track, as it is sent.</summary>
/// <param name="Content">Can seek.</param>
/// <param name="ContentType">Such as audio/mpeg.</param>
/// <param name="Tag">Equal for equal content, and for nothing else of this track; no quotes.</param>
/// <param name="ChangedAt">Null where it is not known.</param>
public sealed record TrackAudio(Stream Content, string ContentType, string Tag, DateTimeOffset? ChangedAt);

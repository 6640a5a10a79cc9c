namespace Segue.Audio.Tags;

/// <summary>What a file says of itself. Every text is clean: one to 256 units of well-formed text without control characters, or null.</summary>
public sealed record AudioTags
{
    /// <summary>A file that says nothing.</summary>
    public static AudioTags None { get; } = new();

    public string? Title { get; init; }
    public string? Artist { get; init; }

    /// <summary>Whose album it is, where that is told apart from who plays the track.</summary>
    public string? AlbumArtist { get; init; }
    public string? Album { get; init; }

    /// <summary>Place on the disc, 1 to 9,999.</summary>
    public int? TrackNumber { get; init; }

    /// <summary>1 to 999.</summary>
    public int? DiscNumber { get; init; }

    /// <summary>Release; what is not told counts as the first: 1982 is 1982-01-01.</summary>
    public DateOnly? ReleasedOn { get; init; }

    /// <summary>Most telling first, each once; may be empty.</summary>
    public IReadOnlyList<string> Genres { get; init; } = [];

    /// <summary>MusicBrainz id of the recording, lower case.</summary>
    public string? RecordingMbid { get; init; }

    /// <summary>MusicBrainz id of the first artist, lower case.</summary>
    public string? ArtistMbid { get; init; }

    /// <summary>MusicBrainz id of the release, lower case: the same for all tracks of an album.</summary>
    public string? ReleaseMbid { get; init; }

    /// <summary>As it stands in the file.</summary>
    public string? Isrc { get; init; }

    /// <summary>Playing time as the container tells it; null where it does not, or not credibly.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Such as <c>vorbis</c>, by ffmpeg's names; null where nothing could be read.</summary>
    public string? Codec { get; init; }

    /// <summary>Replay gain of the track in dB, in [-51, 51].</summary>
    public double? TrackGain { get; init; }

    /// <summary>Replay gain of the album in dB, in [-51, 51].</summary>
    public double? AlbumGain { get; init; }
}

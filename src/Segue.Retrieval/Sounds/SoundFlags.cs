namespace Segue.Retrieval.Sounds;

/// <summary>What keeps a track out of a radio of songs.</summary>
[Flags]
public enum SoundFlags
{
    /// <summary>A song.</summary>
    None = 0,

    /// <summary>Longer than songs are: a mix, a concert, a chapter.</summary>
    Lengthy = 1,

    /// <summary>Mostly talk.</summary>
    Speech = 2,
}

/// <summary>When a track is flagged.</summary>
public sealed record SoundFlagOptions
{
    /// <summary>Tracks that last longer are flagged; positive.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Tracks whose likelihood of speech is above this are flagged, in [0, 1].</summary>
    public float SpeechAbove { get; init; } = 0.5f;

    /// <param name="duration">Zero where it is not known; then the track counts as no longer than others.</param>
    /// <param name="speech">Likelihood of speech in [0, 1]; null or NaN where nothing tells.</param>
    public SoundFlags Of(TimeSpan duration, float? speech)
        => (duration > Longest ? SoundFlags.Lengthy : SoundFlags.None) | (speech > SpeechAbove ? SoundFlags.Speech : SoundFlags.None);

    /// <summary>A filter for searches by sound: without tracks that carry a flag. Where the track that is asked about carries one itself, tracks of the same flags stay:
    /// who asks what sounds like a mix may be told of mixes.</summary>
    public static Func<int, bool> WithoutFlagged(Func<int, SoundFlags> flagsOf, int? askedAbout = null)
    {
        var allowed = askedAbout is { } track ? flagsOf(track) : SoundFlags.None;
        return other => (flagsOf(other) & ~allowed) == SoundFlags.None;
    }
}

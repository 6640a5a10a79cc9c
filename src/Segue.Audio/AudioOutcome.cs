namespace Segue.Audio;

/// <summary>What became of an audio file: every file has exactly one.</summary>
public enum AudioOutcome
{
    /// <summary>Its sound is known.</summary>
    Ok,

    /// <summary>It holds less sound than a song: see <see cref="AudioLimits.Shortest"/>.</summary>
    TooShort,

    /// <summary>It holds no sound louder than <see cref="AudioLimits.SilentBelow"/>.</summary>
    Silent,

    /// <summary>It is audio by its name or its first bytes, and cannot be decoded, or not within the limits.</summary>
    Corrupt,

    /// <summary>It is no audio, or audio in a form that no decoder here reads.</summary>
    Unsupported,
}

/// <summary>Bounds that all files are held to.</summary>
public static class AudioLimits
{
    /// <summary>Samples a second of everything after decoding.</summary>
    public const int SampleRate = 22_050;

    /// <summary>A file with less sound has no place among songs.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Root mean square of the loudest window below which a file is silent; 1 is full scale (−80 dB).</summary>
    public const float SilentBelow = 1e-4f;
}

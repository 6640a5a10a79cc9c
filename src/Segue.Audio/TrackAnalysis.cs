namespace Segue.Audio;

/// <summary>What listening to one file tells.</summary>
/// <param name="Fault">What is wrong, for the one who owns the file; null when <paramref name="Outcome"/> is <see cref="AudioOutcome.Ok"/>.</param>
/// <param name="Duration">Playing time; zero where it is not known.</param>
/// <param name="Features">Null unless <paramref name="Outcome"/> is <see cref="AudioOutcome.Ok"/>.</param>
public sealed record TrackAnalysis(AudioOutcome Outcome, string? Fault, TimeSpan Duration, TrackFeatures? Features);

/// <summary>What is kept of a track's sound: enough for any later model, without the file.</summary>
/// <param name="Descriptors">Descriptors in the layout of <c>SoundDescriptors</c>.</param>
/// <param name="Spectra">Log-mel windows, shape [windows × <see cref="FramesOfWindow"/> × <see cref="Bands"/>], one byte a value: round(31.875 · log10(1 + 10⁴·S)), at most 255.</param>
/// <param name="Layer">What a backbone made of the track (see <see cref="Embedding.Backbone"/>); null where none was asked.</param>
public sealed record TrackFeatures(float[] Descriptors, byte[] Spectra, float[]? Layer = null)
{
    /// <summary>Frames of a 10 s window: n_fft 2048, hop 1102, no centring.</summary>
    public const int FramesOfWindow = 199;

    /// <summary>Mel bands of a frame.</summary>
    public const int Bands = 128;

    /// <summary>Bytes of one window of <see cref="Spectra"/>.</summary>
    public const int WindowBytes = FramesOfWindow * Bands;

    /// <summary>Windows of <see cref="Spectra"/>.</summary>
    public int Windows => Spectra.Length / WindowBytes;
}

namespace Segue.Audio.Descriptors;

/// <summary>What can be said of a track's sound without any training: numbers in a fixed order, all finite.</summary>
/// <remarks>Layout, by first index: 0 timbre (60), 60 rhythm (60), 120 mean centroid, 121 its deviation, 122 rolloff, 123 flatness, 124 zero crossings,
/// 125 loudness range, 126 onset rate; 127 loudness, 128 tempo, 129 its strength, 130 chroma (12), 142 key, 143 mode (1 is major), 144 its strength,
/// 145 energy, 146 likeness of speech. The layout and what the numbers mean change with <see cref="Version"/> only.</remarks>
public sealed class SoundDescriptors
{
    /// <summary>Kept with stored descriptors; those of another version do not compare.</summary>
    public const int Version = 1;

    /// <summary>Numbers in all.</summary>
    public const int Length = SpeechAt + 1;

    /// <summary>Numbers of <see cref="BaseVector"/>.</summary>
    public const int BaseLength = TimbreLength + RhythmLength + ShapeLength;

    /// <summary>Cepstral coefficients.</summary>
    internal const int Coefficients = 20;

    internal const int TimbreLength = 3 * Coefficients, RhythmLength = 60, ShapeLength = 7;
    internal const int TimbreAt = 0, RhythmAt = TimbreAt + TimbreLength;
    internal const int CentroidAt = RhythmAt + RhythmLength, CentroidDeviationAt = CentroidAt + 1, RolloffAt = CentroidAt + 2;
    internal const int FlatnessAt = CentroidAt + 3, ZeroCrossingsAt = CentroidAt + 4, LoudnessRangeAt = CentroidAt + 5, OnsetRateAt = CentroidAt + 6;
    internal const int LoudnessAt = CentroidAt + ShapeLength, TempoAt = LoudnessAt + 1, TempoStrengthAt = LoudnessAt + 2;
    internal const int ChromaAt = LoudnessAt + 3, KeyAt = ChromaAt + 12, ModeAt = KeyAt + 1, KeyStrengthAt = KeyAt + 2, EnergyAt = KeyAt + 3, SpeechAt = KeyAt + 4;

    private const float RhythmWeight = 0.35f;

    private static readonly float[] Weights =
        [.. Enumerable.Range(0, BaseLength).Select(i => i is >= RhythmAt and < RhythmAt + RhythmLength ? RhythmWeight : 1)];

    private readonly float[] _values;

    /// <param name="values">Numbers in the layout above; copied.</param>
    /// <exception cref="ArgumentException">There are more or fewer than <see cref="Length"/>, or one is not finite.</exception>
    public SoundDescriptors(ReadOnlySpan<float> values)
    {
        if (values.Length != Length)
        {
            throw new ArgumentException($"Descriptors of version {Version} are {Length} numbers; {values.Length} were given.");
        }
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"Descriptor {i} is {values[i]}; it must be finite.");
            }
        }
        _values = values.ToArray();
    }

    /// <summary>All numbers.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>What tracks are compared by before any model is trained: timbre, rhythm, brightness, loudness range and onset rate.</summary>
    /// <remarks>Length <see cref="BaseLength"/>. Each number has its own unit: subtract a catalogue's mean, divide by its standard deviation, multiply
    /// by <see cref="BaseWeights"/>; then cosines compare.</remarks>
    public ReadOnlySpan<float> BaseVector => _values.AsSpan(TimbreAt, BaseLength);

    /// <summary>What the numbers of <see cref="BaseVector"/> count, once they have the same spread: rhythm 0.35, all else 1.</summary>
    public static ReadOnlySpan<float> BaseWeights => Weights;

    /// <summary>Twenty mel-frequency cepstral coefficients (orthonormal DCT of the bands of <c>SpectrogramOptions.Production</c>): their means, their
    /// standard deviations, and the deviations of their differences from frame to frame (50 ms).</summary>
    public ReadOnlySpan<float> Timbre => _values.AsSpan(TimbreAt, TimbreLength);

    /// <summary>How much the onsets of the track repeat after each of sixty lags, in [-1, 1]: from 0.04 to 4.8 s, each 8 % longer than the one before.</summary>
    public ReadOnlySpan<float> Rhythm => _values.AsSpan(RhythmAt, RhythmLength);

    /// <summary>Beats a minute, in [40, 240]; 0 where no pulse was found. Half or double of what a person would tap is common.</summary>
    public float Tempo => _values[TempoAt];

    /// <summary>How much the onsets repeat from beat to beat, in [0, 1].</summary>
    public float TempoStrength => _values[TempoStrengthAt];

    /// <summary>Integrated loudness in LUFS, in [-70, 10]: ITU-R BS.1770-4 for one channel, its weighting applied to spectra.</summary>
    public float Loudness => _values[LoudnessAt];

    /// <summary>Between soft and loud passages: 10th to 95th percentile of blocks of 0.4 s, in dB, at least 0.</summary>
    public float LoudnessRange => _values[LoudnessRangeAt];

    /// <summary>Mean of the power spectrum over frequency, in Hz; the mean over frames that are not silent.</summary>
    public float Centroid => _values[CentroidAt];

    /// <summary>Standard deviation of the frames' centroids, in Hz.</summary>
    public float CentroidDeviation => _values[CentroidDeviationAt];

    /// <summary>Frequency below which 85 % of a frame's power lies, in Hz; the mean over frames.</summary>
    public float Rolloff => _values[RolloffAt];

    /// <summary>Geometric by arithmetic mean of a frame's mel bands, in [0, 1]: near 0 a tone, near 1 noise.</summary>
    public float Flatness => _values[FlatnessAt];

    /// <summary>Share of neighboring samples of unlike sign, in [0, 1].</summary>
    public float ZeroCrossings => _values[ZeroCrossingsAt];

    /// <summary>Share of each pitch class, C first: sums to 1; all 0 where no tone was found.</summary>
    public ReadOnlySpan<float> Chroma => _values.AsSpan(ChromaAt, 12);

    /// <summary>Tonic: 0 is C, 11 is B.</summary>
    public int Key => (int)_values[KeyAt];

    public bool IsMajor => _values[ModeAt] > 0.5f;

    /// <summary>Correlation of the chroma with the profile of key and mode, in [-1, 1]; 0 where no tone was found.</summary>
    public float KeyStrength => _values[KeyStrengthAt];

    /// <summary>Onsets a second.</summary>
    public float OnsetRate => _values[OnsetRateAt];

    /// <summary>How lively the track is, in [0, 1].</summary>
    /// <remarks>0.5 · loudness from −40 to −6 LUFS, 0.3 · onset rate from 0 to 5 a second, 0.2 · centroid from 200 to 2,000 Hz,
    /// each cut to [0, 1].</remarks>
    public float Energy => _values[EnergyAt];

    /// <summary>How much the track is like speech, in [0, 1].</summary>
    /// <remarks>How far the level moves within a second, from 5 dB (0) to 9 dB (1), times the lack of a pulse, tempo strength from 0.4 (0) to 0.1 (1). Three recordings of speakers and five synthetic voices had 0.83
    /// to 1, 127 tracks of music at most 0.03. Not tried: speech over music, rap, drums without a pulse.</remarks>
    public float SpeechLikeness => _values[SpeechAt];
}

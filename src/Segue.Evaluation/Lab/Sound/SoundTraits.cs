using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>What a track's style decides of its sound: one number in (0, 1) for each dimension of the style, evenly spread over the tracks.</summary>
/// <remarks>
/// A dimension sounds as <see cref="LabNames"/> calls it, so that a track tagged "slow" is slow. Each number is Φ(4 · style + 0.35 · the artist's own + 0.2 · the track's own), by the
/// logistic curve 1 / (1 + e^(−1.7 x)) for Φ: of its variance before the curve, 1 : 0.12 : 0.04, six sevenths are style. So a listener with perfect ears, who undoes the curve,
/// knows six sevenths of the variance of each dimension; the rest is what the artist always does (an artist is recognized by it) and what this recording does.
/// A simple ear knows less: a ridge regression, tried on artists it has not heard, explains 0.20 of the variance of style from the mean energies of 20 bands, 0.31 with their deviations, 0.36 with
/// the self-likeness of the onsets (600 tracks, seed 1, mean of the 16 dimensions); tempo goes from 0.19 to 0.63, while scale and harmony stay below 0.2.
/// </remarks>
internal sealed class SoundTraits
{
    private const float ArtistShare = 0.35f, TrackShare = 0.2f;

    private readonly float[] _values = new float[LabStyles.Dimensions];

    public SoundTraits(ReadOnlySpan<float> style, ref SeededRandom artist, ref SeededRandom track)
    {
        var scale = MathF.Sqrt(LabStyles.Dimensions);   // a component of a unit vector has this deviation's inverse
        for (var i = 0; i < _values.Length; i++)
        {
            var x = scale * style[i] + ArtistShare * (float)artist.NextNormal() + TrackShare * (float)track.NextNormal();
            _values[i] = 1 / (1 + MathF.Exp(-1.7f * x));
        }
    }

    /// <summary>Density of drums and plucked notes.</summary>
    public float Energetic => _values[0];

    /// <summary>From plucked strings that die away to odd harmonics that are held.</summary>
    public float Electronic => _values[1];

    /// <summary>How much the melody stands out, has formants and vibrato.</summary>
    public float Vocal => _values[2];

    /// <summary>How slowly harmonics fall.</summary>
    public float Bright => _values[3];

    /// <summary>Tempo.</summary>
    public float Fast => _values[4];

    /// <summary>Against distortion and hiss.</summary>
    public float Polished => _values[5];

    /// <summary>Voices of a chord, and the level of the chords.</summary>
    public float Lush => _values[6];

    /// <summary>The scale, from Phrygian to Lydian.</summary>
    public float Happy => _values[7];

    /// <summary>From long reverberation, slow attacks and a held bass to none of them.</summary>
    public float Driving => _values[8];

    /// <summary>Against the fundamental.</summary>
    public float Cold => _values[9];

    /// <summary>Sevenths, distant chords, leaps in the melody.</summary>
    public float Complex => _values[10];

    /// <summary>How even accents are, and how loud the drums.</summary>
    public float Loud => _values[11];

    /// <summary>From a swinging beat to a straight one with more kicks.</summary>
    public float Urban => _values[12];

    /// <summary>Octaves that chords and melody reach.</summary>
    public float Anthemic => _values[13];

    /// <summary>Bandwidth.</summary>
    public float Modern => _values[14];

    /// <summary>Hits between the beats.</summary>
    public float Syncopated => _values[15];
}

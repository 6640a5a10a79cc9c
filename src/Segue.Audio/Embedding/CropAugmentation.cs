using Segue.Audio.Spectra;
using Segue.Numerics;

namespace Segue.Audio.Embedding;

/// <summary>Makes a window sound as if it had been mastered, equalized and tuned a little differently: what a track is must not hang on it.</summary>
/// <remarks>A change of level by δ in log10 S moves v = log10(1 + 10⁴·S) by (1 − 10⁻ᵛ)·δ, to first order.</remarks>
internal sealed class CropAugmentation(SpectrumScale scale)
{
    private const double GainDeviation = 0.25;   // log10 of power: 2.5 dB
    private const double TiltDeviation = 0.25;   // from the lowest band to the highest
    private const int Roll = 3;                  // bands
    private const int LongestMask = 16;          // bands

    private readonly float[] _values = [.. Enumerable.Range(0, 256).Select(value => value / SpectrumBytes.Scale)];
    private readonly float[] _slopes = [.. Enumerable.Range(0, 256).Select(value => 1 - MathF.Pow(10, -value / SpectrumBytes.Scale))];

    /// <param name="window">Bytes of whole frames.</param>
    /// <param name="crop">As many values, as a network sees them.</param>
    public void Apply(ReadOnlySpan<byte> window, Span<float> crop, ref SeededRandom random)
    {
        const int Bands = TrackFeatures.Bands;
        var (gain, tilt) = (GainDeviation * random.NextNormal(), TiltDeviation * random.NextNormal());
        var roll = random.NextInt(2 * Roll + 1) - Roll;
        var (masked, mask) = (random.NextInt(LongestMask + 1), random.NextInt(Bands - LongestMask));
        Span<float> levels = stackalloc float[Bands];
        for (var band = 0; band < Bands; band++)
        {
            levels[band] = (float)(gain + tilt * (band / (Bands - 1.0) - 0.5));
        }
        for (var at = 0; at < window.Length; at += Bands)
        {
            for (var band = 0; band < Bands; band++)
            {
                var from = window[at + Math.Clamp(band + roll, 0, Bands - 1)];
                crop[at + band] = band >= mask && band < mask + masked
                    ? 0   // the mean of the band
                    : (Math.Max(0, _values[from] + _slopes[from] * levels[band]) - scale.Means[band]) / scale.Deviation;
            }
        }
    }
}

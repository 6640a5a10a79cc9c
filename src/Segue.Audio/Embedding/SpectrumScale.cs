using Segue.Audio.Spectra;
using Segue.Numerics;

namespace Segue.Audio.Embedding;

/// <summary>What networks see of a window: its log-mel values less the mean of their band, over one deviation for all. Immutable.</summary>
/// <param name="Means">Mean of each band in log10(1 + 10⁴·S), length <see cref="TrackFeatures.Bands"/>.</param>
/// <param name="Deviation">Root mean square about those means; above 0.</param>
public sealed record SpectrumScale(float[] Means, float Deviation)
{
    /// <summary>Measures the windows of some tracks.</summary>
    /// <param name="windows">Each <see cref="TrackFeatures.WindowBytes"/> long.</param>
    public static SpectrumScale Measure(IEnumerable<ReadOnlyMemory<byte>> windows)
    {
        var (sums, squares, frames) = (new long[TrackFeatures.Bands], new long[TrackFeatures.Bands], 0L);
        foreach (var window in windows)
        {
            var bytes = window.Span;
            for (var at = 0; at < bytes.Length; at += TrackFeatures.Bands)
            {
                for (var band = 0; band < TrackFeatures.Bands; band++)
                {
                    sums[band] += bytes[at + band];
                    squares[band] += bytes[at + band] * bytes[at + band];
                }
                frames++;
            }
        }
        var count = Math.Max(1, frames);
        var variance = Enumerable.Range(0, TrackFeatures.Bands).Average(band => (double)squares[band] / count - (double)sums[band] / count * sums[band] / count);
        return new(Array.ConvertAll(sums, sum => sum / (float)count / SpectrumBytes.Scale), (float)Math.Max(1e-3, Math.Sqrt(variance) / SpectrumBytes.Scale));
    }

    /// <summary>A window as a network sees it.</summary>
    /// <param name="window">Bytes of whole frames.</param>
    /// <param name="crop">As many values.</param>
    public void Apply(ReadOnlySpan<byte> window, Span<float> crop)
    {
        Shape.RequireSame(window.Length, crop.Length);
        var table = Table();
        for (var at = 0; at < window.Length; at += TrackFeatures.Bands)
        {
            for (var band = 0; band < TrackFeatures.Bands; band++)
            {
                crop[at + band] = table[window[at + band]] - Means[band] / Deviation;
            }
        }
    }

    private float[] Table() => [.. Enumerable.Range(0, 256).Select(value => value / SpectrumBytes.Scale / Deviation)];
}

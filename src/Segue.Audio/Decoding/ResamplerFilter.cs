using System.Collections.Concurrent;

namespace Segue.Audio.Decoding;

/// <summary>The low-pass of <see cref="Resampler"/>: a sinc under a Kaiser window, sampled at a number of phases.</summary>
/// <remarks>Kaiser, "Nonrecursive digital filter design using the I₀-sinh window function", 1974.</remarks>
internal sealed class ResamplerFilter
{
    /// <summary>Decibels by which the stop band is lowered.</summary>
    public const double StopBand = 90;

    /// <summary>Where the pass band ends, and where the stop band begins, in hertz of an output at <see cref="AudioLimits.SampleRate"/>.</summary>
    public const double PassHertz = 9_750, StopHertz = 11_025;

    /// <summary>Phases at most; between them filters are interpolated, which adds less than −100 dB.</summary>
    public const int MaxPhases = 512;

    private const int MostKept = 16;
    private static readonly ConcurrentDictionary<int, ResamplerFilter> Kept = new();

    /// <param name="rate">Samples a second of the input.</param>
    /// <param name="steps">L, the output's share of the ratio L / M.</param>
    public ResamplerFilter(int rate, int steps)
    {
        IsInterpolated = steps > MaxPhases;
        Phases = IsInterpolated ? MaxPhases : steps;
        var scale = Math.Min(1.0, (double)rate / AudioLimits.SampleRate);   // a slower input holds nothing above its own half
        var transition = 2 * Math.PI * (StopHertz - PassHertz) * scale / rate;
        var length = (StopBand - 7.95) / (2.285 * transition) + 1;
        Length = (int)Math.Ceiling(length / ResamplerKernel.Parts) * ResamplerKernel.Parts;
        Cutoff = (PassHertz + StopHertz) * scale / rate;   // 2·f_c / f_s
        var rows = IsInterpolated ? Phases + 1 : Phases;
        Taps = new float[rows * Length];
        var row = new double[Length];
        for (var phase = 0; phase < rows; phase++)
        {
            Fill(row, (double)phase / Phases);
            for (var k = 0; k < Length; k++)
            {
                Taps[phase * Length + k] = (float)row[k];
            }
        }
    }

    /// <summary>The filter for a rate; those of the first few rates are kept, since a library has few.</summary>
    public static ResamplerFilter For(int rate, int steps)
    {
        if (Kept.TryGetValue(rate, out var kept))
        {
            return kept;
        }
        var made = new ResamplerFilter(rate, steps);
        return Kept.Count < MostKept ? Kept.GetOrAdd(rate, made) : made;
    }

    /// <summary>Taps of a phase, a multiple of 16.</summary>
    public int Length { get; }

    public int Phases { get; }

    /// <summary>Whether outputs lie between phases; one phase more than <see cref="Phases"/> is then there.</summary>
    public bool IsInterpolated { get; }

    /// <summary>Shape [phases × <see cref="Length"/>]; every row adds up to 1. Tap k of phase φ weighs the input k − <see cref="Before"/> behind the one at or before the output, which lies φ behind that one.</summary>
    public float[] Taps { get; }

    /// <summary>Inputs needed before the one at or before an output.</summary>
    public int Before => Length / 2 - 1;

    private double Cutoff { get; }

    /// <summary>The filter for an output that lies <paramref name="fraction"/> of a sample behind an input.</summary>
    public void Fill(Span<double> row, double fraction)
    {
        const double Beta = 0.1102 * (StopBand - 8.7);
        var peak = Bessel(Beta);
        var sum = 0.0;
        for (var k = 0; k < Length; k++)
        {
            var time = k - Before - fraction;
            var edge = 2 * time / Length;
            var window = Math.Abs(edge) >= 1 ? 0 : Bessel(Beta * Math.Sqrt(1 - edge * edge)) / peak;
            var angle = Math.PI * Cutoff * time;
            sum += row[k] = (angle == 0 ? 1 : Math.Sin(angle) / angle) * window;
        }
        for (var k = 0; k < Length; k++)
        {
            row[k] /= sum;
        }
    }

    // The modified Bessel function I₀, by its series.
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-16 * sum; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }
}

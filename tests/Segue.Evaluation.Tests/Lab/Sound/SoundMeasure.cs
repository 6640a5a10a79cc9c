namespace Segue.Evaluation.Tests.Lab.Sound;

/// <summary>A plain ear: energies of bands and the rhythm of their rises, computed as the textbook says.</summary>
internal static class SoundMeasure
{
    private const int Window = 1024, Bands = 20, SampleRate = 22_050;

    /// <summary>Mean and deviation of the log energy of each band, then how alike the onsets are to themselves at 40 lags.</summary>
    public static double[] Describe(float[] samples)
    {
        var bands = LogBands(samples, 512);
        var onsets = Onsets(bands);
        double[] spectrum =
        [
            .. Enumerable.Range(0, Bands).Select(band => bands.Average(frame => frame[band])),
            .. Enumerable.Range(0, Bands).Select(band => Deviation([.. bands.Select(frame => frame[band])])),
        ];
        return [.. spectrum, .. Enumerable.Range(4, 40).Select(lag => Likeness(onsets, lag))];
    }

    /// <summary>The tempo within 30 % of a guess at which the onsets are most like themselves, two and four beats later as well.</summary>
    public static double Tempo(float[] samples, double guess)
    {
        const int hop = 256;
        var onsets = Onsets(LogBands(samples, hop));
        return Enumerable.Range(-150, 301).Select(step => guess * Math.Pow(1.3, step / 150.0))
            .MaxBy(tempo => new[] { 1, 2, 4 }.Sum(beats => Likeness(onsets, 60 / tempo * beats * SampleRate / hop)));
    }

    private static double Likeness(double[] onsets, double lag)
    {
        var whole = (int)Math.Round(lag);
        double sum = 0;
        for (var n = whole; n < onsets.Length; n++)
        {
            sum += onsets[n] * onsets[n - whole];
        }
        return sum / (onsets.Length - whole) / (onsets.Sum(onset => onset * onset) / onsets.Length + 1e-12);
    }

    // By how much all bands rise, less its mean, smoothed over three frames.
    private static double[] Onsets(List<double[]> bands)
    {
        var rises = Enumerable.Range(1, bands.Count - 1)
            .Select(n => Enumerable.Range(0, Bands).Sum(band => Math.Max(0, bands[n][band] - bands[n - 1][band]))).ToArray();
        var mean = rises.Average();
        return [.. Enumerable.Range(1, rises.Length - 2).Select(n => (rises[n - 1] + rises[n] + rises[n + 1]) / 3 - mean)];
    }

    private static List<double[]> LogBands(float[] samples, int hop)
    {
        var frames = new List<double[]>();
        var (real, imaginary) = (new double[Window], new double[Window]);
        var weights = Enumerable.Range(0, Window).Select(n => 0.5 - 0.5 * Math.Cos(2 * Math.PI * n / Window)).ToArray();
        for (var from = 0; from + Window <= samples.Length; from += hop)
        {
            for (var n = 0; n < Window; n++)
            {
                (real[n], imaginary[n]) = (samples[from + n] * weights[n], 0);
            }
            Transform(real, imaginary);
            var bands = new double[Bands];
            for (var bin = 2; bin < Window / 2; bin++)
            {
                bands[(int)(Bands * Math.Log(bin / 2.0) / Math.Log(Window / 4.0))] += real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
            }
            frames.Add([.. bands.Select(energy => Math.Log10(1 + 100 * energy))]);
        }
        return frames;
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    // Cooley and Tukey's transform, radix 2, in place.
    private static void Transform(double[] real, double[] imaginary)
    {
        for (int i = 1, j = 0; i < Window; i++)
        {
            var bit = Window >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }
            j ^= bit;
            if (i < j)
            {
                (real[i], real[j], imaginary[i], imaginary[j]) = (real[j], real[i], imaginary[j], imaginary[i]);
            }
        }
        for (var size = 2; size <= Window; size <<= 1)
        {
            var (stepReal, stepImaginary) = (Math.Cos(2 * Math.PI / size), -Math.Sin(2 * Math.PI / size));
            for (var from = 0; from < Window; from += size)
            {
                var (turnReal, turnImaginary) = (1.0, 0.0);
                for (var k = from; k < from + size / 2; k++)
                {
                    var other = k + size / 2;
                    var (oddReal, oddImaginary) = (real[other] * turnReal - imaginary[other] * turnImaginary, real[other] * turnImaginary + imaginary[other] * turnReal);
                    (real[other], imaginary[other]) = (real[k] - oddReal, imaginary[k] - oddImaginary);
                    (real[k], imaginary[k]) = (real[k] + oddReal, imaginary[k] + oddImaginary);
                    (turnReal, turnImaginary) = (turnReal * stepReal - turnImaginary * stepImaginary, turnReal * stepImaginary + turnImaginary * stepReal);
                }
            }
        }
    }
}

namespace Segue.Audio.Spectra;

/// <summary>Triangular filters, evenly spaced in mel.</summary>
internal static class MelFilters
{
    private const double LinearHertz = 200.0 / 3, LogarithmicFrom = 1_000;
    private static readonly double LogarithmicStep = Math.Log(6.4) / 27;

    /// <summary>Shape [bands × (FFT length / 2 + 1)].</summary>
    public static BandedRows Create(SpectrogramOptions options)
    {
        var (lowest, highest) = (ToMel(options.Lowest, options.Scale), ToMel(options.Highest, options.Scale));
        var corners = new double[options.Bands + 2];
        for (var i = 0; i < corners.Length; i++)
        {
            corners[i] = ToHertz(lowest + (highest - lowest) * i / (options.Bands + 1), options.Scale);
        }
        return BandedRows.Create(options.Bands, options.FftLength / 2 + 1, (band, bin) =>
        {
            var (left, peak, right) = (corners[band], corners[band + 1], corners[band + 2]);
            var hertz = (double)bin * options.SampleRate / options.FftLength;
            var height = Math.Max(0, Math.Min((hertz - left) / (peak - left), (right - hertz) / (right - peak)));
            return options.Norm == MelNorm.Slaney ? height * 2 / (right - left) : height;
        });
    }

    public static double ToMel(double hertz, MelScale scale)
        => scale == MelScale.Htk ? 2595 * Math.Log10(1 + hertz / 700)
            : hertz < LogarithmicFrom ? hertz / LinearHertz
            : LogarithmicFrom / LinearHertz + Math.Log(hertz / LogarithmicFrom) / LogarithmicStep;

    public static double ToHertz(double mel, MelScale scale)
        => scale == MelScale.Htk ? 700 * (Math.Pow(10, mel / 2595) - 1)
            : mel < LogarithmicFrom / LinearHertz ? mel * LinearHertz
            : LogarithmicFrom * Math.Exp((mel - LogarithmicFrom / LinearHertz) * LogarithmicStep);
}

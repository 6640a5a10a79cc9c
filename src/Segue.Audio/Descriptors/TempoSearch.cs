namespace Segue.Audio.Descriptors;

/// <summary>The beat that explains an autocorrelation of onsets best.</summary>
internal static class TempoSearch
{
    public const float Slowest = 40, Fastest = 240;

    private const int Steps = 720, Multiples = 4, Around = 2;

    // People tap near two beats a second (Moelants, "Preferred Tempo Reconsidered", ICMPC 2002); octaves.
    private const double Preferred = 120, PreferenceWidth = 0.9;

    // Autocorrelation of noise stays below.
    private const float LeastStrength = 0.05f;

    /// <summary>Beats a minute, and the mean autocorrelation after one to four beats; (0, 0) where nothing repeats.</summary>
    /// <param name="correlation">By lag in frames of <see cref="OnsetRhythm.Rate"/>.</param>
    public static (float Tempo, float Strength) Find(ReadOnlySpan<float> correlation)
    {
        var (tempo, strength, best) = (0f, 0f, 0.0);
        for (var step = 0; step <= Steps; step++)
        {
            var beats = Slowest * MathF.Pow(Fastest / Slowest, step / (float)Steps);
            var mean = MeanOverBeats(correlation, 60f * OnsetRhythm.Rate / beats);
            var octaves = Math.Log2(beats / Preferred) / PreferenceWidth;
            var score = mean * Math.Exp(-0.5 * octaves * octaves);
            if (mean >= LeastStrength && score > best)
            {
                (tempo, strength, best) = (beats, Math.Min(1, mean), score);
            }
        }
        return (tempo > 0 ? Refined(correlation, tempo) : 0, strength);
    }

    // The longest multiple of a beat tells its length best: its peak, placed between lags by a parabola.
    private static float Refined(ReadOnlySpan<float> correlation, float tempo)
    {
        var beat = 60f * OnsetRhythm.Rate / tempo;
        var multiple = Math.Min(Multiples, (int)((correlation.Length - 1 - Around) / beat));
        var near = (int)MathF.Round(multiple * beat);
        var peak = near;
        for (var lag = near - Around; lag <= near + Around; lag++)
        {
            peak = correlation[lag] > correlation[peak] ? lag : peak;
        }
        if (peak + 1 >= correlation.Length)
        {
            return tempo;
        }
        float before = correlation[peak - 1] - correlation[peak], after = correlation[peak + 1] - correlation[peak];
        var shift = before < 0 && after < 0 ? 0.5f * (before - after) / (before + after) : 0;
        return Math.Clamp(60f * OnsetRhythm.Rate * multiple / (peak + shift), Slowest, Fastest);
    }

    private static float MeanOverBeats(ReadOnlySpan<float> correlation, float beat)
    {
        var (sum, count) = (0f, 0);
        for (; count < Multiples && (count + 1) * beat <= correlation.Length - 1; count++)
        {
            sum += OnsetRhythm.At(correlation, (count + 1) * beat);
        }
        return count == 0 ? 0 : sum / count;
    }
}

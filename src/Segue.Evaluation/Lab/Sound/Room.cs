using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>Reverberation: four combs side by side, then two all-passes, as in Schroeder, "Natural Sounding Artificial Reverberation", 1962.</summary>
/// <remarks>Delays are longer than a vector, so each stage is a few vector operations a sample.</remarks>
internal static class Room
{
    private static readonly double[] CombSeconds = [0.0297, 0.0371, 0.0411, 0.0437];
    private static readonly double[] PassSeconds = [0.0050, 0.0017];

    /// <summary>target ← target + level · the reverberation of <paramref name="source"/>.</summary>
    /// <param name="decay">Seconds in which it falls by 60 dB; positive.</param>
    /// <param name="size">Scales all delays, 0.5 to 1.5.</param>
    public static void Add(Span<float> target, ReadOnlySpan<float> source, float level, double decay, double size)
    {
        using var rentedSum = new RentedSamples(source.Length);
        using var rentedComb = new RentedSamples(source.Length);
        var sum = rentedSum.Span;
        var comb = rentedComb.Span;
        foreach (var seconds in CombSeconds)
        {
            var delay = Delay(seconds * size);
            var gain = (float)Math.Pow(10, -3 * seconds * size / decay);
            source.CopyTo(comb);
            AddDelayed(comb, comb, delay, gain);
            Vectors.AddScaled(sum, comb, 0.25f);
        }
        foreach (var seconds in PassSeconds)
        {
            sum.CopyTo(comb);
            AllPass(comb, sum, Delay(seconds * size), 0.6f);
        }
        Vectors.AddScaled(target, sum, level);
    }

    private static int Delay(double seconds) => (int)(seconds * LabSound.SampleRate);

    // y[n] = −g x[n] + x[n − D] + g y[n − D]
    private static void AllPass(ReadOnlySpan<float> input, Span<float> output, int delay, float gain)
    {
        output.Clear();
        Vectors.AddScaled(output, input, -gain);
        AddDelayed(output, input, delay, 1);
        AddDelayed(output, output, delay, gain);
    }

    // target[n] += gain · source[n − delay]; both may be one, since a stretch reads only what the one before it finished.
    private static void AddDelayed(Span<float> target, ReadOnlySpan<float> source, int delay, float gain)
    {
        for (var from = delay; from < target.Length; from += delay)
        {
            var count = Math.Min(delay, target.Length - from);
            Vectors.AddScaled(target.Slice(from, count), source.Slice(from - delay, count), gain);
        }
    }
}

using System.Numerics;
using System.Runtime.InteropServices;
using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>What is done to a finished mix: distortion, bandwidth, level, and a limit that nothing passes.</summary>
internal static class Mastering
{
    /// <summary>x ← the curve that is straight about 0 and bends to ±1 at ±3, of drive · x.</summary>
    /// <remarks>x (27 + x²) / (27 + 9 x²): the Padé approximation of tanh.</remarks>
    public static void Saturate(Span<float> samples, float drive)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var (scale, low, high) = (new Vector<float>(drive), new Vector<float>(-3), new Vector<float>(3));
        for (var i = 0; i < vectors.Length; i++)
        {
            var x = Vector.Min(Vector.Max(vectors[i] * scale, low), high);
            var square = x * x;
            vectors[i] = x * (new Vector<float>(27) + square) / (new Vector<float>(27) + square * 9);
        }
        foreach (ref var sample in samples[(vectors.Length * Vector<float>.Count)..])
        {
            var x = Math.Clamp(sample * drive, -3, 3);
            sample = x * (27 + x * x) / (27 + 9 * x * x);
        }
    }

    /// <summary>Two low-passes of the first order in a row.</summary>
    /// <param name="cutoff">Hz at which each has fallen by 3 dB.</param>
    public static void LowPass(Span<float> samples, float cutoff)
    {
        var share = 1 - MathF.Exp(-2 * MathF.PI * cutoff / LabSound.SampleRate);
        var (first, second) = (0f, 0f);
        foreach (ref var sample in samples)
        {
            first += share * (sample - first);
            second += share * (first - second);
            sample = second;
        }
    }

    /// <summary>Scales to a root mean square; silence stays silence.</summary>
    public static void SetLevel(Span<float> samples, float level)
    {
        var root = MathF.Sqrt(Vectors.Dot(samples, samples) / samples.Length);
        if (root > 0)
        {
            Vectors.AddScaled(samples, samples, level / root - 1);
        }
    }
}

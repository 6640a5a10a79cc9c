namespace Segue.Audio.Tests;

/// <summary>Sounds whose answers are known: mono, 22,050 samples a second.</summary>
internal static class TestSignals
{
    public const int Rate = AudioLimits.SampleRate;

    /// <summary>0.7 s: 440 Hz, a tone that rises from 200 Hz, noise of a linear congruence, and 0.05 s of silence.</summary>
    public static float[] ToneChirpNoiseAndSilence()
    {
        var state = 12345u;
        var samples = new float[15_435];
        for (var i = 0; i < samples.Length; i++)
        {
            state = unchecked(1664525 * state + 1013904223);
            var t = i / (double)Rate;
            samples[i] = i is >= 8_000 and < 9_102 ? 0
                : (float)(0.4 * Math.Sin(2 * Math.PI * 440 * t) + 0.3 * Math.Sin(2 * Math.PI * (200 * t + 5_000 * t * t)) + 0.05 * (state / 2147483648.0 - 1));
        }
        return samples;
    }

    /// <summary>Uniform in ±<paramref name="amplitude"/>.</summary>
    public static float[] Noise(double seconds, double amplitude, ulong seed = 1)
    {
        var random = new Numerics.SeededRandom(seed);
        return Make(seconds, _ => amplitude * (2 * random.NextDouble() - 1));
    }

    public static float[] Tone(double seconds, double hertz, double amplitude = 0.5) => Make(seconds, t => amplitude * Math.Sin(2 * Math.PI * hertz * t));

    /// <summary>Short bursts of noise at a steady pace.</summary>
    public static float[] Clicks(double seconds, double beatsPerMinute)
    {
        var noise = Noise(seconds, 1);
        var beat = 60 / beatsPerMinute;
        return [.. noise.Select((value, i) => (float)(value * 0.8 * Math.Exp(-(i / (double)Rate % beat) / 0.01)))];
    }

    /// <summary>Chords in a row, each for an equal share of the time; a note is a MIDI number, with four harmonics.</summary>
    public static float[] Chords(double seconds, int[][] chords)
    {
        var samples = new float[(int)Math.Round(seconds * Rate)];
        var length = samples.Length / chords.Length;
        for (var chord = 0; chord < chords.Length; chord++)
        {
            foreach (var note in chords[chord])
            {
                var turn = 2 * Math.PI * 440 * Math.Pow(2, (note - 69) / 12.0) / Rate;
                for (var i = chord * length; i < (chord + 1) * length; i++)
                {
                    samples[i] += (float)(0.1 * (Math.Sin(turn * i) + Math.Sin(2 * turn * i) / 4 + Math.Sin(3 * turn * i) / 9 + Math.Sin(4 * turn * i) / 16));
                }
            }
        }
        return samples;
    }

    public static float[] Make(double seconds, Func<double, double> sound)
        => [.. Enumerable.Range(0, (int)Math.Round(seconds * Rate)).Select(i => (float)sound(i / (double)Rate))];
}

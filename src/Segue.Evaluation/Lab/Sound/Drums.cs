using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>The drums of a track, each one sound that is struck louder or softer.</summary>
internal sealed class Drums
{
    public Drums(SoundTraits traits, ref SeededRandom artist)
    {
        var pitch = 46 + 14 * artist.NextDouble();
        var body = 170 + 60 * artist.NextDouble();
        Kick = CreateKick(pitch, 0.09f + 0.12f * traits.Electronic);
        Snare = CreateSnare(body, 0.05f + 0.07f * (1 - traits.Electronic), 0.4f + 0.5f * traits.Bright, ref artist);
        Hat = CreateHat(0.012f + 0.05f * traits.Modern, ref artist);
    }

    public float[] Kick { get; }
    public float[] Snare { get; }
    public float[] Hat { get; }

    /// <summary>White noise of deviation about 0.58, evenly spread in [-1, 1).</summary>
    public static float[] Noise(int length, ref SeededRandom random)
    {
        var noise = new float[length];
        var state = (uint)random.NextUInt64() | 1;
        for (var i = 0; i < length; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            noise[i] = (int)state * (1f / 2147483648f);
        }
        return noise;
    }

    // A tone that falls from six times its pitch within some hundredths of a second.
    private static float[] CreateKick(double pitch, float decay)
    {
        var kick = new float[Samples(4 * decay)];
        var (phase, level, bend) = (0u, 1f, 5f);
        var (fall, unbend) = (Timbre.Fall(decay), Timbre.Fall(0.018f));
        for (var i = 0; i < kick.Length; i++)
        {
            kick[i] = level * Timbre.SineOf(phase);
            phase += Timbre.PhaseStep(pitch * (1 + bend));
            (level, bend) = (level * fall, bend * unbend);
        }
        return kick;
    }

    private static float[] CreateSnare(double body, float decay, float rattle, ref SeededRandom random)
    {
        var snare = Noise(Samples(5 * decay), ref random);
        var (phase, level, last) = (0u, 1f, 0f);
        var fall = Timbre.Fall(decay);
        for (var i = 0; i < snare.Length; i++)
        {
            var noise = snare[i];
            snare[i] = level * (rattle * (noise - 0.7f * last) + 0.6f * Timbre.SineOf(phase));
            phase += Timbre.PhaseStep(body);
            (level, last) = (level * fall, noise);
        }
        return snare;
    }

    // Noise, differenced twice: little is left below 5 kHz.
    private static float[] CreateHat(float decay, ref SeededRandom random)
    {
        var hat = Noise(Samples(5 * decay), ref random);
        var (level, last, before) = (1f, 0f, 0f);
        var fall = Timbre.Fall(decay);
        for (var i = 0; i < hat.Length; i++)
        {
            var noise = hat[i];
            hat[i] = level * 0.4f * (noise - 2 * last + before);
            (before, last, level) = (last, noise, level * fall);
        }
        return hat;
    }

    private static int Samples(float seconds) => (int)(seconds * LabSound.SampleRate);
}

using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>Plays a score: instruments and drums into two buses, one of which reverberates, then the master.</summary>
internal sealed class LoopRenderer
{
    /// <summary>The end of the loop is heard before its beginning, so that reverberation and filters run on over the seam.</summary>
    private const int Lead = LabSound.SampleRate;

    private readonly SoundTraits _traits;
    private readonly SoundScore _score;
    private readonly float[] _dry, _room, _scratch;

    public LoopRenderer(SoundTraits traits, SoundScore score)
    {
        (_traits, _score) = (traits, score);
        (_dry, _room) = (new float[score.Length], new float[score.Length]);
        _scratch = new float[score.Length];
    }

    /// <param name="level">Root mean square of the result before its peaks are rounded off.</param>
    /// <returns>Samples within ±1 whose end joins their beginning.</returns>
    public float[] Render(float level, ref SeededRandom artist)
    {
        var voices = new Instruments(_traits, ref artist);
        var drums = new Drums(_traits, ref artist);
        var size = 0.6 + 0.8 * artist.NextDouble();
        Play(_score.Chords, voices.Chords, voices.ChordEnvelope, 0.05f + 0.13f * _traits.Lush, _room);
        Play(_score.Plucks, voices.Plucks, voices.PluckEnvelope, 0.16f + 0.12f * _traits.Energetic, _room);
        Play(_score.Melody, voices.Melody, voices.MelodyEnvelope, 0.10f + 0.22f * _traits.Vocal, _room);
        Play(_score.Bass, voices.Bass, voices.BassEnvelope, 0.34f, _dry);
        var loudness = 0.35f + 0.65f * (0.5f * _traits.Loud + 0.5f * _traits.Energetic);
        Strike(_score.Kicks, drums.Kick, 0.9f * loudness, _dry);
        Strike(_score.Snares, drums.Snare, 0.55f * loudness, _room);
        Strike(_score.Hats, drums.Hat, 0.30f * loudness, _dry);
        Hiss(0.06f * (1 - _traits.Polished) * (1 - _traits.Polished), ref artist);
        return Master(level, size);
    }

    private void Play(List<Note> notes, Timbre timbre, in Envelope envelope, float gain, float[] bus)
    {
        foreach (var note in notes)
        {
            var sound = _scratch.AsSpan(0, Math.Min(_scratch.Length, Timbre.LengthOf(note, envelope)));
            timbre.Play(note, envelope, sound);
            Mix(sound, note.Start, gain, bus);
        }
    }

    private static void Strike(List<Hit> hits, float[] drum, float gain, float[] bus)
    {
        foreach (var hit in hits)
        {
            Mix(drum, hit.Start, gain * hit.Velocity, bus);
        }
    }

    // What reaches beyond the end sounds at the beginning.
    private static void Mix(ReadOnlySpan<float> sound, int start, float gain, Span<float> bus)
    {
        var before = Math.Min(sound.Length, bus.Length - start);
        Vectors.AddScaled(bus.Slice(start, before), sound[..before], gain);
        Vectors.AddScaled(bus[..(sound.Length - before)], sound[before..], gain);
    }

    private void Hiss(float gain, ref SeededRandom artist)
    {
        var noise = Drums.Noise(1 << 15, ref artist);
        for (var from = 0; from < _dry.Length; from += noise.Length)
        {
            var count = Math.Min(noise.Length, _dry.Length - from);
            Vectors.AddScaled(_dry.AsSpan(from, count), noise.AsSpan(0, count), gain);
        }
    }

    private float[] Master(float level, double size)
    {
        var dreamy = 1 - _traits.Driving;
        var (mix, send) = (Unroll(_dry), Unroll(_room));
        Vectors.AddScaled(mix, send, 1);
        Room.Add(mix, send, 0.1f + 0.7f * dreamy, 0.35 + 2.4 * dreamy * (0.5 + 0.5 * _traits.Lush), size);
        Mastering.SetLevel(mix, 0.2f);
        var raw = 1 - _traits.Polished;
        Mastering.Saturate(mix, 1 + 7 * raw * raw);
        Mastering.LowPass(mix, 2_600 * MathF.Pow(4.2f, _traits.Modern));
        var loop = mix[Lead..];
        Mastering.SetLevel(loop, level);
        Mastering.Saturate(loop, 1);
        return loop;
    }

    private static float[] Unroll(float[] loop)
    {
        var unrolled = GC.AllocateUninitializedArray<float>(Lead + loop.Length);
        loop.AsSpan(loop.Length - Lead).CopyTo(unrolled);
        loop.CopyTo(unrolled, Lead);
        return unrolled;
    }
}

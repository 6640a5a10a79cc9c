using Segue.Numerics;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>Plays a score: instruments and drums into two buses, one of which reverberates, then the master.</summary>
internal static class LoopRenderer
{
    /// <summary>The end of the loop is heard before its beginning, so that reverberation and filters run on over the seam.</summary>
    private const int Lead = LabSound.SampleRate;

    /// <param name="level">Root mean square of the result before its peaks are rounded off.</param>
    /// <returns>Samples within ±1 whose end joins their beginning.</returns>
    public static float[] Render(SoundTraits traits, SoundScore score, float level, ref SeededRandom artist)
    {
        var voices = new Instruments(traits, ref artist);
        var drums = new Drums(traits, ref artist);
        var size = 0.6 + 0.8 * artist.NextDouble();
        using var dry = new RentedSamples(score.Length);
        using var room = new RentedSamples(score.Length);
        Play(score.Chords, voices.Chords, voices.ChordEnvelope, 0.05f + 0.13f * traits.Lush, room.Span);
        Play(score.Plucks, voices.Plucks, voices.PluckEnvelope, 0.16f + 0.12f * traits.Energetic, room.Span);
        Play(score.Melody, voices.Melody, voices.MelodyEnvelope, 0.10f + 0.22f * traits.Vocal, room.Span);
        Play(score.Bass, voices.Bass, voices.BassEnvelope, 0.34f, dry.Span);
        var loudness = 0.3f + 0.7f * traits.Loud;
        Strike(score.Kicks, drums.Kick, 0.9f * loudness, dry.Span);
        Strike(score.Snares, drums.Snare, 0.55f * loudness, room.Span);
        Strike(score.Hats, drums.Hat, 0.30f * loudness, dry.Span);
        Hiss(0.06f * (1 - traits.Polished) * (1 - traits.Polished), dry.Span, ref artist);
        return Master(traits, level, size, dry.Span, room.Span);
    }

    // Equal notes are computed once, for a score has few of them.
    private static void Play(List<Note> notes, Timbre timbre, in Envelope envelope, float gain, Span<float> bus)
    {
        foreach (var equal in notes.GroupBy(note => (note.Length, note.Frequency)))
        {
            using var sound = new RentedSamples(Math.Min(bus.Length, Timbre.LengthOf(equal.Key.Length, envelope)));
            timbre.Play(equal.Key.Length, equal.Key.Frequency, envelope, sound.Span);
            foreach (var note in equal)
            {
                Mix(sound.Span, note.Start, gain * note.Velocity, bus);
            }
        }
    }

    private static void Strike(List<Hit> hits, float[] drum, float gain, Span<float> bus)
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

    private static void Hiss(float gain, Span<float> bus, ref SeededRandom artist)
    {
        var noise = Drums.Noise(1 << 14, ref artist);
        for (var from = 0; from < bus.Length; from += noise.Length)
        {
            var count = Math.Min(noise.Length, bus.Length - from);
            Vectors.AddScaled(bus.Slice(from, count), noise.AsSpan(0, count), gain);
        }
    }

    private static float[] Master(SoundTraits traits, float level, double size, Span<float> dry, ReadOnlySpan<float> room)
    {
        using var mix = new RentedSamples(Lead + dry.Length);
        using var send = new RentedSamples(Lead + dry.Length);
        Vectors.AddScaled(dry, room, 1);
        Unroll(dry, mix.Span);
        Unroll(room, send.Span);
        var dreamy = 1 - traits.Driving;
        Room.Add(mix.Span, send.Span, 0.1f + 0.7f * dreamy, 0.35 + 2.4 * dreamy * (0.5 + 0.5 * traits.Lush), size);
        Mastering.SetLevel(mix.Span, 0.2f);
        var raw = 1 - traits.Polished;
        Mastering.Saturate(mix.Span, 1 + 7 * raw * raw);
        Mastering.LowPass(mix.Span, 2_600 * MathF.Pow(4.2f, traits.Modern));
        var loop = mix.Span[Lead..].ToArray();
        Mastering.SetLevel(loop, level);
        Mastering.Saturate(loop, 1);
        return loop;
    }

    private static void Unroll(ReadOnlySpan<float> loop, Span<float> unrolled)
    {
        loop[^Lead..].CopyTo(unrolled);
        loop.CopyTo(unrolled[Lead..]);
    }
}

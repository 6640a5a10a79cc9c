using Segue.Audio.Descriptors;
using Segue.Numerics;
using static Segue.Audio.Tests.Descriptors.TrackDescriberTests;

namespace Segue.Audio.Tests.Descriptors;

/// <summary>Sounds made so that what must be said of them is known.</summary>
public sealed class DescribedSoundTests
{
    [Theory]
    [InlineData(65), InlineData(90), InlineData(120), InlineData(128), InlineData(140), InlineData(160)]
    public void Clicks_have_their_tempo(double beatsPerMinute)
    {
        var clicks = Describe(TestSignals.Clicks(15, beatsPerMinute));

        Assert.Equal(beatsPerMinute, clicks.Tempo, 1.0);
        Assert.True(clicks.TempoStrength > 0.4, $"strength {clicks.TempoStrength}");
        Assert.Equal(beatsPerMinute / 60, clicks.OnsetRate, 0.2);
    }

    [Fact]
    public void Rhythm_peaks_at_the_lag_of_the_beat()
    {
        var rhythm = Describe(TestSignals.Clicks(10, 120)).Rhythm.ToArray();
        var beat = Enumerable.Range(0, 60).MinBy(i => Math.Abs(OnsetRhythm.Lag(i) - 25));   // half a second

        Assert.Equal(beat, Array.IndexOf(rhythm, rhythm[..(beat + 5)].Max()));
        Assert.Equal((2, 240), (OnsetRhythm.Lag(0), MathF.Round(OnsetRhythm.Lag(59), 3)));
    }

    [Fact]
    public void Noise_has_no_beat()
        => Assert.True(Describe(TestSignals.Noise(10, 0.5)).TempoStrength < 0.15);

    [Theory]
    [InlineData(220), InlineData(1_000), InlineData(4_000)]
    public void A_tone_is_its_own_centroid(double hertz)
    {
        var tone = Describe(TestSignals.Tone(3, hertz));

        Assert.Equal(hertz, tone.Centroid, 2.0);
        Assert.Equal(hertz, tone.Rolloff, 22.0);
        Assert.Equal(2 * hertz / TestSignals.Rate, tone.ZeroCrossings, 0.001);
        Assert.True(tone.CentroidDeviation < 1 && tone.Flatness < 0.01, $"{tone.CentroidDeviation} Hz, flatness {tone.Flatness}");
    }

    [Fact]
    public void White_noise_is_flat_and_centered()
    {
        var noise = Describe(TestSignals.Noise(5, 0.5));

        Assert.Equal(11_025 / 2.0, noise.Centroid, 50.0);
        Assert.Equal(0.85 * 11_025, noise.Rolloff, 80.0);
        Assert.True(noise.Flatness > 0.5, $"flatness {noise.Flatness}");
    }

    /// <summary>As the recommendation has it for one channel: −3.01 LUFS at full scale near 1 kHz, where the weighting adds 0.691 dB.</summary>
    [Theory]
    [InlineData(1, -3.01), InlineData(0.1, -23.01)]
    public void A_tone_of_997_hertz_has_the_loudness_of_the_recommendation(double amplitude, double expected)
        => Assert.Equal(expected, Describe(TestSignals.Tone(5, 997, amplitude)).Loudness, 0.1);

    [Fact]
    public void Bass_counts_less_and_treble_more_than_it_measures()
    {
        var middle = Describe(TestSignals.Tone(3, 997)).Loudness;

        Assert.Equal(-5.2, Describe(TestSignals.Tone(3, 40)).Loudness - middle, 1.5);
        Assert.Equal(3.3, Describe(TestSignals.Tone(3, 8_000)).Loudness - middle, 0.3);
    }

    [Fact]
    public void Pauses_do_not_make_a_track_softer()
    {
        float[] tone = TestSignals.Tone(5, 997, 0.5), pause = new float[5 * TestSignals.Rate];

        Assert.Equal(Describe(tone).Loudness, Describe([.. tone, .. pause]).Loudness, 0.3f);
    }

    [Fact]
    public void Range_is_what_lies_between_soft_and_loud()
    {
        var sound = TestSignals.Make(20, t => (t % 10 < 5 ? 0.5 : 0.5 / Math.Sqrt(10)) * Math.Sin(2 * Math.PI * 500 * t));

        Assert.Equal(10, Describe(sound).LoudnessRange, 0.5);
        Assert.Equal(0, Describe(TestSignals.Tone(10, 500)).LoudnessRange, 0.2);
    }

    public static TheoryData<int, bool> Keys => new(
        from tonic in Enumerable.Range(0, 12)
        from major in new[] { true, false }
        select (tonic, major));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_cadence_has_its_key(int tonic, bool major)
    {
        var (root, third) = (60 + tonic, major ? 4 : 3);
        int[] tonicChord = [root, root + third, root + 7], subdominant = [root + 5, root + 5 + third, root + 12], dominant = [root + 7, root + 11, root + 14];

        var sound = Describe(TestSignals.Chords(3, [tonicChord, subdominant, dominant, tonicChord, tonicChord, [root, root + third, root + 7, root + 12]]));

        Assert.Equal((tonic, major), (sound.Key, sound.IsMajor));
        Assert.True(sound.KeyStrength > 0.6, $"strength {sound.KeyStrength}");
    }

    [Fact]
    public void One_note_fills_its_pitch_class()
    {
        var chroma = Describe(TestSignals.Tone(3, 440)).Chroma;

        Assert.True(chroma[9] > 0.97, $"A holds {chroma[9]}");
        Assert.Equal(1, chroma.ToArray().Sum(), 1e-5f);
    }

    /// <summary>Syllables of unlike length with pauses between, four or so a second, of noise and of a hum in turn.</summary>
    [Fact]
    public void Syllables_and_pauses_are_like_speech()
        => Assert.True(Describe(Syllables(20)).SpeechLikeness > 0.8, $"{Describe(Syllables(20)).SpeechLikeness}");

    [Fact]
    public void Steady_sounds_and_steady_beats_are_not_like_speech()
    {
        Assert.Equal(0, Describe(TestSignals.Noise(5, 0.5)).SpeechLikeness);
        Assert.Equal(0, Describe(TestSignals.Clicks(10, 120)).SpeechLikeness);
        Assert.Equal(0, Describe(TestSignals.Chords(5, [[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]])).SpeechLikeness);
    }

    [Fact]
    public void A_change_of_timbre_is_in_the_timbre_only()
    {
        var random = TestSignals.Clicks(10, 120);
        var dull = random.Select((value, i) => i == 0 ? value : 0.5f * (value + random[i - 1])).ToArray();   // a soft low pass
        var (bright, soft) = (Describe(random), Describe(dull));

        Assert.True(soft.Centroid < 0.8 * bright.Centroid, $"centroids {soft.Centroid} and {bright.Centroid}");
        Assert.Equal(bright.Tempo, soft.Tempo, 0.5);
        Assert.All(bright.Rhythm.ToArray().Zip(soft.Rhythm.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 0.1f));
        Assert.True(soft.Timbre[1] > bright.Timbre[1] + 0.2f, $"{soft.Timbre[1]} and {bright.Timbre[1]}");
    }

    private static float[] Syllables(double seconds)
    {
        var random = new SeededRandom(5);
        var samples = TestSignals.Noise(seconds, 0.1);
        var (start, end, voiced) = (0.0, 0.0, false);
        for (var i = 0; i < samples.Length; i++)
        {
            var t = i / (double)TestSignals.Rate;
            if (t >= end)
            {
                start = t + 0.3 * random.NextDouble() * random.NextDouble();
                (end, voiced) = (start + 0.1 + 0.25 * random.NextDouble(), !voiced);
            }
            var swell = t < start ? 0.001 : Math.Sin(Math.PI * (t - start) / (end - start));
            samples[i] = (float)(swell * swell * (voiced ? 0.5 * Math.Sin(2 * Math.PI * 140 * t) : samples[i]));
        }
        return samples;
    }
}

using Segue.Audio.Descriptors;
using Segue.Audio.Spectra;

namespace Segue.Audio.Tests.Descriptors;

public sealed class TrackDescriberTests
{
    /// <summary>Sounds on which a division or a logarithm may fail.</summary>
    public static TheoryData<string> HardSounds => ["nothing", "one sample", "silence", "full scale of one sign", "a click", "noise", "hardly anything", "two frames"];

    [Theory]
    [MemberData(nameof(HardSounds))]
    public void Every_number_of_every_sound_is_finite_and_in_its_range(string sound)
    {
        var descriptors = Describe(Hard(sound));

        Assert.All(descriptors.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.InRange(descriptors.Energy, 0, 1);
        Assert.InRange(descriptors.Flatness, 0, 1);
        Assert.InRange(descriptors.SpeechLikeness, 0, 1);
        Assert.InRange(descriptors.ZeroCrossings, 0, 1);
        Assert.InRange(descriptors.Loudness, -70, 10);
        Assert.InRange(descriptors.LoudnessRange, 0, 80);
        Assert.InRange(descriptors.KeyStrength, -1, 1);
        Assert.InRange(descriptors.TempoStrength, 0, 1);
        Assert.InRange(descriptors.Centroid, 0, 11_025);
        Assert.InRange(descriptors.Rolloff, 0, 11_025);
        Assert.All(descriptors.Rhythm.ToArray(), value => Assert.InRange(value, -1, 1));
    }

    [Fact]
    public void Silence_has_no_tempo_no_tone_and_the_least_loudness()
    {
        var silence = Describe(new float[220_500]);

        Assert.Equal((0, 0, -70, 0), (silence.Tempo, silence.KeyStrength, silence.Loudness, silence.Energy));
        Assert.All(silence.Chroma.ToArray(), share => Assert.Equal(0, share));
        Assert.Equal(Describe([]).Values.ToArray()[SoundDescriptors.RhythmAt..], silence.Values.ToArray()[SoundDescriptors.RhythmAt..]);
    }

    [Fact]
    public void A_describer_forgets_a_track_when_it_is_finished()
    {
        var describer = new TrackDescriber();
        describer.Add(TestSignals.Noise(3, 0.7));
        describer.Finish();
        describer.Add(TestSignals.Clicks(4, 100));

        Assert.Equal(Describe(TestSignals.Clicks(4, 100)).Values.ToArray(), describer.Finish().Values.ToArray());
    }

    [Fact]
    public void A_long_window_is_heard_as_stretches_of_ten_seconds()
    {
        var sound = TestSignals.Clicks(23, 97);
        var describer = new TrackDescriber();
        foreach (var (from, to) in new[] { (0, 220_500), (220_500, 441_000), (441_000, sound.Length) })
        {
            describer.Add(sound.AsSpan(from..to));
        }

        Assert.Equal(Describe(sound).Values.ToArray(), describer.Finish().Values.ToArray());
    }

    [Fact]
    public void All_widths_of_lanes_give_equal_bits()
    {
        var sound = TestSignals.Chords(2.7, [[60, 64, 67], [62, 65, 69]]).Zip(TestSignals.Clicks(2.7, 130), (chord, click) => chord + 0.3f * click).ToArray();

        Assert.All(
            Enum.GetValues<LaneWidth>().Where(LaneWidths.Has),
            width => Assert.Equal(Describe(sound, LaneWidth.One).Values.ToArray(), Describe(sound, width).Values.ToArray()));
    }

    [Theory]
    [InlineData(2048), InlineData(44_100), InlineData(220_500)]
    public void A_window_can_give_its_spectrogram_too(int samples)
    {
        var window = TestSignals.Clicks(10, 120).AsSpan(0, samples);
        var expected = new MelSpectrogram(SpectrogramOptions.Production).Compute(window);
        var bytes = new byte[expected.Length];
        SpectrumBytes.Quantize(expected, bytes);
        var describer = new TrackDescriber();
        var spectrum = new byte[expected.Length];

        describer.Add(window, spectrum);

        Assert.Equal(bytes, spectrum);
        Assert.Equal(Describe(window.ToArray()).Values.ToArray(), describer.Finish().Values.ToArray());
    }

    [Theory]
    [InlineData(2047, 128, "2048 to 220500 samples; 2047 were given")]
    [InlineData(220_501, 25_472, "2048 to 220500 samples; 220501 were given")]
    [InlineData(220_500, 25_471, "199 frames of 128 bytes; memory for 25471 bytes")]
    public void Spectrograms_of_other_lengths_are_refused(int samples, int bytes, string message)
        => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => new TrackDescriber().Add(new float[samples], new byte[bytes])).Message, StringComparison.Ordinal);

    [Fact]
    public void Sound_beyond_all_bounds_is_told_and_forgotten()
    {
        var describer = new TrackDescriber();
        describer.Add(TestSignals.Noise(3, 1e30));
        Assert.Throws<ArgumentException>(describer.Finish);
        describer.Add(TestSignals.Clicks(4, 100));

        Assert.Equal(Describe(TestSignals.Clicks(4, 100)).Values.ToArray(), describer.Finish().Values.ToArray());
    }

    [Fact]
    public void Sound_far_above_full_scale_is_as_loud_as_can_be_told()
        => Assert.Equal(10, Describe(TestSignals.Tone(2, 997, 1e4)).Loudness);

    [Fact]
    public void Nothing_is_allocated_for_further_windows()
    {
        var describer = new TrackDescriber();
        var window = TestSignals.Clicks(10, 120);
        describer.Add(window);
        var before = GC.GetAllocatedBytesForCurrentThread();

        describer.Add(window);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Twice_the_amplitude_is_six_decibels_louder_and_moves_like_before()
    {
        var sound = TestSignals.Noise(6, 0.2).Select((value, i) => value * (i / 11_025 % 2 == 0 ? 1 : 0.6f)).ToArray();
        var (soft, loud) = (Describe(sound), Describe([.. sound.Select(value => 2 * value)]));

        Assert.Equal(6.0206, loud.Loudness - soft.Loudness, 0.02);
        Assert.Equal(soft.LoudnessRange, loud.LoudnessRange, 0.11);
        Assert.Equal(soft.Centroid, loud.Centroid, 0.01f);
        Assert.Equal(soft.ZeroCrossings, loud.ZeroCrossings);
        Assert.All(
            soft.Timbre[^20..].ToArray().Zip(loud.Timbre[^20..].ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 0.01f * pair.First));
    }

    [Fact]
    public void Energy_rises_with_loudness_pace_and_brightness()
    {
        var calm = Describe(TestSignals.Tone(5, 150, 0.02));
        var lively = Describe(TestSignals.Clicks(5, 240));

        Assert.True(calm.Energy < 0.3, $"calm {calm.Energy}");
        Assert.True(lively.Energy > 0.7, $"lively {lively.Energy}");
    }

    internal static SoundDescriptors Describe(float[] sound) => Describe(sound, LaneWidths.Best);

    private static SoundDescriptors Describe(float[] sound, LaneWidth width)
    {
        var describer = new TrackDescriber(width);
        describer.Add(sound);
        return describer.Finish();
    }

    private static float[] Hard(string sound) => sound switch
    {
        "nothing" => [],
        "one sample" => [0.5f],
        "silence" => new float[44_100],
        "full scale of one sign" => [.. Enumerable.Repeat(1f, 44_100)],
        "a click" => [.. new float[5_000], 1, .. new float[5_000]],
        "noise" => TestSignals.Noise(3, 1),
        "hardly anything" => TestSignals.Noise(3, 1e-30),
        _ => TestSignals.Noise(2048.0 / TestSignals.Rate + 0.05, 1),
    };
}

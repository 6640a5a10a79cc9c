using Segue.Audio.Decoding;
using Segue.Audio.Descriptors;

namespace Segue.Audio.Tests;

public sealed class TrackAnalyzerTests : IDisposable
{
    private readonly GivenSamples _decoder = new([]);

    public void Dispose() => _decoder.Dispose();

    private TrackAnalysis Analyze(float[] samples, TrackAnalyzer? analyzer = null)
    {
        _decoder.Samples = samples;
        return (analyzer ?? new(_decoder, WindowPlan.Whole)).Analyze("a.wav", TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_file_is_heard_and_its_length_is_what_was_heard_where_it_is_not_told()
    {
        var heard = Analyze(TestSignals.Noise(25, 0.3));

        Assert.Equal((AudioOutcome.Ok, null, 25.0), (heard.Outcome, heard.Fault, heard.Duration.TotalSeconds));
        Assert.Equal(2, heard.Features!.Windows);
        Assert.Equal(SoundDescriptors.Length, heard.Features.Descriptors.Length);
        _decoder.Report = new(AudioOutcome.Ok, null, TimeSpan.FromMinutes(3));
        Assert.Equal(TimeSpan.FromMinutes(3), Analyze(TestSignals.Noise(25, 0.3)).Duration);
    }

    [Theory]
    [InlineData(0f, AudioOutcome.Silent)]
    [InlineData(0.99e-4f, AudioOutcome.Silent)]
    [InlineData(1.01e-4f, AudioOutcome.Ok)]
    public void A_file_is_silent_when_even_its_loudest_stretch_is(float level, AudioOutcome outcome)
    {
        var samples = new float[20 * AudioLimits.SampleRate];
        samples.AsSpan(10 * AudioLimits.SampleRate).Fill(level);

        Assert.Equal(outcome, Analyze(samples).Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2.9)]
    public void Less_sound_than_a_song_has_is_too_short(double seconds)
    {
        var heard = Analyze(TestSignals.Noise(seconds, 0.3));

        Assert.Equal((AudioOutcome.TooShort, null), (heard.Outcome, heard.Features));
        Assert.Contains("at least 3 s", heard.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_file_is_heard_again_and_again_until_a_window_is_full()
    {
        var (once, random) = (TestSignals.Noise(4, 0.3), TestSignals.Noise(10, 0.3));
        float[] repeated = [.. once, .. once, .. once];

        var heard = Analyze(once).Features!;

        Assert.Equal(Analyze(repeated[..(10 * AudioLimits.SampleRate)]).Features!.Spectra, heard.Spectra);
        Assert.NotEqual(Analyze(random).Features!.Spectra, heard.Spectra);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(65)]   // beyond what is kept on the way
    public void Of_a_long_file_six_spectra_are_kept_evenly(int windows)
    {
        var second = TestSignals.Noise(1, 1);
        var samples = new float[windows * 10 * second.Length];
        for (var n = 0; n < samples.Length; n++)
        {
            samples[n] = second[n % second.Length] * (n / (10 * second.Length) + 1) / windows;   // each window is louder than the one before
        }

        var heard = Analyze(samples).Features!;

        Assert.Equal(6, heard.Windows);
        var levels = heard.Spectra.Chunk(TrackFeatures.WindowBytes).Select(window => window.Average(value => (double)value)).ToList();
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public void How_the_decoder_cuts_the_sound_changes_nothing()
    {
        var samples = TestSignals.Noise(34, 0.3);
        var tens = Analyze(samples).Features!;

        _decoder.StretchesTold = 3;   // windows of 30 s
        var thirties = Analyze(samples).Features!;

        Assert.Equal(tens.Spectra, thirties.Spectra);
        Assert.Equal(tens.Descriptors, thirties.Descriptors);
    }

    [Theory]
    [InlineData(1e20f)]
    [InlineData(1e30f)]
    [InlineData(float.MaxValue)]
    public void Samples_far_beyond_full_scale_are_corrupt_and_the_next_file_is_heard_as_ever(float level)
    {
        using var analyzer = new TrackAnalyzer(_decoder, WindowPlan.Whole);
        var music = TestSignals.Noise(12, 0.3);
        var alone = Analyze(music).Features!;

        var heard = Analyze([.. TestSignals.Noise(10, 0.3), .. TestSignals.Tone(10, 440, level)], analyzer);

        Assert.Equal((AudioOutcome.Corrupt, null), (heard.Outcome, heard.Features));
        Assert.Contains("beyond full scale", heard.Fault, StringComparison.Ordinal);
        var next = Analyze(music, analyzer).Features!;
        Assert.Equal(alone.Descriptors, next.Descriptors);
        Assert.Equal(alone.Spectra, next.Spectra);
    }

    [Fact]
    public void What_the_decoder_tells_of_a_file_is_told_and_its_decoder_goes_with_the_analyzer()
    {
        _decoder.Report = new(AudioOutcome.Unsupported, "It is a picture.", TimeSpan.FromSeconds(7));
        using (var analyzer = new TrackAnalyzer(_decoder, WindowPlan.Spread))
        {
            Assert.Equal(new(AudioOutcome.Unsupported, "It is a picture.", TimeSpan.FromSeconds(7), null), Analyze(TestSignals.Noise(10, 0.3), analyzer));
        }

        Assert.True(_decoder.IsDisposed);
    }

    [Fact]
    public void A_file_that_was_cancelled_leaves_nothing_in_the_next()
    {
        using var analyzer = new TrackAnalyzer(_decoder, WindowPlan.Whole);
        var music = TestSignals.Noise(12, 0.3);
        var alone = Analyze(music, analyzer).Features!;
        _decoder.Samples = TestSignals.Tone(40, 440);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => analyzer.Analyze("b.wav", stop.Token));

        Assert.Equal(alone.Descriptors, Analyze(music, analyzer).Features!.Descriptors);
    }
}

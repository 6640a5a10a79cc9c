using System.Buffers.Binary;
using Segue.Audio.Decoding;

namespace Segue.Audio.Tests.Decoding;

public sealed class WaveDecoderTests : IDisposable
{
    private readonly SoundFiles _files = new();
    private readonly WaveDecoder _decoder = new();

    private (DecodeReport Report, float[] Sound) Decode(byte[] file)
    {
        var (report, windows) = SoundFiles.Decode(_decoder, _files.Write("some.wav", file), WindowPlan.Whole);
        return (report, [.. windows.SelectMany(window => window.Samples)]);
    }

    private static float[] Mean(float[][] channels) => [.. Enumerable.Range(0, channels[0].Length).Select(n => channels.Average(channel => channel[n]))];

    [Theory]
    [InlineData(8, 1, 1, false, 30)]
    [InlineData(16, 1, 2, false, 75)]
    [InlineData(24, 1, 2, true, 100)]
    [InlineData(32, 1, 6, true, 120)]
    [InlineData(32, 3, 2, false, 120)]
    [InlineData(64, 3, 1, true, 120)]
    [InlineData(16, 1, 32, false, 75)]
    public void Every_form_of_samples_gives_the_mean_of_the_channels(int bits, int code, int channels, bool extensible, double decibels)
    {
        var music = SoundFiles.Music(22_050, channels, 0.5);

        var (report, sound) = Decode(SoundFiles.Wave(music, 22_050, bits, code, extensible));

        Assert.Equal(new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(0.5)), report);
        Assert.Equal(11_025, sound.Length);
        Assert.InRange(SoundFiles.Decibels(Mean(music), sound), decibels, 400);
    }

    [Fact]
    public void Windows_are_where_the_plan_says()
    {
        var ramp = Enumerable.Range(0, 22_050 * 100).Select(n => n / (22_050f * 100)).ToArray();
        var path = _files.Write("ramp.wav", SoundFiles.Wave([ramp], 22_050, 32, 3));

        var (_, windows) = SoundFiles.Decode(_decoder, path, WindowPlan.Spread);

        Assert.Equal(WindowPlan.Spread.Starts(TimeSpan.FromSeconds(100)), windows.Select(window => window.Start));
        Assert.All(windows, window =>
        {
            var first = (int)Math.Round(window.Start.TotalSeconds * 22_050);
            Assert.Equal(ramp[first..(first + 220_500)], window.Samples);
        });
    }

    [Fact]
    public void Whole_file_comes_in_windows_without_a_gap()
    {
        var music = SoundFiles.Music(44_100, 1, 25);
        var path = _files.Write("whole.wav", SoundFiles.Wave(music, 44_100, 32, 3));

        var (_, windows) = SoundFiles.Decode(_decoder, path, WindowPlan.Whole);
        var (_, middle) = SoundFiles.Decode(_decoder, path, WindowPlan.Middle);

        Assert.Equal([220_500, 220_500, 110_250], windows.Select(window => window.Samples.Length));
        Assert.Equal(windows.SelectMany(window => window.Samples), Assert.Single(middle).Samples);   // not longer than the window
    }

    [Fact]
    public void Odd_chunks_before_the_samples_are_passed_over()
    {
        var music = SoundFiles.Music(22_050, 1, 0.1);

        var (report, sound) = Decode(SoundFiles.Wave(music, 22_050, before: [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. "junk"u8, 0, 0, 0, 0]));

        Assert.Equal(AudioOutcome.Ok, report.Outcome);
        Assert.InRange(SoundFiles.Decibels(music[0], sound), 75, 400);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(1_000_000_000u)]
    public void Size_that_lies_means_to_the_end_of_the_file(uint size)
    {
        var file = SoundFiles.Wave(SoundFiles.Music(22_050, 1, 0.1), 22_050);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), size);

        Assert.Equal(2_205, Decode(file).Sound.Length);
    }

    [Fact]
    public void Long_form_takes_its_size_from_the_chunk_for_it()
    {
        var size = new byte[36];
        "ds64"u8.CopyTo(size);
        size[4] = 28;
        BinaryPrimitives.WriteInt64LittleEndian(size.AsSpan(16), 2_000);
        var file = SoundFiles.Wave(SoundFiles.Music(22_050, 1, 0.1), 22_050, before: size);
        "RF64"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40 + 36), uint.MaxValue);

        Assert.Equal(1_000, Decode(file).Sound.Length);
    }

    [Fact]
    public void A_few_samples_that_are_no_numbers_are_silence_and_many_are_corruption()
    {
        var few = SoundFiles.Music(22_050, 1, 1);
        var many = SoundFiles.Music(22_050, 1, 1);
        (few[0][100], few[0][5_000], few[0][9_000]) = (float.NaN, float.PositiveInfinity, 1e30f);
        many[0].AsSpan(0, 500).Fill(float.NaN);

        var (report, sound) = Decode(SoundFiles.Wave(few, 22_050, 32, 3));

        Assert.Equal(AudioOutcome.Ok, report.Outcome);
        Assert.Equal([0, 0, 0], [sound[100], sound[5_000], sound[9_000]]);
        Assert.Equal("500 of 22050 samples are no numbers that sound could have.", Decode(SoundFiles.Wave(many, 22_050, 32, 3)).Report.Fault);
    }

    [Theory]
    [InlineData(22, 0, "It has 0 channels; allowed are 1 to 32.")]
    [InlineData(22, 33, "It has 33 channels; allowed are 1 to 32.")]
    [InlineData(24, 7, "It has 7 samples a second; allowed are 4000 to 768000.")]
    [InlineData(32, 1, "A sample of 16 bits does not agree with 1 bytes for 1 channels.")]
    public void Header_that_lies_is_told(int at, short value, string fault)
    {
        var file = SoundFiles.Wave(SoundFiles.Music(22_050, 1, 0.1), 22_050);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), value);

        Assert.Equal(new(AudioOutcome.Corrupt, fault, TimeSpan.Zero), Decode(file).Report);
    }

    [Fact]
    public void Other_codes_are_left_to_others()
    {
        var file = SoundFiles.Wave(SoundFiles.Music(22_050, 1, 0.1), 22_050);
        file[20] = 7;

        Assert.Equal(AudioOutcome.Unsupported, Decode(file).Report.Outcome);
        Assert.Equal(AudioOutcome.Corrupt, Decode(file[..30]).Report.Outcome);
    }

    public void Dispose() => _files.Dispose();
}

using Segue.Audio.Decoding;
using Segue.Audio.Spectra;
using Segue.Numerics;

namespace Segue.Audio.Tests.Decoding;

public class ResamplerTests
{
    private static float[] Resample(float[] input, int rate, int piece = Resampler.MaxPiece, LaneWidth? width = null, long from = 0)
    {
        var resampler = new Resampler(rate, width ?? LaneWidths.Best);
        var output = new List<float>();
        var room = new float[resampler.MaxOutputs(Resampler.MaxPiece)];
        for (var at = (int)resampler.Seek(from); at < input.Length; at += piece)
        {
            var made = resampler.Push(input.AsSpan(at, Math.Min(piece, input.Length - at)), room);
            output.AddRange(room.AsSpan(0, made));
        }
        output.AddRange(room.AsSpan(0, resampler.Finish(room)));
        return [.. output];
    }

    private static float[] Sine(double hertz, int rate, int count, double phase = 0.3)
        => [.. Enumerable.Range(0, count).Select(n => (float)Math.Sin(2 * Math.PI * hertz * n / rate + phase))];

    private static float[] Noise(int count, int seed = 1)
    {
        var random = new SeededRandom((ulong)seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }

    // Ten milliseconds at either end feel the silence around the file.
    private static double Decibels(float[] signal, Func<int, double> expected)
    {
        double power = 0, error = 0;
        for (var n = 220; n < signal.Length - 220; n++)
        {
            power += expected(n) * expected(n);
            error += Math.Pow(signal[n] - expected(n), 2);
        }
        return 10 * Math.Log10(power / error);
    }

    public static TheoryData<int> Rates => [4_000, 8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 44_101, 48_000, 88_200, 96_000, 192_000, 767_999, 768_000];

    [Theory]
    [MemberData(nameof(Rates))]
    public void Sine_in_the_pass_band_keeps_amplitude_and_phase(int rate)
    {
        foreach (var hertz in new[] { 50.0, 1_000, 0.44 * Math.Min(rate, 22_050) })
        {
            var output = Resample(Sine(hertz, rate, rate / 5), rate);

            Assert.Equal((rate / 5 * 22_050L + rate - 1) / rate, output.Length);
            Assert.InRange(Decibels(output, n => Math.Sin(2 * Math.PI * hertz * n / 22_050 + 0.3)), 75, 400);
        }
    }

    [Theory]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(44_101)]
    [InlineData(192_000)]
    public void Nothing_of_what_lies_above_the_half_of_the_rate_is_left(int rate)
    {
        foreach (var hertz in new[] { 11_100.0, 12_500, 15_000, 21_000 })
        {
            var loudest = Resample(Sine(hertz, rate, rate / 5), rate).Skip(220).SkipLast(220).Max(MathF.Abs);

            Assert.InRange(loudest, 0, 1e-4f);   // −80 dB
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Bytes_do_not_depend_on_how_the_input_is_cut_nor_on_the_width_of_vectors(int rate)
    {
        var input = Noise(rate < 50_000 ? rate : rate / 8);
        var whole = Resample(input, rate, width: LaneWidth.One);

        Assert.All(Enum.GetValues<LaneWidth>().Where(LaneWidths.Has), width => Assert.Equal(whole, Resample(input, rate, width: width)));
        Assert.All([1, 997], piece => Assert.Equal(whole, Resample(input, rate, piece)));
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Sought_output_equals_the_one_met_on_the_way(int rate)
    {
        var input = Noise(rate / 4);
        var whole = Resample(input, rate);
        var from = whole.Length / 2 + 1;

        Assert.Equal(whole[from..], Resample(input, rate, from: from));
    }

    [Theory]
    [InlineData(44_100)]
    [InlineData(44_101)]
    [InlineData(16_000)]
    public void Output_is_that_of_a_plain_sum_in_double_precision(int rate)
    {
        var input = Noise(4_000);
        var output = Resample(input, rate);
        var common = (int)System.Numerics.BigInteger.GreatestCommonDivisor(rate, 22_050);
        var filter = new ResamplerFilter(rate, 22_050 / common);
        var row = new double[filter.Length];

        Assert.InRange(
            Decibels(output, n =>
            {
                var at = n * (long)rate / 22_050;
                filter.Fill(row, n * (double)rate / 22_050 - at);
                return Enumerable.Range(0, filter.Length).Select(k => (K: k, At: at - filter.Before + k)).Where(tap => tap.At >= 0 && tap.At < input.Length).Sum(tap => row[tap.K] * input[tap.At]);
            }),
            100, 400);
    }

    [Fact]
    public void Impulse_stays_at_its_moment()
    {
        var input = new float[44_100];
        input[20_000] = 1;

        var output = Resample(input, 44_100);

        Assert.Equal(10_000, Array.IndexOf(output, output.Max()));
        Assert.InRange(Math.Abs(output[9_990] - output[10_010]), 0, 1e-7f);
        Assert.InRange(output.Sum(), 0.499f, 0.501f);   // half as many samples hold the same area
    }

    [Theory]
    [InlineData(3_999)]
    [InlineData(768_001)]
    [InlineData(0)]
    public void Rate_that_no_sound_has_is_refused(int rate) => Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(rate));
}

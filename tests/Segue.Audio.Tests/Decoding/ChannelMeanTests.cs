using Segue.Audio.Decoding;
using Segue.Numerics;

namespace Segue.Audio.Tests.Decoding;

public class ChannelMeanTests
{
    [Theory]
    [InlineData(1, 37)]
    [InlineData(2, 0)]
    [InlineData(2, 7)]
    [InlineData(2, 8)]
    [InlineData(2, 45)]
    [InlineData(6, 19)]
    public void Mean_is_that_of_a_plain_sum_and_may_be_made_in_place(int channels, int frames)
    {
        var random = new SeededRandom(5);
        var interleaved = Enumerable.Range(0, channels * frames).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var expected = interleaved.Chunk(channels).Select(frame => frame.Aggregate((sum, value) => sum + value) * (1f / channels)).ToArray();

        ChannelMean.Of(interleaved, channels, interleaved.AsSpan(0, frames));

        Assert.Equal(expected, interleaved[..frames]);
    }

    [Fact]
    public void Every_whole_number_of_sixteen_bits_has_its_share_of_full_scale()
    {
        var samples = Enumerable.Range(short.MinValue, 65_536).Append(7).Select(value => (short)value).ToArray();
        var values = new float[samples.Length];

        ChannelMean.Widen(samples, values);

        Assert.Equal(samples.Select(sample => sample / 32_768f), values);
    }

    [Fact]
    public void Lengths_that_do_not_agree_are_refused()
        => Assert.ThrowsAny<ArgumentException>(() => ChannelMean.Of(new float[7], 2, new float[4]));
}

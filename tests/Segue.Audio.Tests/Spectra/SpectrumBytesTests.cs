using Segue.Audio.Spectra;

namespace Segue.Audio.Tests.Spectra;

public sealed class SpectrumBytesTests
{
    [Fact]
    public void Bytes_are_rounded_and_end_at_255()
    {
        var bytes = new byte[6];

        SpectrumBytes.Quantize([0, 1, 0.0157f, 7.98f, 8, 1000], bytes);

        Assert.Equal([0, 32, 1, 254, 255, 255], bytes);
    }

    [Theory]
    [InlineData(1), InlineData(31), InlineData(32), InlineData(33), InlineData(25_472)]
    public void Values_come_back_within_half_a_step(int length)
    {
        var random = new Numerics.SeededRandom((ulong)length);
        var values = Enumerable.Range(0, length).Select(_ => (float)(8 * random.NextDouble())).ToArray();
        var (bytes, back) = (new byte[length], new float[length]);

        SpectrumBytes.Quantize(values, bytes);
        SpectrumBytes.Restore(bytes, back);

        Assert.All(values.Zip(back), pair => Assert.Equal(pair.First, pair.Second, 0.5f / SpectrumBytes.Scale + 1e-5f));
        Assert.Equal(values.Select(value => (byte)MathF.Round(31.875f * value)), bytes);
    }

    [Fact]
    public void Memory_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SpectrumBytes.Quantize(new float[3], new byte[2]));
        Assert.Throws<ArgumentException>(() => SpectrumBytes.Restore(new byte[3], new float[2]));
    }
}

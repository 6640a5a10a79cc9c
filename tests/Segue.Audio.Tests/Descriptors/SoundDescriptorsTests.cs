using Segue.Audio.Descriptors;

namespace Segue.Audio.Tests.Descriptors;

public sealed class SoundDescriptorsTests
{
    [Fact]
    public void The_layout_is_that_of_version_1()
    {
        var numbered = new SoundDescriptors([.. Enumerable.Range(0, SoundDescriptors.Length).Select(i => (float)i)]);

        Assert.Equal((1, 147, 127), (SoundDescriptors.Version, SoundDescriptors.Length, SoundDescriptors.BaseLength));
        Assert.Equal((0, 60, 60, 60), (numbered.Timbre[0], numbered.Timbre.Length, numbered.Rhythm[0], numbered.Rhythm.Length));
        Assert.Equal(
            [120, 121, 122, 123, 124, 125, 126],
            new[]
            {
                numbered.Centroid, numbered.CentroidDeviation, numbered.Rolloff, numbered.Flatness, numbered.ZeroCrossings, numbered.LoudnessRange,
                numbered.OnsetRate,
            });
        Assert.Equal([127, 128, 129], new[] { numbered.Loudness, numbered.Tempo, numbered.TempoStrength });
        Assert.Equal((130, 12, 142), (numbered.Chroma[0], numbered.Chroma.Length, numbered.Key));
        Assert.Equal((144, 145, 146), (numbered.KeyStrength, numbered.Energy, numbered.SpeechLikeness));
        Assert.Equal(Enumerable.Range(0, 127).Select(i => (float)i), numbered.BaseVector.ToArray());
    }

    [Fact]
    public void Rhythm_counts_a_third_of_the_rest()
        => Assert.Equal(
            Enumerable.Range(0, 127).Select(i => i is >= 60 and < 120 ? 0.35f : 1),
            SoundDescriptors.BaseWeights.ToArray());

    [Theory]
    [InlineData(0), InlineData(146), InlineData(148)]
    public void Another_number_of_numbers_is_refused(int length)
        => Assert.Contains(
            $"147 numbers; {length} were given", Assert.Throws<ArgumentException>(() => new SoundDescriptors(new float[length])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_is_refused(float value)
    {
        var values = new float[SoundDescriptors.Length];
        values[17] = value;

        Assert.Contains("Descriptor 17 is", Assert.Throws<ArgumentException>(() => new SoundDescriptors(values)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_numbers_come_back()
    {
        var descriptors = TrackDescriberTests.Describe(TestSignals.Clicks(3, 110));

        Assert.Equal(descriptors.Values.ToArray(), new SoundDescriptors(descriptors.Values).Values.ToArray());
    }
}

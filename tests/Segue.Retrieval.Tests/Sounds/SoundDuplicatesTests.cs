using Segue.Numerics;
using Segue.Retrieval.Sounds;

namespace Segue.Retrieval.Tests.Sounds;

public sealed class SoundDuplicatesTests
{
    private static readonly SoundDuplicateOptions Options = new();

    [Fact]
    public void Copies_of_about_the_same_length_come_together()
    {
        // Tracks 1000 + n are copies of track n, a little changed.
        var (vectors, random) = (SoundWorlds.Noise(1, 1600, 32), new SeededRandom(2));
        for (var n = 0; n < 600; n++)
        {
            for (var f = 0; f < 32; f++)
            {
                vectors.Row(1000 + n)[f] = vectors.Row(n)[f] + 0.03f * (float)random.NextNormal();
            }
        }
        TimeSpan DurationOf(int track) => TimeSpan.FromSeconds(track < 1000 ? 100 + track % 300 : 100 + (track - 1000) % 300 + (track % 3 == 0 ? 5 : 1));

        var groups = Find(SoundWorlds.Of(vectors, SoundWorlds.Plain), DurationOf, Options with { Threads = 2 });

        Assert.Equal(Enumerable.Range(0, 600).Where(n => (n + 1000) % 3 != 0), groups.Select(group => group.Tracks[0]));
        Assert.All(groups, group => Assert.Equal([group.Tracks[0], group.Tracks[0] + 1000], group.Tracks));
        Assert.All(groups, group => Assert.InRange(group.Similarities[1], 0.98f, 1));
    }

    [Theory]
    [InlineData(100, 102, true)]
    [InlineData(100, 102.1, false)]
    [InlineData(1000, 1010, true)]
    [InlineData(1000, 1010.2, false)]
    [InlineData(0, 0, false)]
    public void Durations_may_differ_by_two_seconds_or_one_percent(double first, double second, bool together)
        => Assert.Equal(together, Find(
            SoundWorlds.Of(new(2, 2, [1, 2, 1, 2]), SoundWorlds.Plain), track => TimeSpan.FromSeconds(track == 0 ? first : second), Options).Count == 1);

    [Fact]
    public void A_fingerprint_that_disagrees_keeps_tracks_apart()
    {
        var space = SoundWorlds.Of(new(4, 2, [1, 2, 1, 2, 1, 2, 1, 2]), SoundWorlds.Plain);

        var groups = Find(space, _ => TimeSpan.FromSeconds(200), Options with { Agree = (a, b) => a % 2 == b % 2 });

        Assert.Equal([0, 2], groups[0].Tracks);
        Assert.Equal([1, 3], groups[1].Tracks);
    }

    [Fact]
    public void Groups_are_closed_over_what_is_in_between()
    {
        var space = SoundWorlds.Of(SoundWorlds.Degrees(180), SoundWorlds.Plain);   // neighbors are alike, the ends are not

        Assert.Equal(180, Find(space, _ => TimeSpan.FromSeconds(200), Options).Single().Tracks.Count);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var space = SoundWorlds.Of(SoundWorlds.Degrees(2), SoundWorlds.Plain);

        Assert.Throws<ArgumentOutOfRangeException>(() => Find(space, _ => default, Options with { Cosine = 0.2f }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Find(space, _ => default, Options with { Share = double.NaN }));
    }

    private static IReadOnlyList<SoundDuplicateGroup> Find(SoundSpace space, Func<int, TimeSpan> durationOf, SoundDuplicateOptions options)
        => SoundDuplicates.Find(space, durationOf, options, TestContext.Current.CancellationToken);
}

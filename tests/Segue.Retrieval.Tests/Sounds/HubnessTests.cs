using Segue.Retrieval.Sounds;

namespace Segue.Retrieval.Tests.Sounds;

public sealed class HubnessTests
{
    [Fact]
    public void Holding_hubs_back_takes_most_of_the_skewness_away()
    {
        var space = SoundWorlds.Of(SoundWorlds.Hubby(1, 1500, 64));

        var (before, after) = (Measure(space, holdHubsBack: false), Measure(space));

        Assert.True(before.Skewness > 1.8, $"{before}");
        Assert.True(after.Skewness < before.Skewness / 2, $"{before} {after}");
        Assert.True(after.Largest < before.Largest / 2, $"{before} {after}");
    }

    [Fact]
    public void A_sample_of_anchors_holds_hubs_back_nearly_as_well()
    {
        var vectors = SoundWorlds.Hubby(2, 1200, 64);

        var all = Measure(SoundWorlds.Of(vectors));
        var sampled = Measure(SoundWorlds.Of(vectors, new() { Anchors = 200, Threads = 2 }));
        var none = Measure(SoundWorlds.Of(vectors, SoundWorlds.Plain));

        Assert.True(sampled.Skewness < none.Skewness / 2, $"{none} {sampled} {all}");
    }

    [Fact]
    public void Holding_hubs_back_finds_no_fewer_tracks_of_the_own_cluster()
    {
        const int Clusters = 20;
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var space = SoundWorlds.Of(SoundWorlds.Clustered(seed, 1000, 64, Clusters));
            double Precision(bool holdHubsBack) => space.NearestOfAll([.. Enumerable.Range(0, 1000)], 10, null, holdHubsBack, 2, TestContext.Current.CancellationToken)
                .Select((list, track) => list.Count(match => match.Track % Clusters == track % Clusters) / 10.0).Average();

            var (before, after) = (Precision(false), Precision(true));

            Assert.InRange(before, 0.2, 0.95);
            Assert.True(after >= before, $"{before} {after}");
        }
    }

    [Fact]
    public void A_sample_of_lists_measures_what_all_of_them_do()
    {
        var space = SoundWorlds.Of(SoundWorlds.Hubby(3, 2000, 32), SoundWorlds.Plain);

        var (all, sampled) = (Measure(space), Measure(space, lists: 800));

        Assert.Equal((2000, 800), (all.Lists, sampled.Lists));
        Assert.InRange(sampled.Skewness, 0.8 * all.Skewness, 1.2 * all.Skewness);
        Assert.InRange(sampled.Largest, 0.7 * all.Largest, 1.3 * all.Largest);
    }

    [Fact]
    public void Lists_that_take_turns_have_no_hubs()
        => Assert.Equal(0, Measure(SoundWorlds.Of(SoundWorlds.Degrees(360), SoundWorlds.Plain), neighbors: 2).Skewness, 0.5);

    private static HubnessMeasure Measure(SoundSpace space, int neighbors = 10, int lists = 4096, bool holdHubsBack = true)
        => Hubness.Measure(space, neighbors, lists, holdHubsBack, seed: 1, threads: 2, TestContext.Current.CancellationToken);
}

using Segue.Numerics;
using Segue.Retrieval.Sounds;

namespace Segue.Retrieval.Tests.Sounds;

public sealed class SoundSpaceTests
{
    [Fact]
    public void The_nearest_are_those_of_least_angle_without_the_track_itself()
    {
        var space = SoundWorlds.Of(SoundWorlds.Degrees(90), SoundWorlds.Plain);

        var near = space.Nearest(30, 4);

        Assert.Equal([28, 29, 31, 32], near.Select(match => match.Track).Order());
        Assert.Equal(MathF.Cos(MathF.PI / 180), near[0].Similarity, 3e-4f);
        Assert.All(near, match => Assert.Equal(match.Similarity, match.Score));
    }

    [Fact]
    public void A_filter_leaves_tracks_out_and_the_list_stays_as_long()
    {
        var space = SoundWorlds.Of(SoundWorlds.Degrees(90), SoundWorlds.Plain);

        Assert.Equal([26, 28, 32, 34], space.Nearest(30, 4, track => track % 2 == 0).Select(match => match.Track).Order());
    }

    [Fact]
    public void Tracks_are_rows_of_the_catalogue_in_any_order()
    {
        var space = Create([700, 3, 41], SoundWorlds.Degrees(3), SoundWorlds.Plain);

        Assert.Equal([3, 41], space.Nearest(700, 10).Select(match => match.Track));
        Assert.True(space.Has(41));
        Assert.False(space.Has(42));
        Assert.False(space.Has(100_000));
        Assert.Equal(1, space.Similarity(700, 700), 1e-5f);
    }

    [Fact]
    public void A_snapshot_stays_as_it_is_while_tracks_are_added()
    {
        var first = Create([10, 20], SoundWorlds.Degrees(2), SoundWorlds.Plain);
        var seen = first.Nearest(10, 5);

        var second = first.With([5, 3000], SoundWorlds.Noise(1, 2, 3));
        var third = second.With([.. Enumerable.Range(100, 50)], SoundWorlds.Noise(2, 50, 3));

        Assert.Equal((2, 4, 54), (first.Count, second.Count, third.Count));
        Assert.Equal(seen, first.Nearest(10, 5));
        Assert.False(first.Has(3000));
        Assert.True(second.Has(3000));
        Assert.Equal([5, 20, 3000], second.Nearest(10, 5).Select(match => match.Track).Order());
    }

    [Fact]
    public void Growing_and_making_at_once_give_the_same_lists()
    {
        var vectors = SoundWorlds.Clustered(3, 200, 16, 5);
        var tracks = Enumerable.Range(0, 200).ToArray();
        var options = new SoundSpaceOptions { Anchors = 100_000, Threads = 1 };
        DenseMatrix Part(int from, int count) => new(count, 16, vectors.Elements(from * 16, count * 16).ToArray());

        var grown = Create(tracks[..150], Part(0, 150), options).With(tracks[150..], Part(150, 50));
        var anew = Create(tracks[..150], Part(0, 150), options).With(tracks[150..170], Part(150, 20)).With(tracks[170..], Part(170, 30));

        Assert.Equal(All(grown, tracks, 1), All(anew, tracks, 2));
    }

    [Fact]
    public void Only_the_newest_snapshot_grows()
    {
        var first = Create([0], SoundWorlds.Degrees(1), SoundWorlds.Plain);
        first.With([1], SoundWorlds.Noise(1, 1, 3));

        var fault = Assert.Throws<InvalidOperationException>(() => first.With([2], SoundWorlds.Noise(2, 1, 3)));

        Assert.Contains("has 1, the newest 2", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1f, "Track 0 has a vector already")]
    [InlineData(-1, 1f, "row -1; allowed are 0 to")]
    [InlineData(7, float.NaN, "The vector of track 7 has no direction")]
    [InlineData(7, 0f, "The vector of track 7 has no direction")]
    public void What_is_wrong_is_named_and_nothing_is_added(int track, float value, string told)
    {
        var space = Create([0], SoundWorlds.Degrees(1), SoundWorlds.Plain);

        var fault = Assert.Throws<ArgumentException>(() => space.With([6, track], new(2, 3, [1, 2, 3, value, value, value])));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, space.With([6], SoundWorlds.Noise(1, 1, 3)).Count);
    }

    [Fact]
    public void A_track_without_sound_is_named()
    {
        var space = SoundWorlds.Of(SoundWorlds.Degrees(2), SoundWorlds.Plain);

        Assert.Contains("track 9", Assert.Throws<ArgumentException>(() => space.Nearest(9, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_the_same_for_any_number_of_threads_and_alone_or_together()
    {
        var space = SoundWorlds.Of(SoundWorlds.Clustered(5, 400, 32, 8));
        int[] tracks = [.. Enumerable.Range(0, 400)];

        var together = All(space, tracks, 2);

        Assert.Equal(together, All(space, tracks, 1));
        Assert.All(tracks.Where(track => track % 40 == 0), track => Assert.Equal(together[track], space.Nearest(track, 10)));
    }

    private static SoundSpace Create(int[] tracks, DenseMatrix vectors, SoundSpaceOptions options)
        => SoundSpace.Create("test", tracks, vectors, options, TestContext.Current.CancellationToken);

    private static SoundMatch[][] All(SoundSpace space, int[] tracks, int threads)
        => space.NearestOfAll(tracks, 10, threads: threads, cancellation: TestContext.Current.CancellationToken);
}

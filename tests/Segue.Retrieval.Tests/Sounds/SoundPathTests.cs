using Segue.Numerics;
using Segue.Retrieval.Sounds;

namespace Segue.Retrieval.Tests.Sounds;

public sealed class SoundPathTests
{
    [Fact]
    public void On_an_arc_the_path_takes_the_tracks_at_even_steps()
    {
        var path = Find(SoundWorlds.Of(SoundWorlds.Degrees(91), SoundWorlds.Plain), 0, 90, new() { Count = 7 });

        Assert.Equal([0, 15, 30, 45, 60, 75, 90], path.Select(step => step.Track));
        Assert.Equal(0.5f, path[3].Position, 1e-3f);
        Assert.Equal(MathF.Cos(15 * MathF.PI / 180), path[3].Similarity, 1e-3f);
    }

    [Fact]
    public void In_many_dimensions_a_path_goes_forward_without_repeats()
    {
        var space = SoundWorlds.Of(Web(400, 24));

        for (var pair = 0; pair < 10; pair++)
        {
            var path = Find(space, pair, 399 - pair, new() { Count = 12 });

            Assert.Equal(12, path.DistinctBy(step => step.Track).Count());
            Assert.Equal((pair, 399 - pair), (path[0].Track, path[^1].Track));
            var steps = path.Zip(path.Skip(1), (a, b) => b.Position - a.Position).ToList();
            Assert.All(steps, step => Assert.InRange(step, 0, 2.5 / 11));
        }
    }

    [Fact]
    public void Artists_are_kept_apart_and_equal_spaces_give_equal_paths()
    {
        int ArtistOf(int track) => track / 8;
        var options = new SoundPathOptions { Count = 15, Artists = new(3, ArtistOf), Threads = 2 };

        var path = Find(SoundWorlds.Of(SoundWorlds.Degrees(120), SoundWorlds.Plain), 0, 119, options);

        for (var n = 0; n < path.Count; n++)
        {
            Assert.DoesNotContain(ArtistOf(path[n].Track), path.Take(n).TakeLast(3).Select(step => ArtistOf(step.Track)));
        }
        Assert.Equal(path, Find(SoundWorlds.Of(SoundWorlds.Degrees(120), SoundWorlds.Plain), 0, 119, options with { Threads = 1 }));
    }

    [Fact]
    public void Tracks_that_are_kept_out_are_on_no_path()
        => Assert.All(
            Find(SoundWorlds.Of(SoundWorlds.Degrees(91), SoundWorlds.Plain), 0, 90, new() { Count = 9, Keep = track => track % 2 == 1 }).Skip(1).SkipLast(1),
            step => Assert.Equal(1, step.Track % 2));

    [Fact]
    public void A_small_space_gives_a_shorter_path()
        => Assert.Equal([0, 1, 2, 3], Find(SoundWorlds.Of(SoundWorlds.Degrees(4), SoundWorlds.Plain), 0, 3, new() { Count = 20 }).Select(step => step.Track).Order());

    [Fact]
    public void Between_equal_and_between_opposite_sounds_there_is_a_path_too()
    {
        var vectors = SoundWorlds.Noise(4, 60, 5);
        vectors.Row(0).CopyTo(vectors.Row(1));
        for (var f = 0; f < 5; f++)
        {
            vectors.Row(2)[f] = -vectors.Row(0)[f];
        }
        var space = SoundWorlds.Of(vectors, SoundWorlds.Plain);

        Assert.Equal(6, Find(space, 0, 1, new() { Count = 6 }).DistinctBy(step => step.Track).Count());
        Assert.Equal(6, Find(space, 0, 2, new() { Count = 6 }).DistinctBy(step => step.Track).Count());
    }

    [Fact]
    public void Two_tracks_are_a_path_and_one_is_none()
    {
        var space = SoundWorlds.Of(SoundWorlds.Degrees(9), SoundWorlds.Plain);

        Assert.Equal([2, 8], Find(space, 2, 8, new() { Count = 2 }).Select(step => step.Track));
        Assert.Throws<ArgumentException>(() => Find(space, 2, 2, new()));
        Assert.Throws<ArgumentException>(() => Find(space, 2, 8, new() { Count = 1 }));
        Assert.Throws<ArgumentException>(() => Find(space, 2, 8, new() { Count = 201 }));
    }

    private static IReadOnlyList<SoundStep> Find(SoundSpace space, int from, int to, SoundPathOptions options)
        => SoundPath.Find(space, from, to, options, TestContext.Current.CancellationToken);

    // Points spread along a great circle with noise about it: the ends are the first and the last.
    private static DenseMatrix Web(int count, int dimensions)
    {
        var vectors = SoundWorlds.Noise(9, count, dimensions);
        for (var n = 0; n < count; n++)
        {
            var angle = n * 1.4 / (count - 1);
            for (var f = 0; f < dimensions; f++)
            {
                vectors.Row(n)[f] *= 0.08f;
            }
            vectors.Row(n)[0] += (float)Math.Cos(angle);
            vectors.Row(n)[1] += (float)Math.Sin(angle);
        }
        return vectors;
    }
}

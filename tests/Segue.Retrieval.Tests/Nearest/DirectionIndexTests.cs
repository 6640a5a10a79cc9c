using Segue.Numerics;
using Segue.Retrieval.Nearest;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Nearest;

public sealed class DirectionIndexTests
{
    private const int D = 12, Rows = 900;

    [Fact]
    public void Lists_are_those_of_comparing_every_track_whether_they_came_together_or_one_after_the_other()
    {
        int[] tracks = [.. Enumerable.Range(0, Rows).Where(track => track % 3 != 1)];
        var vectors = Random(tracks.Length, 1);
        var (first, second) = (tracks.Length - 90, tracks.Length - 20);
        var grown = DirectionIndex.Create("000001", tracks[..first], Part(vectors, 0, first)).With(tracks[first..second], Part(vectors, first, second)).With(tracks[second..], Part(vectors, second, tracks.Length));
        DirectionIndex[] indexes = [DirectionIndex.Create("000001", tracks, vectors), grown];
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new SeededRandom(seed, 2);
            float[] direction = [.. Enumerable.Range(0, D).Select(_ => (float)random.NextNormal())];
            var excluded = Enumerable.Range(0, Rows).Where(_ => random.NextBool(0.2)).ToHashSet();
            var count = 1 + random.NextInt(30);
            var plain = new TopK(count);
            for (var n = 0; n < tracks.Length; n++)
            {
                if (!excluded.Contains(tracks[n]))
                {
                    plain.Add(tracks[n], Vectors.Dot(direction, indexes[0].Vector(tracks[n])));
                }
            }
            var expected = plain.Take();

            Assert.All(indexes, index => Assert.Equal(expected, index.Nearest(direction, count, new(excluded))));
        }
    }

    [Fact]
    public void An_index_that_grew_much_is_made_anew_and_answers_the_same()
    {
        var vectors = Random(60, 3);
        int[] tracks = [.. Enumerable.Range(0, 60).Reverse()];
        var atOnce = DirectionIndex.Create("000001", tracks, vectors);

        var grown = DirectionIndex.Create("000001", tracks[..10], Part(vectors, 0, 10)).With(tracks[10..], Part(vectors, 10, 60));

        Assert.Equal(60, grown.Count);
        Assert.Equal(atOnce.Nearest(vectors.Row(7), 20, ExcludedTracks.None), grown.Nearest(vectors.Row(7), 20, ExcludedTracks.None));
        Assert.All(tracks, track => Assert.Equal(atOnce.Vector(track).ToArray(), grown.Vector(track).ToArray()));
    }

    [Fact]
    public void A_filter_lets_no_other_tracks_be_found_among_old_ones_and_new()
    {
        var vectors = Random(60, 4);
        int[] tracks = [.. Enumerable.Range(0, 60)];
        var index = DirectionIndex.Create("000001", tracks[..50], Part(vectors, 0, 50)).With(tracks[50..], Part(vectors, 50, 60));
        var choice = new TrackChoice(TinyWorld.Nearest, track => track % 2 == 0);

        for (var time = 0; time < 2; time++)   // what is chosen is kept for the second
        {
            var found = index.Nearest(vectors.Row(3), 60, new(new HashSet<int> { 4, 52 }, choice));

            Assert.Equal(Enumerable.Range(0, 60).Where(track => track % 2 == 0 && track is not 4 and not 52), found.Select(item => item.Item).Order());
        }
    }

    [Fact]
    public void Vectors_have_the_length_1_and_tracks_without_one_have_none()
    {
        var index = DirectionIndex.Create("000001", [5, 2], Random(2, 5));

        Assert.Equal((2, D, "000001"), (index.Count, index.Dimensions, index.ModelVersion));
        Assert.Equal(1, Vectors.Norm(index.Vector(5)), 1e-6);
        Assert.All([-1, 0, 3, 6, 1000], track => Assert.True(index.Vector(track).IsEmpty && !index.Has(track)));
        Assert.Empty(index.Nearest(index.Vector(5), 0, ExcludedTracks.None));
    }

    [Fact]
    public void What_cannot_be_indexed_is_refused_with_the_track()
    {
        var index = DirectionIndex.Create("000001", [0, 1], Random(2, 6));

        Assert.Contains("Track 1 ", Assert.Throws<ArgumentException>(() => index.With([1], Random(1, 7))).Message, StringComparison.Ordinal);
        Assert.Contains("Track 3 ", Assert.Throws<ArgumentException>(() => DirectionIndex.Create("000001", [3, 3], Random(2, 8))).Message, StringComparison.Ordinal);
        Assert.Contains("track 9 ", Assert.Throws<ArgumentException>(() => DirectionIndex.Create("000001", [9], new(1, D))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.With([4], new DenseMatrix(1, D + 1)));
    }

    private static DenseMatrix Part(DenseMatrix vectors, int from, int to)
    {
        var part = new DenseMatrix(to - from, D);
        vectors.AsSpan()[(from * D)..(to * D)].CopyTo(part.AsSpan());
        return part;
    }

    private static DenseMatrix Random(int rows, ulong seed)
    {
        var (matrix, random) = (new DenseMatrix(rows, D), new SeededRandom(seed));
        foreach (ref var value in matrix.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return matrix;
    }
}

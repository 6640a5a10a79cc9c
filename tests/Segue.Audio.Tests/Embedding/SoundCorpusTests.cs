using Segue.Audio.Embedding;
using Segue.Numerics;

namespace Segue.Audio.Tests.Embedding;

public sealed class SoundCorpusTests
{
    private const int Tracks = 30;

    // Albums of three tracks; the last twelve tracks have none, but four artists of three; track 30 is alone on its album.
    private static readonly SoundCorpus Corpus = new(
        [.. Enumerable.Range(0, Tracks).Select(track => ToyTracks.Numbered(track, 1 + track % 3, track < 18 ? track / 3 : -1, track / 3)), ToyTracks.Numbered(Tracks, 2, album: 77, artist: 5)],
        [(0, 1), (1, 2), (3, 3), (4, 9), (10, 20), (20, 4), (5, 6)]);

    private static List<(int Track, int Window, int Group)> Draw(Likeness likeness, int count, ulong seed)
    {
        var (windows, groups, random) = (new List<ReadOnlyMemory<byte>>(), new List<int>(), new SeededRandom(seed));
        Corpus.Draw(likeness, count, ref random, windows, groups);
        return [.. windows.Zip(groups).Select(drawn => ((int)drawn.First.Span[0], (int)drawn.First.Span[1], drawn.Second))];
    }

    public static TheoryData<Likeness, int> Batches { get; } =
        [.. from likeness in Enum.GetValues<Likeness>() from count in (int[])[8, 9, 13, 40, 96] select (likeness, count)];

    [Theory, MemberData(nameof(Batches))]
    public void Each_group_of_a_batch_has_two_or_more_and_no_track_is_in_two_groups(Likeness likeness, int count)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var drawn = Draw(likeness, count, seed);

            Assert.InRange(drawn.Count, 2, count);
            Assert.All(drawn.GroupBy(window => window.Group), group => Assert.True(group.Count() >= 2, $"a group of one at seed {seed}"));
            Assert.All(drawn.GroupBy(window => window.Track), track => Assert.Single(track.Select(window => window.Group).Distinct()));
            Assert.Equal(drawn, Draw(likeness, count, seed));
        }
    }

    [Fact]
    public void Crops_of_one_track_are_different_windows_where_it_has_two()
    {
        var drawn = Draw(Likeness.SameTrack, 40, 1);

        Assert.Equal(20, drawn.Select(window => window.Track).Distinct().Count());
        Assert.All(drawn.GroupBy(window => window.Group), pair =>
        {
            Assert.Single(pair.Select(window => window.Track).Distinct());
            Assert.Equal(Math.Min(2, Corpus.Tracks[pair.First().Track].Windows), pair.Select(window => window.Window).Distinct().Count());
        });
    }

    [Fact]
    public void A_group_is_of_one_album_and_of_one_artist_where_no_album_is_known()
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var drawn = Draw(Likeness.SameAlbum, 96, (ulong)seed);

            Assert.All(drawn.GroupBy(window => window.Group), group => Assert.Single(group.Select(window => window.Track / 3).Distinct()));
            Assert.Equal(Tracks, drawn.Select(window => window.Track).Distinct().Count());   // all groups fit; who is alone on an album is in none
        }
    }

    [Fact]
    public void Tracks_heard_together_are_those_of_the_pairs()
    {
        var seen = Enumerable.Range(0, 50).SelectMany(seed => Draw(Likeness.CoListened, 8, (ulong)seed).GroupBy(window => window.Group))
            .Select(pair => string.Join('-', pair.Select(window => window.Track))).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(["0-1", "1-2", "10-20", "20-4", "4-9", "5-6"], seen);
    }

    [Fact]
    public void What_too_little_is_known_of_is_not_learnt()
    {
        Assert.All(Enum.GetValues<Likeness>(), likeness => Assert.True(Corpus.Knows(likeness)));

        var bare = new SoundCorpus([ToyTracks.Numbered(0, album: 1), ToyTracks.Numbered(1, album: 1), ToyTracks.Numbered(2)]);

        Assert.Equal((true, false, false), (bare.Knows(Likeness.SameTrack), bare.Knows(Likeness.SameAlbum), bare.Knows(Likeness.CoListened)));
    }

    [Fact]
    public void Tracks_without_whole_windows_are_refused()
    {
        Assert.Contains("there are 1", Assert.Throws<ArgumentException>(() => new SoundCorpus([ToyTracks.Numbered(0)])).Message, StringComparison.Ordinal);
        Assert.Contains("has 100 bytes", Assert.Throws<ArgumentException>(() => new SoundCorpus([ToyTracks.Numbered(0), new(new byte[100])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SoundCorpus([ToyTracks.Numbered(0), new(new byte[TrackFeatures.WindowBytes + 1])]));
    }
}

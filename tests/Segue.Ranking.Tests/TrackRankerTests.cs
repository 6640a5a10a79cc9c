using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Retrieval;
using Segue.Tests.Shared;

namespace Segue.Ranking.Tests;

public sealed class TrackRankerTests
{
    private static readonly Candidate[] All = [.. Enumerable.Range(0, 60).Select(track => new Candidate(track, "test", 0))];

    private static readonly RankingWeights Plain = new() { Taste = 1, Session = 1, Genre = 1, Artist = 1, CoListen = 1, Popularity = 1, Appeal = 1, Skip = 1 };

    private static Dictionary<int, ScoreParts> Parts(UserHistory history, params SessionSignal[] signals)
        => Rank(Plain, history, signals).ToDictionary(ranked => ranked.Track, ranked => ranked.Parts);

    private static RankedPool Rank(RankingWeights weights, UserHistory history, params SessionSignal[] signals)
        => new TrackRanker(weights).Rank(
            new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, signals, ExcludedTracks.None, new(weights.Skip)), All);

    private static SessionSignal Signal(int track, float strength) => new(track, strength, IsSeed: false);

    [Fact]
    public void The_parts_add_up_to_the_score_and_the_best_comes_first_with_ties_by_row()
    {
        for (ulong world = 0; world < 30; world++)
        {
            var random = new SeededRandom(2, world);
            var signals = Enumerable.Range(0, random.NextInt(8)).Select(_ => Signal(random.NextInt(60), 2 * (float)random.NextNormal())).ToArray();
            var ranking = Rank(new(), random.NextBool(0.2) ? UserHistory.Empty : TinyWorld.Data.History(random.NextInt(40)), signals);

            Assert.Equal(60, ranking.Select(ranked => ranked.Track).Distinct().Count());
            Assert.All(ranking, r => Assert.Equal(
                r.Parts.Taste + r.Parts.Session + r.Parts.Genre + r.Parts.Artist + r.Parts.CoListen + r.Parts.Popularity + r.Parts.Appeal, r.Score, 1e-5));
            Assert.Equal(ranking.OrderByDescending(r => r.Score).ThenBy(r => r.Track), ranking);
        }
    }

    [Fact]
    public void Of_a_stranger_only_popularity_counts()
    {
        var ranking = Rank(new(), UserHistory.Empty);

        Assert.Equal(TinyWorld.Models.Popular.MostLiked, ranking.Select(ranked => ranked.Track));
        Assert.All(ranking, r => Assert.Equal(r.Parts.Popularity, r.Score));
        Assert.Equal(new RankingWeights().Popularity, ranking[0].Score, 1e-6);
    }

    [Fact]
    public void Evidence_is_kept_minus_skipped_shrunk_by_one()
    {
        // Rock: 1 kept, 1 skipped whole: 0 / 3. Jazz: two kept: 2 / 3. Techno: half skipped: -0.5 / 1.5.
        var parts = Parts(UserHistory.Empty, Signal(0, 1), Signal(19, -1), Signal(20, 1), Signal(24, 1), Signal(40, -0.5f));

        Assert.All(TinyWorld.TracksOf(0), track => Assert.Equal(0, parts[track].Genre, 1e-6));
        Assert.All(TinyWorld.TracksOf(1), track => Assert.Equal(2f / 3, parts[track].Genre, 1e-6));
        Assert.All(TinyWorld.TracksOf(2), track => Assert.Equal(-1f / 3, parts[track].Genre, 1e-6));
        Assert.Equal(0.5f, parts[3].Artist, 1e-6);       // of the artist of track 0
        Assert.Equal(-0.5f, parts[17].Artist, 1e-6);     // of the artist of track 19
        Assert.Equal(0, parts[8].Artist);
    }

    [Fact]
    public void A_kept_track_raises_its_own_kind_and_a_skipped_one_lowers_it()
    {
        var (before, kept, skipped) = (Parts(UserHistory.Empty), Parts(UserHistory.Empty, Signal(21, 1)), Parts(UserHistory.Empty, Signal(21, -1)));

        foreach (var track in TinyWorld.TracksOf(1).Where(track => TinyWorld.Models.Popular.Likes(track) > 3))
        {
            Assert.True(kept[track].Total > before[track].Total && before[track].Total > skipped[track].Total, $"track {track}");
        }
    }

    [Fact]
    public void What_is_seldom_skipped_gains_by_its_appeal_and_what_is_skipped_loses()
    {
        ListenerContext context = new(TinyWorld.Data.Catalogue, TinyWorld.WithAppeal, TinyWorld.Nearest, UserHistory.Empty, [], ExcludedTracks.None, new(Skip: 1));
        var ranking = new TrackRanker(new() { Appeal = 2 }).Rank(context, All);

        Assert.All(ranking, ranked => Assert.Equal(2 * TinyWorld.WithAppeal.Popular.AppealOf(ranked.Track), ranked.Parts.Appeal, 1e-6));
        Assert.Contains(ranking, ranked => ranked.Parts.Appeal > 0.5f);
        Assert.Contains(ranking, ranked => ranked.Parts.Appeal < -0.5f);
        Assert.InRange(ranking[0].Track, 45, 59);
        Assert.InRange(ranking[^1].Track, 0, 14);
    }

    [Fact]
    public void Weights_scale_their_own_part()
    {
        var signals = new[] { Signal(21, 1), Signal(2, -1) };
        var (one, none) = (Rank(Plain, TinyWorld.Data.History(1), signals), Rank(Plain with { Genre = 0, Taste = 0 }, TinyWorld.Data.History(1), signals));
        var plain = one.ToDictionary(r => r.Track, r => r.Parts);

        Assert.All(none, r => Assert.Equal(plain[r.Track] with { Genre = 0, Taste = 0 }, r.Parts));
        var twice = Rank(Plain with { Artist = 2, CoListen = 2 }, TinyWorld.Data.History(1), signals);
        Assert.All(twice, r => Assert.Equal((2 * plain[r.Track].Artist, 2 * plain[r.Track].CoListen), (r.Parts.Artist, r.Parts.CoListen)));
    }
}

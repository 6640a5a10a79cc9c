using Segue.Numerics;
using Segue.Features.Interactions;
using Segue.Ranking.Exploring;
using Segue.Retrieval;
using Segue.Tests.Shared;

namespace Segue.Ranking.Tests.Exploring;

/// <summary>A lover of rock; the list holds the first tracks of artists 0 and 1, and tracks 8 to 19 of three other artists of the genre are new, and so is all techno.</summary>
public sealed class ExplorerTests
{
    private const double Share = 0.3;
    private static readonly TrackRanker Ranker = new(new());
    private static readonly ListenerContext Rock = Context(TinyWorld.Data.History(6));
    private static readonly IReadOnlyList<RankedTrack> List = [.. Ranker.Rank(Rock, [.. new[] { 0, 4, 1, 5 }.Select(track => new Candidate(track, "taste", 1))])];
    private static readonly IReadOnlyList<NewTrack> Fresh = [.. Enumerable.Range(8, 12).Concat(TinyWorld.TracksOf(2)).Select(track => new NewTrack(track, 0, 0))];

    private static ListenerContext Context(UserHistory history, IReadOnlySet<int>? excluded = null)
        => new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, [], new(excluded ?? new HashSet<int>()), new(Skip: 1));

    private static ExploredList Place(ulong seed, double share = Share, IReadOnlyList<NewTrack>? fresh = null, ListenerContext? context = null)
        => Explorer.Place(List, fresh ?? Fresh, context ?? Rock, Ranker, [], share, seed);

    private static bool IsNew(RankedTrack track) => track.Candidate.Source == Explorer.Source;

    [Fact]
    public void So_many_places_are_given_away_as_asked_and_each_track_comes_as_often_as_its_propensity_says()
    {
        const int Lists = 4000;
        var (explored, weighed) = (0, 0.0);
        for (ulong seed = 0; seed < Lists; seed++)
        {
            var list = Place(seed);
            Assert.Equal(List.Count, list.Tracks.Count);
            Assert.Equal(List.Count, list.Propensities.Count);
            explored += IsNew(list.Tracks[0]) ? 1 : 0;
            // Horvitz and Thompson: over all lists, the first track of the list weighed by its propensity counts once a list.
            weighed += IsNew(list.Tracks[0]) ? 0 : 1 / list.Propensities[0];
        }
        Assert.InRange(explored / (double)Lists, Share - 0.03, Share + 0.03);   // four deviations
        Assert.InRange(weighed / Lists, 0.95, 1.05);
    }

    [Fact]
    public void Propensities_of_the_new_tracks_of_one_place_sum_to_the_share()
    {
        // Of one and the same contest every winner is met by its share, so that means over seeds weigh alike.
        var weighed = new Dictionary<int, double>();
        const int Lists = 20_000;
        for (ulong seed = 0; seed < Lists; seed++)
        {
            if (Place(seed) is var list && IsNew(list.Tracks[0]))
            {
                Assert.InRange(list.Propensities[0], Share / Explorer.Contests, Share);
                weighed[list.Tracks[0].Track] = weighed.GetValueOrDefault(list.Tracks[0].Track) + 1 / list.Propensities[0];
            }
        }
        Assert.True(weighed.Count > 3);
        Assert.All(weighed.Values, weight => Assert.InRange(weight / Lists, 0.8, 1.2));
    }

    [Fact]
    public void What_was_refused_gives_way_to_what_nobody_heard_and_what_was_kept_comes_most()
    {
        IReadOnlyList<NewTrack> told = [new(8, 0, 5), new(12, 0, 0), new(16, 5, 0)];
        var wins = new Dictionary<int, int>();
        for (ulong seed = 0; seed < 1000; seed++)
        {
            if (Place(seed, 0.5, told).Tracks[0] is var first && IsNew(first))
            {
                wins[first.Track] = wins.GetValueOrDefault(first.Track) + 1;
            }
        }
        Assert.True(wins[16] > wins[12] && wins[12] > wins.GetValueOrDefault(8), string.Join(" ", wins));
    }

    [Fact]
    public void New_tracks_are_near_to_the_listener_and_of_other_artists_than_the_list()
        => Assert.All(Enumerable.Range(0, 200), seed =>
        {
            int[] fresh = [.. Place((ulong)seed, 0.5).Tracks.Where(IsNew).Select(track => track.Track)];
            Assert.All(fresh, track => Assert.InRange(track, 8, 19));
            Assert.Equal(fresh.Length, fresh.Select(TinyWorld.Data.Catalogue.ArtistOf).Distinct().Count());
        });

    [Fact]
    public void The_same_seed_gives_the_same_list()
        => Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(
            Place((ulong)seed).Tracks.Select(track => track.Track), Place((ulong)seed).Tracks.Select(track => track.Track)));

    [Fact]
    public void Where_no_new_track_may_come_the_list_is_as_it_was_and_certain()
    {
        ExploredList[] lists = [Place(1, fresh: []), Place(1, context: Context(TinyWorld.Data.History(6), new HashSet<int>(Enumerable.Range(8, 52)))), Place(1, fresh: [new(0, 0, 0)])];

        Assert.All(lists, list =>
        {
            Assert.Equal(List, list.Tracks);
            Assert.All(list.Propensities, propensity => Assert.Equal(1, propensity));
        });
    }

    [Fact]
    public void New_is_what_few_kept_or_refused()
    {
        var data = new TrainingSet(CsrMatrix.FromTriplets(3, 4, [(0, 0, 1f), (1, 0, -1f), (2, 0, 2f), (0, 1, 1f), (1, 1, -2f), (2, 3, -1f)]));

        Assert.Equal([new(1, 1, 1), new(2, 0, 0), new(3, 0, 1)], NewTracks.Of(data, untilListeners: 3));
        Assert.Equal([new(2, 0, 0)], NewTracks.Of(data, untilListeners: 1));
    }

    [Theory, InlineData(-0.1), InlineData(0.6), InlineData(double.NaN)]
    public void A_share_out_of_range_is_refused(double share)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new ExplorationOptions { Share = share });

    [Theory, InlineData(0), InlineData(11)]
    public void A_number_of_listeners_out_of_range_is_refused(int listeners)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new ExplorationOptions { UntilListeners = listeners });
}

using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Retrieval.Nearest;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class CandidateGeneratorTests
{
    public static TheoryData<string> Sources { get; } = [.. CandidatePool.AllSources.Select(generator => generator.Source)];

    private static readonly IReadOnlySet<int> None = new HashSet<int>();

    // The last five tracks of each genre.
    private static readonly NewReleases Newest = NewReleases.Of(new(CsrMatrix.FromTriplets(0, 60, [])), trained: 60).With(15, 20).With(35, 40).With(55, 60);

    private static readonly ModelSet Models = TinyWorld.Models.WithSittings(TinyWorld.Data.Training, new());

    // A genre has a sound, and every other track is heard; tags say the same.
    private static readonly DirectionIndex Sounds = DirectionIndex.Create("000001", [.. Enumerable.Range(0, 60).Where(track => track % 2 == 0)], SoundsOf(4));

    private static DenseMatrix SoundsOf(int dimensions)
    {
        var (vectors, random) = (new DenseMatrix(30, dimensions), new SeededRandom(5));
        for (var n = 0; n < vectors.Rows; n++)
        {
            foreach (ref var value in vectors.Row(n))
            {
                value = 0.1f * (float)random.NextNormal();
            }
            vectors.Row(n)[TinyWorld.GenreOf(2 * n)] += 1;
        }
        return vectors;
    }

    private static ListenerContext Context(UserHistory? history = null, SessionSignal[]? signals = null, IReadOnlySet<int>? excluded = null, ScoredItem[]? before = null)
        => new(TinyWorld.Data.Catalogue, Models, TinyWorld.Nearest, history ?? UserHistory.Empty, signals ?? [], new(excluded ?? None), new(Skip: 1))
        {
            Releases = Newest, Genres = new(TinyWorld.Data.Catalogue, TinyWorld.Nearest), Sounds = Sounds, Tags = Sounds, FoundBefore = before is null ? [] : [before],
        };

    private static Candidate[] Pool(ListenerContext context, int perSource)
    {
        var pool = new CandidatePool(CandidatePool.AllSources, perSource);
        return pool.Gather(context, pool.Search(context));
    }

    [Fact]
    public void What_was_found_before_changes_nothing_of_what_the_sitting_finds()
    {
        for (ulong world = 0; world < 40; world++)
        {
            var random = new SeededRandom(77, world);
            SessionSignal[] signals = [.. Enumerable.Range(0, 1 + random.NextInt(6)).Select(_ => random.NextInt(60)).Distinct().Select(track => track % 3 == 0 ? Skipped(track) : Kept(track))];
            var excluded = signals.Select(signal => signal.Track).ToHashSet();
            ScoredItem[] before = [.. Enumerable.Range(0, 40).Select(_ => new ScoredItem(random.NextInt(60), 0))];
            var (plain, hinted) = (Context(signals: signals, excluded: excluded), Context(signals: signals, excluded: excluded, before: before));

            Assert.Equal(Generator("session").Propose(plain, 10), Generator("session").Propose(hinted, 10));
        }
    }

    [Fact]
    public void What_others_heard_around_some_tracks_is_the_weighted_sum_of_their_neighbors()
    {
        (int Track, float Weight)[] anchors = [(3, 1), (8, -0.5f), (3, 0.25f)];
        var plain = new Dictionary<int, float>();
        foreach (var (track, weight) in anchors)
        {
            foreach (var neighbor in Models.Neighbors.Neighbors(track))
            {
                plain[neighbor.Item] = plain.GetValueOrDefault(neighbor.Item) + weight * neighbor.Score;
            }
        }

        var around = new CoListening(Models.Neighbors, anchors);

        Assert.NotEmpty(plain);
        Assert.Equal(plain.OrderBy(sum => sum.Key), around.Sums.ToArray().Select(sum => KeyValuePair.Create(sum.Item, sum.Score)).OrderBy(sum => sum.Key));
        Assert.All(Enumerable.Range(0, 60), track => Assert.Equal(plain.GetValueOrDefault(track), around[track]));
        Assert.Equal(plain.Values.Max(Math.Abs), around.Most);
    }

    private static ICandidateGenerator Generator(string source) => CandidatePool.AllSources.Single(generator => generator.Source == source);

    private static SessionSignal Kept(int track) => new(track, 1, IsSeed: false);

    private static SessionSignal Skipped(int track) => new(track, -1, IsSeed: false);

    [Theory, MemberData(nameof(Sources))]
    public void No_generator_proposes_what_is_excluded_or_more_than_asked_or_anything_twice(string source)
    {
        for (ulong world = 0; world < 40; world++)
        {
            var random = new SeededRandom(1, world);
            var excluded = Enumerable.Range(0, 60).Where(_ => random.NextBool(0.3)).ToHashSet();
            var signals = Enumerable.Range(0, random.NextInt(6)).Select(_ => new SessionSignal(random.NextInt(60), random.NextBool(0.6) ? 1 : -1, random.NextBool(0.3))).ToArray();
            var history = random.NextBool(0.3) ? UserHistory.Empty : TinyWorld.Data.History(random.NextInt(TinyWorld.Listeners));
            var context = Context(history, signals, excluded);
            foreach (var count in new[] { 1, 2, 7, 30, 500 })
            {
                var proposed = Generator(source).Propose(context, count).ToList();

                Assert.InRange(proposed.Count, 0, count);
                Assert.DoesNotContain(proposed, candidate => excluded.Contains(candidate.Item));
                Assert.Equal(proposed.Count, proposed.Select(candidate => candidate.Item).Distinct().Count());
                Assert.Equal(proposed.Select(p => p.Item), Generator(source).Propose(context, count).Select(p => p.Item));
            }
        }
    }

    [Theory, MemberData(nameof(Sources))]
    public void A_generator_is_silent_where_everything_is_excluded(string source)
    {
        var context = Context(TinyWorld.Data.History(0), [Kept(3)], Enumerable.Range(0, 60).ToHashSet());

        Assert.Empty(Generator(source).Propose(context, 10));
    }

    [Fact]
    public void Of_a_stranger_only_popularity_has_something_to_say()
        => Assert.Equal(["popular"], CandidatePool.AllSources.Where(g => g.Propose(Context(), 10).Length > 0).Select(g => g.Source));

    [Fact]
    public void Taste_proposes_the_genre_of_the_history()
        => Assert.All(Enumerable.Range(0, 3), listener => Assert.All(
            new TasteCandidates().Propose(Context(TinyWorld.Data.History(listener + 6)), 8),
            candidate => Assert.Equal(listener, TinyWorld.GenreOf(candidate.Item))));

    [Fact]
    public void A_sitting_that_keeps_jazz_is_offered_jazz_by_all_that_look_at_it()
    {
        var context = Context(TinyWorld.Data.History(6), [Skipped(0), Kept(22), Kept(25)]);   // a rock listener
        ICandidateGenerator[] generators = [new SessionCandidates(), new SessionGenreCandidates(), new ArtistCandidates(), new SittingCandidates(), new CoListenCandidates(), new SoundCandidates(), new TagCandidates(), new GenreCandidates()];

        Assert.All(generators, generator =>
        {
            var proposed = generator.Propose(context, 9).ToList();
            Assert.NotEmpty(proposed);
            Assert.All(proposed, candidate => Assert.Equal(1, TinyWorld.GenreOf(candidate.Item)));
        });
    }

    [Fact]
    public void Sittings_bring_first_what_others_played_right_after_what_was_kept()
    {
        // Five listeners play 0, 1, 2 in a row; one plays 0 and then 59.
        var profiles = Enumerable.Range(0, 6).Select(n => new ListenerProfile(TinyWorld.Listener(n), null, AgeBand.Unknown, Gender.Unknown)).ToList();
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var plays = Enumerable.Range(0, 6).SelectMany(n => (n < 5 ? [0, 1, 2] : (int[])[0, 59]).Select((track, place) => new Interaction(
            TinyWorld.Listener(n).Value, TinyWorld.IdOf(track).Value, 1, start.AddMinutes((20 * n) + (4 * place)), InteractionAction.Listen)));
        var data = Dataset.Build(TinyWorld.Catalogue, profiles, [.. plays]);
        ListenerContext Sitting(params SessionSignal[] signals) => new(
            data.Catalogue, TinyWorld.Models.WithSittings(data.Training, new()), TinyWorld.Nearest, UserHistory.Empty, signals, new(signals.Select(signal => signal.Track).ToHashSet()), new(Skip: 1));

        Assert.Equal([1, 2, 59], new SittingCandidates().Propose(Sitting(Kept(0)), 10).Select(candidate => candidate.Item));
        Assert.Equal([2], new SittingCandidates().Propose(Sitting(Kept(0), Kept(1)), 1).Select(candidate => candidate.Item));
        Assert.Empty(new SittingCandidates().Propose(Sitting(Skipped(0)), 10));
    }

    [Fact]
    public void Artist_proposes_the_other_tracks_of_artists_that_were_kept_and_none_of_those_skipped()
        => Assert.Equal([21, 22, 23, 25, 26, 27], new ArtistCandidates().Propose(Context(signals: [Kept(20), Kept(24), Skipped(0)], excluded: new HashSet<int> { 20, 24 }), 30).Select(candidate => candidate.Item).Order());

    [Fact]
    public void Session_genre_shares_its_places_by_what_genres_were_kept()
    {
        var proposed = new SessionGenreCandidates().Propose(Context(signals: [Kept(20), Kept(24), Kept(44), Skipped(0)]), 12).ToList();

        Assert.Equal(12, proposed.Count);
        Assert.Equal([8, 4], ((int[])[1, 2]).Select(genre => proposed.Count(candidate => TinyWorld.GenreOf(candidate.Item) == genre)));
    }

    [Fact]
    public void Genre_proposes_the_most_played_of_the_genre_first()
    {
        var popular = TinyWorld.Models.Popular;
        var proposed = new GenreCandidates().Propose(Context(signals: [Kept(45)]), 15).Select(candidate => candidate.Item);

        Assert.Equal(TinyWorld.TracksOf(2).OrderByDescending(popular.Likes).ThenBy(track => track).Take(5), proposed);
    }

    [Fact]
    public void Trending_proposes_what_trends_around_the_listener_in_its_order_but_not_what_is_excluded()
    {
        var context = new ListenerContext(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, UserHistory.Empty, [], new(new HashSet<int> { 9 }), new(Skip: 1))
        {
            Trending = new("Bern", [new(31, 8), new(9, 7), new(4, 5), new(50, 3)]),
        };

        Assert.Equal([new(31, 8), new(4, 5)], new TrendingCandidates().Propose(context, 2));
        Assert.Equal(50, Pool(context, perSource: 3).Single(candidate => candidate is { Source: "trending", Score: 3 }).Track);
    }

    [Fact]
    public void Popular_proposes_the_most_liked_that_are_not_excluded()
    {
        var most = TinyWorld.Models.Popular.MostLiked;

        Assert.Equal(most.Skip(2).Take(3), new PopularCandidates().Propose(Context(excluded: most.Take(2).ToHashSet()), 3).Select(candidate => candidate.Item));
    }

    [Fact]
    public void A_pool_holds_each_track_once_under_the_first_source_that_named_it()
    {
        var context = Context(TinyWorld.Data.History(6), [Kept(22)]);

        var pool = Pool(context, perSource: 30);

        Assert.Equal(pool.Length, pool.Select(candidate => candidate.Track).Distinct().Count());
        Assert.Equal(
            CandidatePool.AllSources.SelectMany(g => g.Propose(context, 30)).Select(c => c.Item).Distinct().Order(),
            pool.Select(c => c.Track).Order());
        Assert.Equal(new SessionCandidates().Propose(context, 30), pool.Where(candidate => candidate.Source == "session").Select(candidate => new ScoredItem(candidate.Track, candidate.Score)));
    }
}

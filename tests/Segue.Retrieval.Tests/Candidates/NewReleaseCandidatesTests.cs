using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class NewReleaseCandidatesTests
{
    [Fact]
    public void New_is_what_was_first_heard_in_the_last_tenth_of_the_time_and_what_came_since_the_training()
    {
        // Days ago; the third track was heard lately, but not for the first time.
        var data = Data(items: 6, (0, 0, 100), (0, 1, 4), (0, 2, 1), (1, 2, 90), (1, 3, 0), (1, 4, 11));

        Assert.Equal([(5, 0f), (3, 0f), (1, 4f)], NewReleases.Of(data, trained: 5).Tracks);
        Assert.Equal([(3, 0f), (1, 4f)], NewReleases.Of(data, trained: 6).Tracks);
    }

    [Fact]
    public void Of_years_of_listening_no_more_than_a_month_is_lately()
        => Assert.Equal([(2, 29f)], NewReleases.Of(Data(items: 3, (0, 0, 2000), (0, 1, 31), (0, 2, 29)), trained: 3).Tracks);

    [Fact]
    public void Where_no_time_is_known_only_what_was_added_is_new()
    {
        var data = new TrainingSet(CsrMatrix.FromTriplets(1, 4, [(0, 0, 1f), (0, 1, 1f)]));

        Assert.Empty(NewReleases.Of(data, trained: 4).Tracks);
        Assert.Equal([(3, 0f)], NewReleases.Of(data, trained: 3).Tracks);
        Assert.Equal([(4, 0f), (5, 0f), (3, 0f)], NewReleases.Of(data, trained: 3).With(4, 6).Tracks);
    }

    [Fact]
    public void Of_the_new_tracks_those_of_the_listeners_own_genre_are_proposed()
    {
        var releases = NewReleases.Of(new(CsrMatrix.FromTriplets(0, 60, [])), trained: 60).With(5, 9).With(25, 29).With(45, 49);

        foreach (var listener in new[] { 6, 7, 8 })
        {
            var proposed = Propose(TinyWorld.Data.History(listener), releases);

            Assert.NotEmpty(proposed);
            Assert.Equal(listener % 3, TinyWorld.GenreOf(proposed[0].Item));
            Assert.Subset(releases.Tracks.Select(entry => entry.Track).ToHashSet(), proposed.Select(candidate => candidate.Item).ToHashSet());
        }
    }

    [Fact]
    public void Of_two_tracks_in_one_place_the_newer_one_comes_first()
    {
        var best = TinyWorld.Models.Taste.Recommend(TinyWorld.Data.History(6), 2).Select(scored => scored.Item).ToArray();
        var age = Data(items: 60, (0, 50, 2000), (0, best[0], 28), (0, best[1], 0));

        Assert.Equal(best.Reverse(), Propose(TinyWorld.Data.History(6), NewReleases.Of(age, trained: 60)).Select(candidate => candidate.Item));
    }

    [Fact]
    public void Of_a_stranger_and_where_nothing_is_new_nothing_is_said()
    {
        Assert.Empty(Propose(UserHistory.Empty, NewReleases.Of(new(CsrMatrix.FromTriplets(0, 60, [])), trained: 50)));
        Assert.Empty(Propose(TinyWorld.Data.History(6), releases: null));
    }

    private static ScoredItem[] Propose(UserHistory history, NewReleases? releases)
        => new NewReleaseCandidates().Propose(
            new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, [], ExcludedTracks.None, new(Skip: 1)) { Releases = releases }, 10);

    private static TrainingSet Data(int items, params (int User, int Item, float DaysAgo)[] listens) => new(
        CsrMatrix.FromTriplets(2, items, [.. listens.Select(listen => (listen.User, listen.Item, 1f))]),
        actions: ActionRows.Gather(2, listens.Select(listen => (listen.User, new PairAction(listen.Item, InteractionAction.Listen, 1, listen.DaysAgo)))));
}

using Segue.Core;
using Segue.Features.Interactions;
using Segue.Retrieval.Candidates;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class LibraryCandidatesTests
{
    [Fact]
    public void What_rests_longer_comes_before_what_was_just_heard_and_was_played_as_much()
        => Assert.Equal([3, 9, 5], Tracks(new(null, [3, 9, 5, 7], [4, 4, 4, 4])));   // the last one heard is not welcome yet

    [Fact]
    public void What_was_played_more_comes_before_what_rests_a_little_longer()
        => Assert.Equal([9, 3, 5], Tracks(new(null, [3, 9, 5, 7], [4, 30, 4, 4])));

    [Fact]
    public void What_was_refused_or_is_excluded_is_not_offered_and_a_repeat_counts_where_it_is_newest()
    {
        Assert.Equal([9], Tracks(new(null, [3, 9, 5, 7], [-1, 4, 4, 4]), excluded: [5]));
        Assert.Equal([9, 5], Tracks(new(null, [3, 9, 5, 3], [4, 4, 4, 4])));
    }

    [Fact]
    public void Who_returns_to_tracks_often_waits_less_and_a_short_history_hardly_differs_from_the_usual()
    {
        var usual = Rest([]);

        Assert.Equal(27, usual, 1e-9);
        Assert.True(Rest([Listens(1, 500)]) < 10);
        Assert.True(Rest([.. Enumerable.Range(0, 50).Select(track => Listens(track, 1)), .. Enumerable.Range(0, 50).Select(track => Listens(track, 1))]) > 40);
        Assert.Equal(usual, Rest([Listens(1, 2)]), 1.0);
        Assert.Equal(usual, Rest([new(4, InteractionAction.Skip, 300, 0)]), 1e-9);
    }

    private static PairAction Listens(int track, int times) => new(track, InteractionAction.Listen, times, 0);

    private static double Rest(PairAction[] actions) => LibraryCandidates.HalfRest(Context(new(null, [], [], actions)));

    private static IEnumerable<int> Tracks(UserHistory history, params int[] excluded)
        => new LibraryCandidates().Propose(Context(history, excluded), 10).Select(candidate => candidate.Item);

    private static ListenerContext Context(UserHistory history, params int[] excluded)
        => new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, [], new(excluded.ToHashSet()), new(Skip: 1));
}

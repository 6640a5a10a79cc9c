using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Playlists;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class PlaylistCandidatesTests
{
    /// <summary>Three listeners keep each genre on playlists, its tracks by their place modulo 4; the last track of a genre is on none.</summary>
    internal static PlaylistNeighborsModel Model { get; } = Train();

    private static PlaylistNeighborsModel Train()
    {
        var playlists =
            from genre in Enumerable.Range(0, 3)
            from listener in Enumerable.Range(0, 3)
            from rest in Enumerable.Range(0, 4)
            select (3 * genre + listener, (IReadOnlyList<int>)[.. TinyWorld.TracksOf(genre).SkipLast(1).Where(track => track % 4 == rest)]);
        return (PlaylistNeighborsModel)ModelKinds.Get(PlaylistNeighborsModel.KindName).Trainer()
            .Train(new(CsrMatrix.FromTriplets(TinyWorld.Listeners, 60, [])) { Playlists = ItemPlaylists.Of(playlists) }, new(1, 1));
    }

    private static ListenerContext Context(SessionSignal[] signals, PlaylistNeighborsModel? model, IReadOnlyCollection<int>? excluded = null)
        => new(TinyWorld.Data.Catalogue, TinyWorld.Models with { Playlists = model }, TinyWorld.Nearest, TinyWorld.Data.History(0), signals, new(excluded ?? []), new(Skip: 1));

    private static List<int> Propose(ListenerContext context) => [.. new PlaylistCandidates().Propose(context, 30).Select(scored => scored.Item)];

    private static SessionSignal Kept(int track) => new(track, 1, IsSeed: false);

    private static SessionSignal Seed(int track, float strength = 0.5f) => new(track, strength, IsSeed: true);

    [Fact]
    public void What_stands_on_lists_with_the_kept_and_the_asked_for_is_proposed()
    {
        Assert.Equal([25, 29, 33, 37], Propose(Context([Kept(21)], Model)).Order());
        Assert.Equal([2, 6, 10, 14, 18], Propose(Context([Seed(2), Seed(6)], Model)).Order());
        Assert.Equal([25, 29, 33, 37], Propose(Context([Kept(21), Seed(2, 0.1f)], Model)).Take(4).Order());
    }

    [Fact]
    public void What_is_excluded_makes_room_for_what_comes_next()
        => Assert.Equal([33, 37], Propose(Context([Kept(21)], Model, [25, 29])).Order());

    [Fact]
    public void What_was_skipped_says_nothing_and_neither_do_a_history_or_models_without_playlists()
    {
        Assert.Empty(Propose(Context([new(21, -1, IsSeed: false)], Model)));
        Assert.Empty(Propose(Context([], Model)));
        Assert.Empty(Propose(Context([Kept(19)], Model)));   // on no playlist
        Assert.Empty(Propose(Context([Kept(21)], model: null)));
    }

    [Fact]
    public void A_long_sitting_is_known_by_its_seeds_and_the_newest_that_it_kept()
    {
        SessionSignal[] signals = [Seed(2), .. Enumerable.Repeat(Kept(21), 5), .. Enumerable.Repeat(Kept(40), 20)];

        Assert.Equal([2, .. Enumerable.Repeat(40, 20)], PlaylistCandidates.Anchors(Context(signals, Model)).Select(anchor => anchor.Track));
        Assert.DoesNotContain(Propose(Context(signals, Model)), track => TinyWorld.GenreOf(track) == 1);
    }
}

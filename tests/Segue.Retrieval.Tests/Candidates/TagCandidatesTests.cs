using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Tags;
using Segue.Numerics;
using Segue.Retrieval.Candidates;
using Segue.Retrieval.Nearest;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Candidates;

public sealed class TagCandidatesTests
{
    // The tiny world's only tags are its genres; every third track has none.
    private static readonly DirectionIndex Tags = TagDirections.Of(Train(TinyWorld.Catalogue.Select((track, n) => n % 3 == 0 ? track with { Genre = null } : track)), "000001")!;

    private static TagSpaceModel Train(IEnumerable<Core.Track> tracks)
        => (TagSpaceModel)ModelKinds.Get(TagSpaceModel.KindName).Trainer(null).Train(new(CsrMatrix.FromTriplets(0, 60, [])) { Tags = ItemTags.Of([.. tracks]) }, new(1, 1));

    private static ListenerContext Context(UserHistory history, SessionSignal[]? signals = null, DirectionIndex? tags = null)
        => new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, signals ?? [], ExcludedTracks.None, new(Skip: 1)) { Tags = tags };

    private static List<int> Propose(ListenerContext context) => [.. new TagCandidates().Propose(context, 12).Select(candidate => candidate.Item)];

    [Fact]
    public void Only_tracks_that_have_tags_have_a_place_of_length_1()
    {
        Assert.Equal(40, Tags.Count);
        Assert.All(Enumerable.Range(0, 60), track => Assert.Equal(track % 3 != 0, Tags.Has(track)));
        Assert.All(Enumerable.Range(0, 60).Where(Tags.Has), track => Assert.Equal(1, Vectors.Norm(Tags.Vector(track)), 1e-5));
        Assert.Null(TagDirections.Of(Train(TinyWorld.Catalogue.Select(track => track with { Genre = null })), "000001"));
    }

    [Fact]
    public void The_tags_of_the_history_are_proposed_and_one_kept_track_of_others_and_a_half_outweighs_them()
    {
        var rock = UserHistory.OfItems([1, 2, 4, 5]);

        Assert.All(Propose(Context(rock, tags: Tags)), track => Assert.Equal(0, TinyWorld.GenreOf(track)));
        Assert.All(Propose(Context(rock, [new(22, 1.5f, IsSeed: false)], Tags)), track => Assert.Equal(1, TinyWorld.GenreOf(track)));
    }

    [Fact]
    public void A_skip_turns_away_from_its_tags()
        => Assert.DoesNotContain(Propose(Context(UserHistory.OfItems([1, 22]), [new(2, -1, IsSeed: false)], Tags)), track => TinyWorld.GenreOf(track) == 0);

    [Fact]
    public void Only_the_newest_items_of_the_history_count()
    {
        int[] items = [.. Enumerable.Repeat(1, 3 * TagCandidates.Newest), .. Enumerable.Repeat(22, TagCandidates.Newest)];

        Assert.All(Propose(Context(UserHistory.OfItems(items), tags: Tags)), track => Assert.Equal(1, TinyWorld.GenreOf(track)));
    }

    [Fact]
    public void Who_played_nothing_that_has_tags_or_models_that_know_none_are_offered_nothing_by_it()
    {
        Assert.Empty(Propose(Context(UserHistory.OfItems([0, 3]), tags: Tags)));
        Assert.Empty(Propose(Context(UserHistory.Empty, [new(1, -1, IsSeed: false)], Tags)));
        Assert.Empty(Propose(Context(UserHistory.OfItems([1, 2]))));
    }
}

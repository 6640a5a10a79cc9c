using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Features.Tests.Interactions;

public sealed class ItemTagsTests
{
    [Fact]
    public void Counts_are_taken_where_somebody_counted_and_one_where_nobody_did()
    {
        var tags = ItemTags.Of([Entry("a", null, ["Rock", "slow"], 7, 2), Entry("b", "Jazz", ["rock "]), Entry("c", null, [])])!;

        Assert.Equal(["rock", "slow", "jazz"], tags.Names);
        Assert.Equal([7f, 2f], tags.Counts.Row(0).Values.ToArray());
        Assert.Equal([0, 2], tags.Counts.Row(1).Columns.ToArray());
        Assert.Equal([1f, 1f], tags.Counts.Row(1).Values.ToArray());
        Assert.Equal((3, 0), (tags.Items, tags.Counts.Row(2).Count));
    }

    [Fact]
    public void A_genre_that_is_a_tag_already_counts_once()
        => Assert.Equal([5f], ItemTags.Of([Entry("a", "rock", ["Rock"], 5)])!.Counts.Row(0).Values.ToArray());

    [Fact]
    public void A_catalogue_without_words_has_no_tags() => Assert.Null(ItemTags.Of([Entry("a", null, []), Entry("b", " ", [""])]));

    [Fact]
    public void Shared_tags_are_those_put_most_on_both()
    {
        var tags = ItemTags.Of([Entry("a", null, ["rock", "slow", "loud"], 9, 3, 1), Entry("b", null, ["loud", "slow", "rock"], 8, 4, 2), Entry("c", null, ["jazz"])])!;

        Assert.Equal(["slow", "rock"], tags.Shared(0, 1, 2));
        Assert.Equal(["slow", "rock", "loud"], tags.Shared(1, 0, 9));
        Assert.Empty(tags.Shared(0, 2, 2));
    }

    [Fact]
    public void A_part_held_out_leaves_the_tags_whole()
    {
        var data = Dataset.Build([Entry("a", "rock", []), Entry("b", "jazz", [])], [], [new("u", "a", 1, null, InteractionAction.Listen), new("u", "b", 1, null, InteractionAction.Listen)]);

        Assert.Same(data.Training.Tags, HeldOutPairs.Of(data.Training, 0.5, seed: 1).Train.Tags);
        Assert.Equal(3, data.WithTracks([Entry("c", "new", [])]).Training.Tags!.Items);
    }

    private static Track Entry(string id, string? genre, string[] tags, params int[] counts)
        => new(new(id), id, new(new(id), id), genre, tags, Length: null) { TagCounts = counts };
}

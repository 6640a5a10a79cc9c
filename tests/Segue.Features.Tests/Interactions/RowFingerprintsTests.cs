using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Features.Tests.Interactions;

public sealed class RowFingerprintsTests
{
    private static readonly Track[] Catalogue = [.. "xyz".Select(id => new Track(new(id.ToString()), "Title", new(new("a"), "Artist"), null, [], null))];

    private static readonly Interaction[] Happened =
    [
        new("u", "x", 1, At(1), InteractionAction.Listen), new("u", "y", 1, At(2), InteractionAction.Listen), new("v", "x", 0.5, At(3), InteractionAction.Skip),
    ];

    [Fact]
    public void The_order_of_interactions_changes_no_fingerprint()
    {
        var (one, two) = (Build(Happened), Build([Happened[1], Happened[0], Happened[2]]));

        Assert.Equal(one.Users, two.Users);
        Assert.Equal(one.Items, two.Items);
    }

    [Fact]
    public void A_new_interaction_changes_its_user_and_its_item_and_nobody_else()
        => Assert.Equal(("1", "1"), Changed([.. Happened, new("v", "y", 1, At(9), InteractionAction.Listen)]));

    [Fact]
    public void Another_kind_value_or_time_is_a_change()
    {
        Assert.Equal(("1", "0"), Changed([.. Happened[..2], Happened[2] with { Action = InteractionAction.VoteDown }]));
        Assert.Equal(("1", "0"), Changed([.. Happened[..2], new("v", "x", 0.75, At(3), InteractionAction.Skip)]));
        Assert.Equal(("1", "0"), Changed([.. Happened[..2], new("v", "x", 0.5, At(4), InteractionAction.Skip)]));
        Assert.Equal(("", ""), Changed(Happened));
    }

    [Fact]
    public void New_rows_have_changed()
    {
        var (users, items) = Build([.. Happened, new("w", "z", 1, At(5), InteractionAction.Listen)]).ChangedSince(Build(Happened), [0, 1, -1], [0, 1, -1]);

        Assert.Equal([2], users);
        Assert.Equal([2], items);
    }

    private static (string Users, string Items) Changed(Interaction[] now)
    {
        var (users, items) = Build(now).ChangedSince(Build(Happened), [0, 1], [0, 1, 2]);
        return (string.Join(' ', users), string.Join(' ', items));
    }

    private static RowFingerprints Build(Interaction[] happened) => Dataset.Build(Catalogue, [], happened).Fingerprints;

    private static DateTimeOffset At(int hour) => new(2026, 1, 1, hour, 0, 0, TimeSpan.Zero);
}

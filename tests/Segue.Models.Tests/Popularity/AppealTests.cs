using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Popularity;
using Segue.Numerics;

namespace Segue.Models.Tests.Popularity;

public sealed class AppealTests
{
    [Fact]
    public void An_item_that_is_heard_where_others_are_skipped_appeals_more_by_the_log_odds()
    {
        // Each of 400 listeners hears item 0 once, skips item 1 once, and hears item 2 once and skips it once: p = 1/2, so a = ±200 ÷ (100 + 10).
        var model = Train(3, Enumerable.Range(0, 400).SelectMany(user => new[] { Heard(user, 0), Skipped(user, 1), Heard(user, 2), Skipped(user, 2) }));

        Assert.Equal(200f / 110, model.AppealOf(0), 1e-4);
        Assert.Equal(-200f / 110, model.AppealOf(1), 1e-4);
        Assert.Equal(0, model.AppealOf(2), 1e-4);
    }

    [Fact]
    public void A_listener_who_skips_much_is_measured_by_the_own_share()
    {
        // Item 0 has the patient ones, item 1 the others; each is heard as often as everything else of its listeners.
        var plays = new List<(int, PairAction)>();
        for (var user = 0; user < 200; user++)
        {
            for (var item = 0; item < 10; item++)
            {
                var played = item == 0 && user % 2 == 0 || item == 1 && user % 2 == 1 || item > 1;
                plays.AddRange(!played ? [] : user % 2 == 0 ? [Heard(user, item, 9), Skipped(user, item, 1)] : new[] { Heard(user, item, 1), Skipped(user, item, 9) });
            }
        }

        var model = Train(10, plays);

        Assert.InRange(model.AppealOf(0), -0.3f, 0.3f);   // ln 9 ± by the share of all
        Assert.InRange(model.AppealOf(1), -0.3f, 0.3f);
    }

    [Fact]
    public void What_few_play_says_little_and_what_nobody_plays_nothing()
    {
        var few = Train(4, Enumerable.Range(0, 3).SelectMany(user => new[] { Heard(user, 0), Skipped(user, 1), Heard(user, 3), Skipped(user, 3) }));

        Assert.InRange(few.AppealOf(0), 0.01f, 0.2f);
        Assert.Equal(0, few.AppealOf(2));
    }

    [Fact]
    public void One_account_that_plays_a_track_over_and_over_moves_next_to_nothing()
    {
        (int, PairAction)[] others = [.. Enumerable.Range(0, 50).SelectMany(user => new[] { Heard(user, 0), Heard(user, 1), Skipped(user, 0), Skipped(user, 1) })];

        var looped = Train(2, [.. others, Heard(50, 1, 100_000), Skipped(50, 0)]);

        Assert.InRange(looped.AppealOf(1), -0.05f, 0.05f);
    }

    [Fact]
    public void Where_nothing_is_skipped_no_item_appeals_more_than_another()
    {
        var model = Train(2, [Heard(0, 0, 5), Heard(1, 0, 3), Heard(1, 1)]);

        Assert.Equal([0, 0], [model.AppealOf(0), model.AppealOf(1)]);
    }

    [Fact]
    public void Appeals_are_in_the_file_and_items_that_come_later_have_none()
    {
        var model = Train(2, Enumerable.Range(0, 30).SelectMany(user => new[] { Heard(user, 0), Skipped(user, 1) }));

        var read = (MostPopularModel)ModelKinds.Load(new MemoryStream(Worlds.Bytes(model)));

        Assert.True(read.AppealOf(0) > 0.1f);
        Assert.Equal([model.AppealOf(0), model.AppealOf(1)], [read.AppealOf(0), read.AppealOf(1)]);
        Assert.Equal(0, read.WithItems(3).AppealOf(2));
    }

    private static (int, PairAction) Heard(int user, int item, float amount = 1) => (user, new(item, InteractionAction.Listen, amount, 0));

    private static (int, PairAction) Skipped(int user, int item, float amount = 1) => (user, new(item, InteractionAction.Skip, amount, 0));

    private static MostPopularModel Train(int items, IEnumerable<(int User, PairAction Action)> plays)
    {
        var all = plays.ToList();
        var users = all.Max(play => play.User) + 1;
        var strengths = CsrMatrix.FromTriplets(users, items, [.. all.Select(play => (play.User, play.Action.Item, play.Action.Action == InteractionAction.Listen ? play.Action.Amount : -play.Action.Amount))]);
        return (MostPopularModel)new MostPopularTrainer().Train(new(strengths, actions: ActionRows.Gather(users, all)), new(1, 1));
    }
}

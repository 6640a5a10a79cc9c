using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Models.Tests.Factorization;

public sealed class PairStrataTests
{
    private static CsrMatrix World(int users, int items) => Worlds.Chance(2, users, items, ordered: false).Strengths;

    private static HashSet<(int User, int Item, float Strength)> Pairs(PairStrata strata, int userPart, int itemPart)
    {
        var block = strata.Of(userPart, itemPart);
        var pairs = new HashSet<(int, int, float)>();
        for (var n = 0; n < block.Users.Length; n++)
        {
            Assert.True(pairs.Add((block.Users[n], block.Items[n], block.Strengths[n])));
        }
        return pairs;
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(30, 2000, 1)]
    [InlineData(700, 520, 2)]
    [InlineData(3000, 2500, 8)]
    public void Every_pair_is_dealt_once_and_blocks_that_are_learnt_at_once_share_nothing(int users, int items, int parts)
    {
        var world = World(users, Math.Max(items, 2));
        var strata = new PairStrata(world);
        Assert.Equal(parts, strata.Parts);
        for (var sweep = 0; sweep < 3; sweep++)
        {
            strata.Deal(5, sweep, threads: 2);
            var all = new List<(int, int, float)>();
            for (var shift = 0; shift < parts; shift++)
            {
                var together = Enumerable.Range(0, parts).Select(part => Pairs(strata, part, (part + shift) % parts)).ToList();
                Assert.Equal(together.Sum(block => block.Select(pair => pair.User).Distinct().Count()), together.SelectMany(block => block.Select(pair => pair.User)).Distinct().Count());
                Assert.Equal(together.Sum(block => block.Select(pair => pair.Item).Distinct().Count()), together.SelectMany(block => block.Select(pair => pair.Item)).Distinct().Count());
                all.AddRange(together.SelectMany(block => block));
            }
            var expected = from user in Enumerable.Range(0, users) from n in Enumerable.Range(0, world.Row(user).Count) select (user, world.Row(user).Columns[n], world.Row(user).Values[n]);
            Assert.Equal(expected.Order(), all.Order());
        }
    }

    [Fact]
    public void Users_stay_together_items_of_a_part_are_its_own_and_a_deal_follows_from_seed_and_sweep()
    {
        PairStrata one = new(World(1200, 900)), same = new(World(1200, 900));
        one.Deal(5, 1, threads: 1);
        same.Deal(6, 0, threads: 3);
        var before = same.Of(0, 1).Items.ToArray();
        same = new(World(1200, 900));
        same.Deal(5, 1, threads: 3);

        Assert.Equal(Enumerable.Range(0, 900), Enumerable.Range(0, one.Parts).SelectMany(part => one.ItemsOf(part).ToArray()).Order());
        for (var part = 0; part < one.Parts; part++)
        {
            var own = one.ItemsOf(part).ToArray().ToHashSet();
            var block = one.Of(1, part);
            Assert.All(block.Items.ToArray(), item => Assert.Contains(item, own));
            Assert.Equal(block.Users.ToArray().Distinct().Count(), Runs(block.Users));
            Assert.Equal(block.Items, same.Of(1, part).Items);
        }
        Assert.NotEqual(before, same.Of(0, 1).Items.ToArray());
    }

    private static int Runs(ReadOnlySpan<int> users)
    {
        var runs = 0;
        for (var n = 0; n < users.Length; n++)
        {
            runs += n == 0 || users[n] != users[n - 1] ? 1 : 0;
        }
        return runs;
    }
}

namespace Segue.Numerics.Tests;

public sealed class AliasTableTests
{
    [Fact]
    public void Draws_follow_the_odds()
    {
        for (ulong world = 0; world < 20; world++)
        {
            var random = new SeededRandom(1, world);
            var weights = new double[1 + random.NextInt(30)];
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = random.NextBool(0.2) ? 0 : Math.Exp(3 * random.NextNormal());
            }
            weights[random.NextInt(weights.Length)] = 1;
            var table = new AliasTable(weights);
            const int Draws = 50_000;
            var counts = new int[weights.Length];
            for (var n = 0; n < Draws; n++)
            {
                counts[table.Draw(ref random)]++;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                var chance = weights[i] / weights.Sum();
                Assert.InRange(counts[i], Draws * chance - 5 * Math.Sqrt(Draws * chance), Draws * chance + 5 * Math.Sqrt(Draws * chance));
            }
        }
    }

    [Fact]
    public void What_weighs_nothing_is_never_drawn()
    {
        var random = new SeededRandom(2);
        var table = new AliasTable([0, 1e-300, 0, 1e300, 0]);

        Assert.DoesNotContain(Enumerable.Range(0, 10_000).Select(_ => table.Draw(ref random)), index => index is 0 or 2 or 4);
    }

    [Fact]
    public void Odds_without_a_draw_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AliasTable([]));
        Assert.Throws<ArgumentException>(() => new AliasTable([0, 0]));
        Assert.Throws<ArgumentException>(() => new AliasTable([1, -1]));
        Assert.Throws<ArgumentException>(() => new AliasTable([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => new AliasTable([1, double.PositiveInfinity]));
    }
}

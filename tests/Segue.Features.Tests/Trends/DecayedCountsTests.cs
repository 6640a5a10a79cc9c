using Segue.Features.Trends;
using Segue.Numerics;

namespace Segue.Features.Tests.Trends;

public sealed class DecayedCountsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(6);

    /// <summary>Every event kept, and added up when asked: what the tables must say.</summary>
    private sealed class PlainCounts
    {
        private readonly List<(int Region, int Track, float Amount, DateTimeOffset At)> _events = [];

        public void Add(int region, int track, float amount, DateTimeOffset at) => _events.Add((region, track, amount, at));

        public List<(int Track, double Weight)> All(int region, DateTimeOffset now)
            => [.. _events.Where(e => e.Region == region)
                .GroupBy(e => e.Track, e => e.Amount * Math.Pow(0.5, (now - e.At) / HalfLife))
                .Select(group => (group.Key, group.Sum()))
                .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key)];
    }

    [Theory]
    [InlineData(1, 5, 3, 1e-6f)]
    [InlineData(2, 40, 400, 1e-6f)]
    [InlineData(3, 100, 2000, 1e-6f)]
    [InlineData(4, 40, 400, 0.5f)]
    [InlineData(5, 20, 60, 1.5f)]
    public void Heaviest_are_those_of_a_plain_sum_over_all_events(ulong seed, int most, int tracks, float least)
    {
        var random = new SeededRandom(seed);
        var (counts, plain) = (new DecayedCounts(HalfLife, most, least, 1e-6f), new PlainCounts());
        var now = Start;
        for (var n = 0; n < 6000; n++)
        {
            now = Start + (n * TimeSpan.FromMinutes(3));
            var track = (int)(Math.Pow(random.NextDouble(), 4) * tracks);
            var (region, amount, at) = (random.NextInt(3), MathF.ScaleB(1, -random.NextInt(3)), now - (random.NextInt(90) * TimeSpan.FromMinutes(1)));
            counts.Add(region, track, amount, at);
            plain.Add(region, track, amount, at);
            if (n % 1500 == 1499)
            {
                for (var asked = 0; asked < 3; asked++)
                {
                    RequireEqual(plain.All(asked, now), counts.Heaviest(asked, now), most, least);
                }
            }
        }
    }

    // Weights within float's roundings, and order wherever weights differ by more than those.
    private static void RequireEqual(List<(int Track, double Weight)> expected, IReadOnlyList<ScoredItem> heaviest, int most, float least)
    {
        var weights = expected.ToDictionary(pair => pair.Track, pair => pair.Weight);
        var live = expected.Where(pair => pair.Weight > least * 1.0001).ToList();
        Assert.InRange(heaviest.Count, Math.Min(most, live.Count), most);
        for (var n = 0; n < Math.Min(most, live.Count); n++)
        {
            Assert.Equal(expected[n].Weight, heaviest[n].Score, expected[n].Weight * 1e-5);
            Assert.Equal(weights[heaviest[n].Item], heaviest[n].Score, expected[n].Weight * 1e-5);
        }
        Assert.Equal(heaviest.Count, heaviest.Select(pair => pair.Item).Distinct().Count());
    }

    [Fact]
    public void An_event_counts_half_after_the_half_life_and_an_eighth_after_three()
    {
        var counts = new DecayedCounts(HalfLife, 10, 0.01f, 0.01f);

        counts.Add(0, 7, 1, Start);

        Assert.Equal(new(7, 1), Assert.Single(counts.Heaviest(0, Start)));
        Assert.Equal(0.5f, counts.Heaviest(0, Start + HalfLife)[0].Score, 1e-6f);
        Assert.Equal(0.125f, counts.Heaviest(0, Start + (3 * HalfLife))[0].Score, 1e-6f);
        Assert.Empty(counts.Heaviest(1, Start));
    }

    [Fact]
    public void Order_of_events_changes_nothing_over_the_border_of_an_epoch()
    {
        // The border lies at a whole number of 32 half-lives after 1970.
        var epochs = Math.Ceiling((Start - DateTimeOffset.UnixEpoch) / (32 * HalfLife));
        var border = DateTimeOffset.UnixEpoch + (epochs * 32 * HalfLife);
        (int Track, DateTimeOffset At)[] events = [(1, border - TimeSpan.FromHours(3)), (2, border + TimeSpan.FromHours(1)), (1, border - TimeSpan.FromHours(1)), (3, border)];
        var (forth, back) = (new DecayedCounts(HalfLife, 10, 0.01f, 0.01f), new DecayedCounts(HalfLife, 10, 0.01f, 0.01f));

        foreach (var (track, at) in events)
        {
            forth.Add(0, track, 1, at);
        }
        foreach (var (track, at) in events.Reverse())
        {
            back.Add(0, track, 1, at);
        }

        var now = border + HalfLife;
        var expected = new[] { (1, Math.Pow(2, -1.5) + Math.Pow(2, -7 / 6.0)), (2, Math.Pow(2, -5 / 6.0)), (3, 0.5) };
        foreach (var heaviest in new[] { forth.Heaviest(0, now), back.Heaviest(0, now) })
        {
            Assert.Equal(expected.Select(pair => pair.Item1), heaviest.Select(pair => pair.Item));
            Assert.All(heaviest.Zip(expected), pair => Assert.Equal(pair.Second.Item2, pair.First.Score, 1e-5));
        }
    }

    [Fact]
    public void Equal_weights_come_by_lower_track_and_so_does_who_is_left_out()
    {
        var counts = new DecayedCounts(HalfLife, 3, 0.01f, 0.01f);

        foreach (var track in (int[])[9, 4, 8, 2, 6])
        {
            counts.Add(0, track, 1, Start);
        }

        Assert.Equal([2, 4, 6], counts.Heaviest(0, Start).Select(pair => pair.Item));
    }

    [Fact]
    public void What_fell_below_the_floor_gives_its_memory_back_to_what_comes()
    {
        var counts = new DecayedCounts(HalfLife, 10, 0.05f, 0.05f);
        for (var day = 0; day < 60; day++)
        {
            for (var track = 0; track < 500; track++)
            {
                counts.Add(0, (day * 500) + track, 1, Start.AddDays(day));
            }
        }

        // 26 hours after it came, an event is below the floor: two days' tracks are alive, and the table doubles at most twice over them.
        Assert.InRange(counts.Pairs, 500, 4 * 1000);
        Assert.InRange(counts.Bytes, 8 * 500, (8 * 4096) + 1000);
        Assert.Equal(Enumerable.Range(59 * 500, 10), counts.Heaviest(0, Start.AddDays(59)).Select(pair => pair.Item));
    }

    [Fact]
    public void An_event_of_long_ago_weighs_nothing()
    {
        var counts = new DecayedCounts(HalfLife, 10, 0.05f, 0.05f);
        counts.Add(0, 1, 1, Start);

        counts.Add(0, 2, 1, Start.AddDays(-100));

        Assert.Equal([1], counts.Heaviest(0, Start).Select(pair => pair.Item));
        Assert.Equal(1, counts.Pairs);
    }

    [Theory]
    [InlineData(11, 16)]
    [InlineData(12, 64)]
    [InlineData(13, 512)]
    public void With_few_counters_weights_are_never_above_the_true_ones_nor_further_below_than_the_mean_of_a_counter(ulong seed, int counters)
    {
        var random = new SeededRandom(seed);
        var (counts, plain) = (new DecayedCounts(HalfLife, 10, 1e-6f, 1e-6f, counters), new PlainCounts());
        var now = Start;
        for (var n = 0; n < 20_000; n++)
        {
            now = Start + (n * TimeSpan.FromMinutes(1));   // over several half-lives, and the border of an epoch
            var track = (int)(Math.Pow(random.NextDouble(), 6) * 3000);
            counts.Add(0, track, 1, now);
            plain.Add(0, track, 1, now);
        }

        var truth = plain.All(0, now).ToDictionary(pair => pair.Track, pair => pair.Weight);
        var heaviest = counts.Heaviest(0, now);
        Assert.Equal(counters, counts.Pairs);
        Assert.Equal(10, heaviest.Count);
        Assert.All(heaviest, pair => Assert.InRange(pair.Score, truth[pair.Item] - (truth.Values.Sum() / counters) - 1e-3, truth[pair.Item] + 1e-3));
        Assert.Equal(truth.OrderByDescending(pair => pair.Value).Select(pair => pair.Key).First(), heaviest[0].Item);
    }

    [Fact]
    public void As_long_as_every_track_has_a_counter_of_its_own_weights_are_exact()
    {
        var (few, all) = (new DecayedCounts(HalfLife, 10, 0.01f, 0.01f, 16), new DecayedCounts(HalfLife, 10, 0.01f, 0.01f));
        foreach (var track in (int[])[9, 4, 8, 2, 6, 9, 9, 4, 11, 12, 13, 14, 9, 2])
        {
            few.Add(0, track, 1, Start);
            all.Add(0, track, 1, Start);
        }

        Assert.Equal(all.Heaviest(0, Start + HalfLife), few.Heaviest(0, Start + HalfLife));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(-1)]
    [InlineData(8193)]
    public void Counters_out_of_range_are_refused(int counters)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new DecayedCounts(HalfLife, 10, 1, 0.1f, counters));

    [Theory]
    [InlineData(0, 10, 1, 0.1f)]
    [InlineData(1, 0, 1, 0.1f)]
    [InlineData(1, 1001, 1, 0.1f)]
    [InlineData(1, 10, 1, 0f)]
    [InlineData(1, 10, 1, 1f)]
    [InlineData(1, 10, 1, float.NaN)]
    [InlineData(1, 10, 0.05f, 0.1f)]
    [InlineData(1, 10, float.NaN, 0.1f)]
    public void Settings_out_of_range_are_refused(int hours, int most, float least, float floor)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new DecayedCounts(TimeSpan.FromHours(hours), most, least, floor));
}

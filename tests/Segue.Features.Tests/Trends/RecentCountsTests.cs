using Segue.Features.Trends;
using Segue.Numerics;

namespace Segue.Features.Tests.Trends;

public sealed class RecentCountsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_count_from_its_first_event_ends_with_the_window()
    {
        var counts = new RecentCounts(64, TimeSpan.FromHours(1), slides: false);

        Assert.Equal([1, 2, 3, 1], new[] { 0, 30, 59, 60 }.Select(minute => counts.Next(5, Start.AddMinutes(minute))));
    }

    [Fact]
    public void A_count_that_slides_ends_with_a_rest_alone()
    {
        var counts = new RecentCounts(64, TimeSpan.FromHours(1), slides: true);

        Assert.Equal([1, 2, 3, 4, 1], new[] { 0, 30, 80, 120, 180 }.Select(minute => counts.Next(5, Start.AddMinutes(minute))));
    }

    [Fact]
    public void Every_key_is_counted_by_itself_while_there_is_room_and_a_plain_table_agrees()
    {
        var (counts, plain, random) = (new RecentCounts(1 << 14, TimeSpan.FromDays(1), slides: true), new Dictionary<int, int>(), new SeededRandom(1));

        for (var n = 0; n < 5000; n++)
        {
            var key = random.NextInt(1000);
            plain[key] = plain.GetValueOrDefault(key) + 1;
            Assert.Equal(plain[key], counts.Next(SeededRandom.Mix((ulong)key), Start.AddSeconds(n)));
        }
    }

    [Fact]
    public void A_full_bucket_forgets_who_was_silent_longest()
    {
        var counts = new RecentCounts(4, TimeSpan.FromDays(1), slides: true);
        static ulong Key(int n) => (ulong)(n + 1) << 32;
        foreach (var n in (int[])[0, 1, 2, 3])
        {
            counts.Next(Key(n), Start.AddMinutes(n));
        }
        counts.Next(Key(0), Start.AddMinutes(4));

        counts.Next(Key(4), Start.AddMinutes(5));   // takes the place of 1

        Assert.Equal([3, 2, 2, 2], new[] { 0, 2, 3, 4 }.Select(n => counts.Next(Key(n), Start.AddMinutes(6))));
        Assert.Equal(1, counts.Next(Key(1), Start.AddMinutes(7)));
    }
}

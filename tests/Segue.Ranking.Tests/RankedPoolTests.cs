using Segue.Numerics;
using Segue.Retrieval;

namespace Segue.Ranking.Tests;

public sealed class RankedPoolTests
{
    [Fact]
    public void However_far_it_is_looked_at_the_order_is_that_of_a_whole_sort()
    {
        for (ulong world = 0; world < 40; world++)
        {
            var random = new SeededRandom(31, world);
            var count = random.NextInt(700);
            int[] tracks = [.. Enumerable.Range(0, count)];
            random.Shuffle<int>(tracks);
            // Every third world has five scores alone: ties lie across any place where sorting stops.
            ScoreParts[] parts = [.. tracks.Select(_ => default(ScoreParts) with { Taste = world % 3 == 0 ? random.NextInt(5) - 2 : (float)random.NextNormal() })];
            Candidate[] pool = [.. tracks.Select(track => new Candidate(track, "test", 0))];
            var plain = pool.Zip(parts, (candidate, part) => new RankedTrack(candidate, part)).OrderByDescending(ranked => ranked.Score).ThenBy(ranked => ranked.Track).ToList();

            var ranked = new RankedPool(pool, parts);
            var looks = Math.Min(count, 1 + random.NextInt(200));

            Assert.All(Enumerable.Range(0, looks), n => Assert.Equal((plain[n].Track, plain[n].Score), (ranked.TrackAt(n), ranked.ScoreAt(n))));
            Assert.Equal(plain, ranked);
        }
    }
}

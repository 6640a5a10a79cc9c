using Segue.Numerics;
using Segue.Ranking.Rules;
using Segue.Tests.Shared;

namespace Segue.Ranking.Tests.Rules;

public sealed class ArtistSpacingTests
{
    private static int[] Pick(IEnumerable<int> ranking, int[] before, int count, int gap)
        => Pick(new() { Gap = gap, Fatigue = 0, MostInList = 100 }, ranking.Select(track => (track, 0f)), before, count);

    private static int[] Pick(ArtistSpacingOptions options, IEnumerable<(int Track, float Score)> ranking, int[] before, int count)
    {
        var scene = RuleScene.Of(ranking, before);
        return RuleScene.Pick(scene, [new ArtistSpacing(scene, options)], count);
    }

    private static int ArtistOf(int track) => track / TinyWorld.TracksPerArtist;

    [Fact]
    public void A_ranking_worked_by_hand()
    {
        // Artists: 0 0 0 1 1 2.
        Assert.Equal([0, 4, 8, 1], Pick([0, 1, 2, 4, 5, 8], [], 4, gap: 2));
        Assert.Equal([0, 4, 1, 5, 2, 8], Pick([0, 1, 2, 4, 5, 8], [], 10, gap: 1));
        Assert.Equal([0, 1, 2, 4, 5, 8], Pick([0, 1, 2, 4, 5, 8], [], 10, gap: 0));
    }

    [Fact]
    public void What_was_heard_just_before_counts()
    {
        Assert.Equal([4, 0], Pick([0, 4], [20, 3], 2, gap: 1));
        Assert.Equal([0, 4], Pick([0, 4], [3, 20], 2, gap: 1));
        Assert.Equal([4, 0], Pick([0, 4], [3, 20], 2, gap: 2));
    }

    [Fact]
    public void Where_only_repeats_are_left_the_best_of_them_comes_rather_than_none()
    {
        Assert.Equal([2, 0, 1], Pick([2, 0, 1], [3], 3, gap: 5));
        Assert.Equal([0, 4, 1, 2], Pick([0, 1, 2, 4], [], 4, gap: 3));
        Assert.Empty(Pick([], [1], 3, gap: 2));
    }

    [Fact]
    public void A_tired_artist_waits_until_the_lead_in_score_outweighs_what_is_left_of_the_fatigue()
    {
        // Tracks 0 to 3 are of one artist, a point better than all others. Fatigue 1.9, halved by each track between: after one other
        // track 0.95 of it is left, which is less than the lead.
        var ranking = new[] { (0, 1f), (1, 1f), (4, 0f), (8, 0f), (12, 0f) };

        Assert.Equal([0, 4, 1, 8, 12], Pick(new() { Gap = 0, Fatigue = 1.9f, MostInList = 100, Recovery = 1 }, ranking, [], 5));
        Assert.Equal([0, 1, 4, 8, 12], Pick(new() { Gap = 0, Fatigue = 0.9f, MostInList = 100, Recovery = 1 }, ranking, [], 5));
        Assert.Equal([0, 4, 8, 1, 12], Pick(new() { Gap = 2, Fatigue = 0.9f, MostInList = 100, Recovery = 1 }, ranking, [], 5));
        Assert.Equal([4, 0, 8, 1, 12], Pick(new() { Gap = 0, Fatigue = 1.9f, MostInList = 100, Recovery = 1 }, ranking, [3], 5));
    }

    [Fact]
    public void Of_one_artist_two_come_in_a_list_and_more_only_where_nothing_else_is_left()
    {
        // Artists: 0 0 0 0 1 1 1.
        var options = new ArtistSpacingOptions { Gap = 0, Fatigue = 0, MostInList = 2 };
        var ranking = new[] { 0, 1, 2, 3, 4, 5, 6 }.Select(track => (track, 0f)).ToList();

        Assert.Equal([0, 1, 4, 5], Pick(options, ranking, [], 4));
        Assert.Equal([0, 1, 4, 5, 2, 3, 6], Pick(options, ranking, [], 7));
        Assert.Equal([2, 3], Pick(options, [(2, 0), (3, 0)], [0, 1], 2));   // what was heard before is no part of the list
    }

    [Fact]
    public void The_gap_is_held_wherever_some_track_holds_it_and_every_track_comes_once()
    {
        for (ulong world = 0; world < 200; world++)
        {
            var random = new SeededRandom(3, world);
            var ranking = Enumerable.Range(0, 60).ToArray();
            random.Shuffle<int>(ranking);
            ranking = ranking[..random.NextInt(60)];
            var gap = random.NextInt(6);
            var before = Enumerable.Range(0, random.NextInt(8)).Select(_ => random.NextInt(60)).ToArray();

            var picked = Pick(ranking, before, 60, gap);

            Assert.Equal(ranking.Order(), picked.Order());
            var played = before.ToList();
            var left = ranking.ToList();
            foreach (var track in picked)
            {
                var recent = played.TakeLast(gap).Select(ArtistOf).ToHashSet();
                Assert.Equal(left.FirstOrDefault(t => !recent.Contains(ArtistOf(t)), left[0]), track);
                played.Add(track);
                left.Remove(track);
            }
        }
    }
}

using Segue.Numerics;
using Segue.Ranking.Rules;

namespace Segue.Ranking.Tests.Rules;

public sealed class WebRadioRuleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(4);

    /// <summary>Candidates are all tracks that were not played, in their order.</summary>
    private static (int[] Tracks, int KeptOut) Pick(string artists, string albums, (int Track, double HoursAgo)[] plays, int count)
    {
        var played = plays.Select(play => play.Track).ToArray();
        var scene = RuleScene.Of(
            Enumerable.Range(0, artists.Length).Except(played).Select(track => (track, 0f)), played, RuleScene.Catalogue(artists, Length)) with
        {
            Facts = RuleScene.Albums(albums),
            Plays = [.. plays.Select(play => new TimedPlay(play.Track, Noon.AddHours(-play.HoursAgo)))],
            Now = Noon,
        };
        var picked = ListPicker.Pick(scene, [new WebRadioRule(scene)], count);
        return ([.. picked.Tracks.Select(ranked => ranked.Track)], picked.KeptOut.GetValueOrDefault("the rule of web radio"));
    }

    private static void AssertPicked(int[] tracks, int keptOut, (int[] Tracks, int KeptOut) picked)
    {
        Assert.Equal(tracks, picked.Tracks);
        Assert.Equal(keptOut, picked.KeptOut);
    }

    [Fact]
    public void Three_of_an_artist_come_in_a_row_and_the_fourth_after_another_and_then_none()
        => AssertPicked([0, 1, 2, 6, 3], 2, Pick("AAAAAAB", "-------", [], 7));

    [Fact]
    public void Two_of_an_album_come_in_a_row_and_the_third_after_another_and_then_none()
        => AssertPicked([0, 1, 4, 2], 1, Pick("AAAAB", "xxxx-", [], 5));

    [Fact]
    public void Tracks_of_no_known_album_are_of_no_common_album()
        => AssertPicked([0, 1, 2, 3], 0, Pick("ABCD", "----", [], 4));

    [Fact]
    public void What_the_sitting_played_counts_for_three_hours_and_no_longer()
    {
        // Four of artist A were played, apart from one another.
        (int, double)[] Played(double longest) => [(0, longest), (1, 2), (4, 1.9), (2, 1), (3, 0.5), (5, 0.2)];

        AssertPicked([], 1, Pick("AAAABCA", "-------", Played(2.9), 1));
        AssertPicked([6], 0, Pick("AAAABCA", "-------", Played(3), 1));
    }

    [Fact]
    public void Tracks_of_the_list_are_played_out_so_that_plays_grow_old_within_it()
    {
        // The first of four of artist A leaves the three hours 3 minutes from now: after one track of B.
        (int, double)[] played = [(0, 2.95), (1, 2), (4, 1.9), (2, 1), (3, 0.5), (5, 0.2)];

        AssertPicked([7, 6], 0, Pick("AAAABCAB", "--------", played, 2));
    }

    [Fact]
    public void A_track_played_again_is_one_selection_yet_two_in_a_row()
    {
        // Artist A: tracks 0 to 3. Four plays of two tracks, the last two in a row: a third of A may follow, and no fourth in a row.
        AssertPicked([3, 5], 0, Pick("AABAAB", "------", [(0, 1), (1, 0.9), (2, 0.8), (0, 0.7), (1, 0.6)], 2));
    }

    [Fact]
    public void No_three_hours_of_a_long_list_ever_break_the_rule()
    {
        for (ulong world = 0; world < 20; world++)
        {
            var random = new SeededRandom(17, world);
            var artists = string.Concat(Enumerable.Range(0, 120).Select(_ => (char)('A' + random.NextInt(10))));
            var albums = string.Concat(artists.Select(artist => random.NextBool(0.2) ? '-' : (char)(artist + (random.NextBool(0.5) ? 0 : 32))));
            var list = Pick(artists, albums, [], 90).Tracks;

            Assert.True(list.Length > 30);
            for (var end = 0; end < list.Length; end++)
            {
                var hours = list[Math.Max(0, end - 44)..(end + 1)];   // 45 tracks of 4 minutes
                Assert.All(hours.GroupBy(track => artists[track]), group => Assert.True(group.Count() <= 4));
                Assert.All(hours.Where(track => albums[track] != '-').GroupBy(track => albums[track]), group => Assert.True(group.Count() <= 3));
                Assert.False(end >= 3 && list[(end - 3)..(end + 1)].All(track => artists[track] == artists[list[end]]));
                Assert.False(end >= 2 && albums[list[end]] != '-' && list[(end - 2)..(end + 1)].All(track => albums[track] == albums[list[end]]));
            }
        }
    }
}

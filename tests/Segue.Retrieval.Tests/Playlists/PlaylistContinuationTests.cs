using Segue.Features.Interactions;
using Segue.Models.Playlists;
using Segue.Numerics;
using Segue.Retrieval.Playlists;
using Segue.Retrieval.Tests.Candidates;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Playlists;

public sealed class PlaylistContinuationTests
{
    private static readonly HashSet<int> Nothing = [];

    private static IReadOnlyList<ContinuingTrack> Find(IReadOnlyList<int> list, int count, PlaylistNeighborsModel? model, IReadOnlySet<int>? keptOut = null)
        => PlaylistContinuation.Find(TinyWorld.Models with { Playlists = model }, TinyWorld.Nearest, list, count, keptOut ?? Nothing);

    // Every track of the catalogue is scored.
    private static List<ContinuingTrack> FindPlainly(IReadOnlyList<int> list, PlaylistNeighborsModel? model, HashSet<int> keptOut)
    {
        var taste = TinyWorld.Models.Taste.FoldIn(UserHistory.OfItems([.. list.Distinct()]));
        var all = Enumerable.Range(0, 60).Where(track => !list.Contains(track) && !keptOut.Contains(track)).Select(track => (
            Track: track, Company: list.Distinct().Sum(told => model?.Likeness(told, track) ?? 0), Nearness: Vectors.Dot(taste, TinyWorld.Models.Taste.ItemFactors.Row(track)))).ToList();
        var (company, nearness) = (all.Max(track => track.Company), all.Max(track => track.Nearness));
        return
        [
            .. all.Select(track => new ContinuingTrack(track.Track, company > 0 ? track.Company / company : 0, nearness > 0 ? track.Nearness / nearness : 0))
                .Where(track => track.Score > 0).OrderByDescending(track => track.Score).ThenBy(track => track.Track),
        ];
    }

    [Fact]
    public void Looking_at_the_nearest_and_the_company_alone_finds_what_looking_at_all_tracks_finds()
    {
        for (ulong world = 0; world < 60; world++)
        {
            var random = new SeededRandom(3, world);
            int[] list = [.. Enumerable.Range(0, 1 + random.NextInt(6)).Select(_ => random.NextInt(60))];
            var keptOut = Enumerable.Range(0, 60).Where(_ => random.NextBool(0.1)).ToHashSet();
            var model = world % 4 == 0 ? null : PlaylistCandidatesTests.Model;
            foreach (var count in new[] { 1, 4, 15, 100 })
            {
                var (found, expected) = (Find(list, count, model, keptOut), FindPlainly(list, model, keptOut));

                Assert.Equal(Math.Min(count, expected.Count), found.Count);
                // Sums in another order may differ in their last digits, and so may the places of equal tracks.
                Assert.All(found.Zip(expected), both => Assert.Equal(both.Second.Score, both.First.Score, 1e-4));
            }
        }
    }

    [Fact]
    public void Company_on_playlists_comes_first_and_taste_goes_on_where_there_is_none()
    {
        Assert.Equal([25, 29, 33, 37], Find([21], 4, PlaylistCandidatesTests.Model).Select(track => track.Track).Order());
        var (alone, together) = (Find([21], 12, model: null), Find([21], 12, PlaylistCandidatesTests.Model));
        Assert.All(alone, track => Assert.Equal(track.Taste, track.Score));
        Assert.Equal([1, 1, 1, 1, .. Enumerable.Repeat(0, 8)], together.Select(track => track.Playlists > 0 ? 1 : 0));
        Assert.Equal(alone.Where(track => track.Track % 4 != 1).Select(track => track.Track).Take(6), together.Skip(4).Select(track => track.Track).Take(6));
    }

    [Fact]
    public void A_track_named_twice_counts_once_and_nothing_of_the_list_comes_again()
    {
        Assert.Equal(Find([21, 2], 30, PlaylistCandidatesTests.Model), Find([21, 2, 21, 21], 30, PlaylistCandidatesTests.Model));
        Assert.DoesNotContain(Find([21, 25], 60, PlaylistCandidatesTests.Model), track => track.Track is 21 or 25);
    }
}

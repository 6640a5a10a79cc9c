using Segue.Evaluation.Lab;
using Segue.Evaluation.Playlists;

namespace Segue.Evaluation.Tests.Playlists;

public sealed class PlaylistComparisonTests
{
    private static readonly LabOptions Sizes = new() { Listeners = 400, Tracks = 600, Days = 20, PlaylistKeepers = 0.8 };

    [Fact]
    public void Playlists_are_continued_far_better_by_playlists_than_by_popularity_and_chance()
    {
        var results = PlaylistComparison.Run(Sizes, [1], cancellation: TestContext.Current.CancellationToken).ToDictionary(result => result.Name);

        double Hit(string way) => Assert.Single(results[way].HitAt10);
        Assert.InRange(Hit("random"), 0, 0.2);
        Assert.True(Hit("most popular") > Hit("random"));
        Assert.True(Hit("playlists") > Hit("most popular") + 0.1, $"{Hit("playlists")} and {Hit("most popular")}");
        Assert.True(Hit("playlists and taste alike") > Hit("most popular") + 0.1);
        Assert.All(results.Values, result => Assert.InRange(result.RecallAt10[0], result.HitAt10[0] / PlaylistComparison.HeldOut, result.HitAt10[0] + 1e-12));
        Assert.All(results.Values, result => Assert.InRange(result.RecallAt150[0], result.RecallAt10[0], 1));
    }

    [Fact]
    public void The_same_worlds_give_the_same_results_for_any_number_of_threads()
    {
        string Told(int threads) => string.Join("; ", PlaylistComparison.Run(Sizes with { Listeners = 150, Threads = threads }, [3], cancellation: TestContext.Current.CancellationToken)
            .Select(result => $"{result.Name} {result.HitAt10[0]:R} {result.RecallAt150[0]:R}"));

        Assert.Equal(Told(1), Told(3));
    }

    [Fact]
    public void A_world_without_playlists_is_refused()
        => Assert.Contains("no playlist of 10 tracks", Assert.Throws<ArgumentException>(
            () => PlaylistComparison.Run(Sizes with { Listeners = 20, Tracks = 40, Days = 2, PlaylistKeepers = 0 }, [1], cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
}

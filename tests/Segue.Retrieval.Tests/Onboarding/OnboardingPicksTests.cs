using Segue.Retrieval.Onboarding;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.Onboarding;

public sealed class OnboardingPicksTests
{
    private static readonly IReadOnlySet<int> Nothing = new HashSet<int>();

    private static IReadOnlyList<OnboardingPick> Choose(int count, IReadOnlySet<int>? excluded = null)
        => OnboardingPicks.Choose(TinyWorld.Data.Catalogue, TinyWorld.Models, excluded ?? Nothing, count);

    [Fact]
    public void The_first_picks_are_of_as_many_genres_as_there_are()
        => Assert.Equal(3, Choose(3).Select(pick => TinyWorld.GenreOf(pick.Track)).Distinct().Count());

    [Fact]
    public void Fewer_are_the_first_of_more()
        => Assert.Equal(Choose(3), Choose(9).Take(3));

    [Fact]
    public void No_artist_comes_twice_and_where_there_are_fewer_all_come()
    {
        var picks = Choose(OnboardingPicks.MaxCount);

        Assert.Equal(15, picks.Count);
        Assert.Equal(15, picks.Select(pick => pick.Artist).Distinct().Count());
    }

    [Fact]
    public void A_pick_shows_the_artists_most_liked_track_that_may_be_offered()
    {
        var best = Choose(1)[0];
        int[] tracks = [.. TinyWorld.Data.Catalogue.TracksOfArtist(best.Artist)];
        Assert.Equal(tracks.Max(TinyWorld.Models.Popular.Likes), TinyWorld.Models.Popular.Likes(best.Track));

        Assert.DoesNotContain(Choose(OnboardingPicks.MaxCount, new HashSet<int>(tracks)), pick => pick.Artist == best.Artist);
        Assert.DoesNotContain(Choose(OnboardingPicks.MaxCount, new HashSet<int> { best.Track }), pick => pick.Track == best.Track);
    }

    [Fact]
    public void How_well_an_artist_is_known_lies_between_nobody_and_the_best_known()
    {
        var picks = Choose(15);

        Assert.All(picks, pick => Assert.InRange(pick.Known, float.Epsilon, 1));
        Assert.Contains(picks, pick => pick.Known == 1);
    }

    [Theory, InlineData(0), InlineData(51)]
    public void A_count_out_of_range_is_refused(int count)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Choose(count));
}

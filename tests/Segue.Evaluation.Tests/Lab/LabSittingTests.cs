using Segue.Evaluation.Lab;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Lab;

public sealed class LabSittingTests
{
    private static readonly Lazy<LabWorld> Shared =
        new(() => LabWorld.Create(new LabOptions { Listeners = 400, Tracks = 2000, Seed = 11 }));

    private static LabWorld World => Shared.Value;

    [Fact]
    public void Chance_of_keeping_agrees_with_how_often_the_track_is_kept()
    {
        double expected = 0, variance = 0;
        var kept = 0;
        var random = new SeededRandom(1);
        foreach (var sitting in Sittings(20))
        {
            var track = World.DrawPopular(ref random);
            var chance = sitting.ChanceOfKeeping(track);
            (expected, variance) = (expected + chance, variance + chance * (1 - chance));
            kept += sitting.React(track).Skipped ? 0 : 1;
        }

        Assert.InRange(kept, expected - 4 * Math.Sqrt(variance), expected + 4 * Math.Sqrt(variance));
    }

    [Fact]
    public void Asking_for_the_chance_changes_nothing()
    {
        var (asked, unasked) = (World.Sit(3, 5, World.Start), World.Sit(3, 5, World.Start));
        for (var track = 0; asked.Heard < asked.Length; track++)
        {
            Assert.Equal(asked.ChanceOfKeeping(track), asked.ChanceOfKeeping(track));
            Assert.Equal(unasked.React(track), asked.React(track));
        }
        Assert.Equal(unasked.Now, asked.Now);
    }

    [Fact]
    public void Two_policies_meet_the_same_mood_length_and_luck()
    {
        // They differ at the first track; the second is of another artist than both, so it finds the same listener again.
        for (var number = 0; number < 200; number++)
        {
            var (left, right) = (World.Sit(7, number, World.Start), World.Sit(7, number, World.Start));
            Assert.Equal((left.Length, left.MoodGenre), (right.Length, right.MoodGenre));
            left.React(0);
            right.React(1);
            var third = Enumerable.Range(2, 100).First(track => Artist(track) != Artist(0) && Artist(track) != Artist(1));
            if (left.Length > 1)
            {
                Assert.Equal(left.React(third), right.React(third));
            }
        }
    }

    [Fact]
    public void A_track_of_the_moods_genre_is_kept_more_often_than_one_of_another_own_taste_and_that_more_than_a_foreign_one()
    {
        var byGenre = Enumerable.Range(0, World.Options.Tracks).ToLookup(track => World.Catalogue[track].Genre!);
        List<double> ofMood = [], ofOtherTaste = [], foreign = [];
        for (var listener = 0; listener < World.Options.Listeners; listener++)
        {
            var tastes = World.TasteGenres(listener);
            var sitting = World.Sit(listener, 0, World.Start);
            if (tastes.Count == 1 || !tastes.Contains(sitting.MoodGenre))
            {
                continue;
            }
            foreach (var genre in byGenre)
            {
                var group = genre.Key == sitting.MoodGenre ? ofMood : tastes.Contains(genre.Key) ? ofOtherTaste : foreign;
                group.Add(genre.Average(sitting.ChanceOfKeeping));
            }
        }

        Assert.True(ofMood.Average() > ofOtherTaste.Average() + 0.15, $"{ofMood.Average():0.000} and {ofOtherTaste.Average():0.000}");
        Assert.True(ofOtherTaste.Average() > foreign.Average() + 0.05, $"{ofOtherTaste.Average():0.000} and {foreign.Average():0.000}");
    }

    [Fact]
    public void A_track_heard_again_and_again_is_kept_less_and_less()
    {
        List<double> first = [], second = [], third = [];
        foreach (var sitting in Sittings(2).Where(sitting => sitting.Length >= 3))
        {
            foreach (var chances in new[] { first, second, third })
            {
                chances.Add(sitting.ChanceOfKeeping(42));
                sitting.React(42);
            }
        }

        Assert.True(first.Average() > second.Average() + 0.1);
        Assert.True(second.Average() > third.Average() + 0.05);
    }

    [Fact]
    public void What_was_heard_in_the_history_tires_until_it_is_long_past()
    {
        var world = LabWorld.Create(World.Options with { Days = 5 });
        var last = world.SimulateHistory(null, TestContext.Current.CancellationToken)
            .Where(play => play.StartedAt > world.End.AddHours(-6))
            .DistinctBy(play => play.Listener)
            .ToArray();

        double Chance(DateTimeOffset at) => last.Average(play => world.Sit(play.Listener, 0, at).ChanceOfKeeping(play.Track));

        Assert.NotEmpty(last);
        Assert.True(Chance(world.End) + 0.1 < Chance(world.End.AddDays(10)));
    }

    [Fact]
    public void A_listener_who_has_left_hears_nothing_more()
    {
        var sitting = World.Sit(0, 0, World.Start);
        while (sitting.Heard < sitting.Length)
        {
            sitting.React(sitting.Heard);
        }

        Assert.Throws<InvalidOperationException>(() => sitting.React(0));
    }

    [Fact]
    public void What_does_not_exist_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Sit(400, 0, World.Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Sit(-1, 0, World.Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Sit(0, -1, World.Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Sit(0, 0, World.Start.AddDays(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Sit(0, 0, World.Start).React(2000));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Sit(0, 0, World.Start).ChanceOfKeeping(-1));
    }

    private static string Artist(int track) => World.Catalogue[track].Artist.Id.Value;

    private static IEnumerable<LabSitting> Sittings(int each)
        => from listener in Enumerable.Range(0, World.Options.Listeners)
           from number in Enumerable.Range(0, each)
           select World.Sit(listener, number, World.Start);
}

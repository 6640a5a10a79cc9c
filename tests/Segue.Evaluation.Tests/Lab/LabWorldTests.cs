using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Lab;

public sealed class LabWorldTests
{
    private static readonly LabOptions Small = new() { Listeners = 150, Tracks = 600, Days = 10, Seed = 4, Threads = 1 };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Same_seed_gives_the_same_world_and_history_for_any_number_of_threads(int threads)
    {
        var (one, many) = (LabWorld.Create(Small), LabWorld.Create(Small with { Threads = threads }));

        Assert.Equal(Describe(one), Describe(many));
        Assert.Equal(History(one), History(many));
        Assert.Equal(Reactions(one), Reactions(many));
    }

    [Fact]
    public void Simulating_twice_gives_the_same_history()
    {
        var world = LabWorld.Create(Small);

        Assert.Equal(History(world), History(world));
    }

    [Fact]
    public void Another_seed_gives_another_world()
        => Assert.NotEqual(Describe(LabWorld.Create(Small)), Describe(LabWorld.Create(Small with { Seed = 5 })));

    [Fact]
    public void History_is_in_order_of_time_then_listener_and_lies_within_the_days()
    {
        var world = LabWorld.Create(Small);

        var history = History(world);

        Assert.NotEmpty(history);
        Assert.Equal(history.OrderBy(play => play.StartedAt).ThenBy(play => play.Listener), history);
        Assert.All(history, play =>
        {
            Assert.InRange(play.StartedAt, world.Start, world.End);
            Assert.InRange(play.StartedAt + play.Reaction.Heard, world.Start, world.End);
        });
    }

    [Fact]
    public void Nobody_hears_two_tracks_at_once()
        => Assert.All(History(LabWorld.Create(Small)).GroupBy(play => play.Listener), own =>
            Assert.All(
                own.Zip(own.Skip(1)),
                pair => Assert.True(pair.First.StartedAt + pair.First.Reaction.Heard <= pair.Second.StartedAt)));

    [Fact]
    public void Nobody_hears_a_track_before_its_release()
    {
        var world = LabWorld.Create(Small with { Tracks = 5000 });

        var news = History(world).Where(play => world.ReleaseDay(play.Track) >= 0).ToArray();

        Assert.NotEmpty(news);
        Assert.All(news, play => Assert.True(play.StartedAt >= world.Start.AddDays(world.ReleaseDay(play.Track))));
    }

    [Fact]
    public void Only_what_was_kept_is_heard_whole_voted_up_or_added()
    {
        var world = LabWorld.Create(Small);

        Assert.All(History(world), play =>
        {
            var (reaction, length) = (play.Reaction, world.Catalogue[play.Track].Length!.Value);
            Assert.True(reaction.Heard > TimeSpan.Zero);
            Assert.Equal(!reaction.Skipped, reaction.Heard == length);
            Assert.False(reaction.Skipped && (reaction.PlaylistAdd || reaction.Vote == VoteValue.Up));
            Assert.False(!reaction.Skipped && reaction.Vote == VoteValue.Down);
        });
    }

    [Fact]
    public void Ids_count_from_zero_and_every_track_has_a_genre_tags_and_a_length()
    {
        var world = LabWorld.Create(Small);

        Assert.Equal("t00123", world.Catalogue[123].Id.Value);
        Assert.Equal("l000123", world.Listeners[123].Id.Value);
        Assert.All(world.Catalogue, track =>
        {
            Assert.Matches("^a[0-9]{4,}$", track.Artist.Id.Value);
            Assert.NotNull(track.Genre);
            Assert.Equal(3, track.Tags.Count);
            Assert.InRange(track.Length!.Value.TotalSeconds, 75, 900);
        });
    }

    [Fact]
    public void An_artists_tracks_share_genre_and_name()
        => Assert.All(
            LabWorld.Create(Small).Catalogue.GroupBy(track => track.Artist.Id),
            tracks => Assert.Single(tracks.Select(track => (track.Genre, track.Artist.Name)).Distinct()));

    [Fact]
    public void The_smallest_world_works()
    {
        var world = LabWorld.Create(new LabOptions { Listeners = 1, Tracks = 20, Days = 1, Threads = 1 });

        Assert.All(world.SimulateHistory(null, TestContext.Current.CancellationToken), play => Assert.Equal(0, play.Listener));
        Assert.InRange(world.Sit(0, 0, world.End).ChanceOfKeeping(19), 0, 1);
    }

    [Fact]
    public void A_cancelled_history_stops()
        => Assert.ThrowsAny<OperationCanceledException>(
            () => LabWorld.Create(Small).SimulateHistory(null, new CancellationToken(canceled: true)));

    [Fact]
    public void Options_out_of_range_are_refused_with_value_and_range()
    {
        Refused(() => new LabOptions { Listeners = 0 }, "Listeners is 0; it must lie from 1 to 10,000,000.");
        Refused(() => new LabOptions { Listeners = 10_000_001 }, "Listeners is 10,000,001; it must lie from 1 to 10,000,000.");
        Refused(() => new LabOptions { Tracks = 19 }, "Tracks is 19; it must lie from 20 to 5,000,000.");
        Refused(() => new LabOptions { Tracks = 5_000_001 }, "Tracks is 5,000,001; it must lie from 20 to 5,000,000.");
        Refused(() => new LabOptions { Days = 0 }, "Days is 0; it must lie from 1 to 3,650.");
        Refused(() => new LabOptions { Days = 3651 }, "Days is 3,651; it must lie from 1 to 3,650.");
        Refused(() => new LabOptions { Threads = 0 }, "Threads is 0; it must lie from 1 to 1,024.");
    }

    private static void Refused(Func<LabOptions> options, string message)
        => Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(options).Message, StringComparison.Ordinal);

    private static IReadOnlyList<LabListen> History(LabWorld world)
        => world.SimulateHistory(null, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Describe(LabWorld world)
        => world.Catalogue
            .Select(track => $"{track.Id} {track.Title} {track.Artist} {track.Genre} {string.Join(',', track.Tags)} {track.Length}")
            .Concat(world.Listeners.Select((listener, index) => $"{listener} {string.Join(',', world.TasteGenres(index))}"));

    private static List<LabReaction> Reactions(LabWorld world)
    {
        var reactions = new List<LabReaction>();
        var random = new SeededRandom(9);
        for (var listener = 0; listener < world.Options.Listeners; listener++)
        {
            var sitting = world.Sit(listener, 1, world.End);
            while (sitting.Heard < sitting.Length)
            {
                reactions.Add(sitting.React(world.DrawPopular(ref random)));
            }
        }
        return reactions;
    }
}

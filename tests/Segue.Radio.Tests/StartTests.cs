using Segue.Core;
using Segue.Features.Interactions;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>How a sitting begins.</summary>
public sealed class StartTests : RadioTest
{
    [Fact]
    public void A_known_listener_starts_in_the_genre_they_love()
    {
        for (var listener = 6; listener < 9; listener++)
        {
            var answer = Station().Start(TinyWorld.Listener(listener), RadioSeeds.None, 10);

            Assert.Equal(10, answer.Tracks.Count);
            Assert.Equal(Enumerable.Range(0, 10), answer.Tracks.Select(track => track.Position));
            Assert.Equal("000001", answer.ModelVersion);
            Assert.True(OfGenre(answer, listener % 3) >= 8, $"listener {listener}: {OfGenre(answer, listener % 3)}");
        }
    }

    [Fact]
    public void A_stranger_without_seeds_hears_what_listeners_like_on_the_whole()
    {
        var answer = Station().Start(null, RadioSeeds.None, 5);

        var popular = TinyWorld.Models.Popular;
        Assert.True(Rows(answer).Average(row => popular.Likes(row)) > 1.2 * popular.MostLiked.Average(popular.Likes));
        Assert.All(answer.Tracks, track => Assert.Equal(("popular", "close to what listeners like on the whole"), (track.Reason.Source, track.Reason.Text)));
        Assert.Empty(Sink.Impressions);   // nobody to whom it could be joined
    }

    [Fact]
    public void Seeds_of_every_sort_lead_into_their_genre()
    {
        RadioSeeds[] seeds =
        [
            new([TinyWorld.IdOf(41)], [], []), new([], [new("artist11")], []), new([], [], ["Techno"]), new([TinyWorld.IdOf(45)], [new("artist12")], ["techno"]),
        ];
        Assert.All(seeds, seed =>
        {
            var answer = Station().Start(null, seed, 10);
            Assert.True(OfGenre(answer, 2) >= 8, $"{OfGenre(answer, 2)} of 10");
            Assert.Equal(["techno"], answer.Toward);
            Assert.Empty(answer.AwayFrom);
        });
        Assert.True(OfGenre(Station().Start(TinyWorld.Listener(6), seeds[0], 10), 2) >= 5);
    }

    [Fact]
    public void What_is_not_known_is_named()
    {
        var station = Station();
        void AssertNamed(string what, string id, Action ask)
        {
            var fault = Assert.Throws<NotKnownException>(ask);
            Assert.Equal((what, id), (fault.What, fault.Id));
            Assert.Contains($"no {what} '{id}'", fault.Message, StringComparison.Ordinal);
        }

        var id = new SessionId(Guid.Empty);
        var session = station.Start(null, RadioSeeds.None, 1).Session;
        AssertNamed("listener", "nobody", () => station.Start(new ListenerId("nobody"), RadioSeeds.None, 1));
        AssertNamed("listener", "nobody", () => station.Recommend(new("nobody"), 1));
        AssertNamed("track", "none", () => station.Start(null, new([new("none")], [], []), 1));
        AssertNamed("track", "none", () => station.Similar(new("none"), 1));
        AssertNamed("track", "none", () => station.React(session, [new(RadioEventKind.Played, new("none"))], 1));
        AssertNamed("artist", "none", () => station.Start(null, new([], [new("none")], []), 1));
        AssertNamed("genre", "polka", () => station.Start(null, new([], [], ["polka"]), 1));
        AssertNamed("session", id.ToString(), () => station.Next(id, 1));
        AssertNamed("session", id.ToString(), () => station.React(id, [], 1));
        Assert.Equal(1, station.Sessions);
    }

    [Fact]
    public void A_new_listener_is_let_through_when_announced()
    {
        var station = Station();
        var answer = station.Start(new ListenerId("newcomer"), RadioSeeds.None, 4, isNew: true);
        station.React(answer.Session, [Played(20)], 4);

        Assert.All(Sink.Impressions, impression => Assert.Equal("newcomer", impression.Listener.Value));
        Assert.Equal(8, Sink.Impressions.Count);
        Assert.Equal("newcomer", Assert.Single(Sink.Listens).Listener.Value);
    }

    [Fact]
    public void A_listener_who_came_after_the_training_is_served_from_the_history()
    {
        Interaction[] plays = [.. TinyWorld.TracksOf(1).Take(8).Select(track => new Interaction("late", TinyWorld.IdOf(track).Value, 1, null, InteractionAction.Listen))];
        var data = Dataset.Build(TinyWorld.Catalogue, TinyWorld.Data.Listeners, plays);

        Assert.True(OfGenre(Station(data: data).Start(new ListenerId("late"), RadioSeeds.None, 8), 1) >= 6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(RadioStation.MaxCount + 1)]
    public void A_count_outside_its_range_is_refused_everywhere(int count)
    {
        var station = Station();
        var session = station.Start(null, RadioSeeds.None, 1).Session;

        Assert.Throws<ArgumentOutOfRangeException>(() => station.Start(null, RadioSeeds.None, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => station.Next(session, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => station.React(session, [], count));
        Assert.Throws<ArgumentOutOfRangeException>(() => station.Recommend(TinyWorld.Listener(1), count));
        Assert.Throws<ArgumentOutOfRangeException>(() => station.Similar(TinyWorld.IdOf(1), count));
        Assert.Equal(1, station.Sessions);
    }

    [Fact]
    public void The_largest_count_gives_what_there_is()
        => Assert.Equal(60, Station().Start(null, RadioSeeds.None, RadioStation.MaxCount).Tracks.Count);

    [Fact]
    public void Models_of_another_catalogue_are_refused()
    {
        var data = Dataset.Build([.. TinyWorld.Catalogue.Skip(1)], [], []);

        Assert.Contains("60 items and 40 users, the data 59 and 0", Assert.Throws<ArgumentException>(() => Station(data: data)).Message, StringComparison.Ordinal);
    }
}

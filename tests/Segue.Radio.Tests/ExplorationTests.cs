using Segue.Core;
using Segue.Features.Interactions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>Six rock tracks are new at the station, which nothing but chance would bring.</summary>
public sealed class ExplorationTests : RadioTest
{
    private RadioStation Exploring(double share)
    {
        var before = new Repertoire(TinyWorld.Data, TinyWorld.Models, new() { Rest = new() { Usual = 3 }, Exploration = new() { Share = share } }, Time);
        var places = new Numerics.DenseMatrix(6, TinyWorld.Models.Taste.Factors);
        Track[] fresh = [.. Enumerable.Range(0, 6).Select(n => new Track(new($"new{n}"), $"New {n}", new(new($"newcomer{n}"), $"Newcomer {n}"), "rock", [], null))];
        for (var n = 0; n < 6; n++)
        {
            Numerics.Vectors.AddScaled(places.Row(n), TinyWorld.Models.Taste.ItemFactors.Row(n), 0.1f);
        }
        return new(before.WithTracks(fresh, places), new() { Rest = new() { Usual = 3 } }, Sink, Time);
    }

    [Fact]
    public void New_tracks_come_with_their_chance_in_the_impression_and_their_reason()
    {
        var station = Exploring(0.5);
        var answers = Enumerable.Range(0, 10).Select(_ => station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10)).ToList();

        var fresh = answers.SelectMany(answer => answer.Tracks).Where(track => track.Source == "explore").ToList();
        Assert.NotEmpty(fresh);
        Assert.All(fresh, track => Assert.Equal("explore", track.Reason.Source));
        Assert.Equal(answers.SelectMany(answer => answer.Tracks).Select(track => track.Propensity), Sink.Impressions.Select(shown => shown.Propensity));
        Assert.Contains(Sink.Impressions, shown => shown is { Source: "explore", Propensity: > 0 and < 0.5 });
        Assert.Contains(Sink.Impressions, shown => shown is { Source: not "explore", Propensity: 0.5 });
    }

    [Fact]
    public void Asking_again_names_the_same_tracks_and_chances()
    {
        var station = Exploring(0.3);
        for (var n = 0; n < 10; n++)
        {
            var first = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 8);
            var again = station.Next(first.Session, 8);

            Assert.Equal(first.Tracks.Select(track => (track.Track.Id, track.Propensity)), again.Tracks.Select(track => (track.Track.Id, track.Propensity)));
        }
    }

    [Fact]
    public void Without_a_share_nothing_is_left_to_chance()
    {
        Exploring(0).Start(TinyWorld.Listener(6), RadioSeeds.None, 10);

        Assert.All(Sink.Impressions, shown => Assert.Equal(1, shown.Propensity));
    }

    [Fact]
    public void A_sitting_that_turns_from_a_genre_explores_nothing_of_it()
    {
        var station = Exploring(0.5);
        for (var n = 0; n < 10; n++)
        {
            var answer = station.Start(TinyWorld.Listener(6), new([], [], []) { Less = new([], [], ["rock"]) }, 10);

            Assert.DoesNotContain(answer.Tracks, track => track.Source == "explore");
        }
    }

    [Fact]
    public void A_web_radio_explores_nothing()
    {
        var answer = Exploring(0.5).Start(TinyWorld.Listener(6), RadioSeeds.None, 10, wishes: new() { IsWebRadio = true });

        Assert.All(answer.Tracks, track => Assert.Equal(1, track.Propensity));
    }

    [Fact]
    public void A_newcomer_of_a_known_country_hears_what_it_likes()
    {
        var profiles = Enumerable.Range(0, TinyWorld.Listeners)
            .Select(n => new ListenerProfile(TinyWorld.Listener(n), new(n % 3 == 2 ? "Osmara" : "Norvia"), AgeBand.Unknown, Gender.Unknown)).ToList();
        var data = TinyWorld.Data;
        var station = Station(data: Dataset.Build(
            TinyWorld.Catalogue, profiles,
            Enumerable.Range(0, TinyWorld.Listeners).SelectMany(n => data.History(n).Items.Select(item => new Interaction(TinyWorld.Listener(n).Value, TinyWorld.IdOf(item).Value, 1, null, InteractionAction.Listen))).ToList()));
        station.Repertoire.People.Know([new(new("newcomer"), new("Osmara"), AgeBand.Unknown, Gender.Unknown)]);

        var answer = station.Start(new ListenerId("newcomer"), RadioSeeds.None, 5, isNew: true);

        Assert.True(OfGenre(answer, 2) >= 4, string.Join(" ", Rows(answer)));
        Assert.Contains(answer.Tracks, track => track.Reason is { Source: "people-like-you", Text: "liked by people like you" });
    }
}

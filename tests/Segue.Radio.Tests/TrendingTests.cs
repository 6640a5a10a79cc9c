using Segue.Core;
using Segue.Events;
using Segue.Features.Trends;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What trends where a listener is.</summary>
public sealed class TrendingTests : RadioTest
{
    // Five listeners of Bern all hear the last tracks of the catalogue, which are the least popular.
    private LiveTrends TrendsOfBern()
    {
        var trends = new LiveTrends();
        trends.Know(Enumerable.Range(0, 5).Select(n => new ListenerProfile(TinyWorld.Listener(n), new("CH", null, "Bern"), AgeBand.Unknown, Gender.Unknown)));
        foreach (var (listener, track) in from listener in Enumerable.Range(0, 5) from track in Enumerable.Range(48, 12) select (listener, track))
        {
            trends.Apply(new ListenerEvent { Kind = EventKind.Listen, Key = default, Listener = TinyWorld.Listener(listener), Track = TinyWorld.IdOf(track), At = Time.GetUtcNow() });
        }
        return trends;
    }

    [Fact]
    public void A_stranger_is_offered_what_trends_and_told_so()
    {
        var station = Station(new() { Rest = new() { Usual = 3 }, CandidatesPerSource = 12 });
        var before = station.Start(null, RadioSeeds.None, 40);

        station.Follow(TrendsOfBern());

        var answer = station.Start(null, RadioSeeds.None, 40);
        Assert.DoesNotContain("trending", before.Tracks.Select(track => track.Source));
        Assert.Contains("trending", answer.Tracks.Select(track => track.Source));
        Assert.All(answer.Tracks.Where(track => track.Source == "trending"), track => Assert.Equal(("trending", "trending everywhere"), (track.Reason.Source, track.Reason.Text)));
        Assert.All(answer.Tracks.Where(track => TinyWorld.RowOf(track.Track.Id) < 48), track => Assert.Equal("popular", track.Reason.Source));
    }

    [Fact]
    public void A_listener_of_a_known_place_is_told_its_name()
    {
        var trends = TrendsOfBern();
        trends.Know([
            .. Enumerable.Range(0, 5).Select(n => new ListenerProfile(TinyWorld.Listener(n), new("CH", null, "Bern"), AgeBand.Unknown, Gender.Unknown)),
            new(new("newcomer"), new("CH", null, "Bern"), AgeBand.Unknown, Gender.Unknown),
        ]);
        var station = Station(new() { Rest = new() { Usual = 3 }, CandidatesPerSource = 12 });
        station.Follow(trends);

        var answer = station.Start(new ListenerId("newcomer"), RadioSeeds.None, 40, isNew: true);

        Assert.Contains(answer.Tracks, track => track.Source == "trending");
        Assert.All(answer.Tracks.Where(track => track.Source == "trending"), track => Assert.Equal("trending in Bern", track.Reason.Text));
    }
}

using Segue.Core;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>Tracks that come while the radio is on the air, and a radio of which nothing is known but sound.</summary>
public sealed class NewTrackTests : RadioTest
{
    private static readonly Track New = new(new("new"), "New", new(new("newcomer"), "Newcomer"), "jazz", [], TimeSpan.FromSeconds(100));

    private static DenseMatrix PlaceOf(int track) => new(1, TinyWorld.Models.Taste.Factors, TinyWorld.Models.Taste.ItemFactors.Row(track).ToArray());

    [Fact]
    public void A_new_track_is_offered_to_who_keeps_what_it_is_near_to()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 5);
        station.React(start.Session, [Played(21), Skipped(2)], 5);

        station.Use(station.Repertoire.WithTracks([New], PlaceOf(20)));
        var next = station.Next(start.Session, 20);

        Assert.Contains(New.Id, next.Tracks.Select(track => track.Track.Id));
        Assert.DoesNotContain(TinyWorld.IdOf(21), next.Tracks.Select(track => track.Track.Id));
        Assert.Equal("000001+1", next.ModelVersion);
        Assert.Equal("000001", station.PublishedVersion);
    }

    [Fact]
    public void A_radio_can_begin_with_a_new_track()
    {
        var station = Station();
        station.Use(station.Repertoire.WithTracks([New], PlaceOf(20)));

        var answer = station.Start(listener: null, new([New.Id], [], []), 10);

        Assert.True(answer.Tracks.Count(track => track.Track.Genre == "jazz") >= 8);
    }

    [Fact]
    public void What_listeners_do_before_and_after_a_track_comes_is_kept()
    {
        var station = Station();
        station.Observe(new("stranger"), Played(3), session: null, Time.GetUtcNow());

        var grown = station.Repertoire.WithTracks([New], PlaceOf(20));
        station.Observe(new("stranger"), Played(4), session: null, Time.GetUtcNow());   // between the making and the use
        station.Use(grown);
        station.Observe(new("stranger"), new(RadioEventKind.Voted, New.Id, Vote: VoteValue.Down), session: null, Time.GetUtcNow());

        Assert.Equal(3, grown.NotNewTo(new("stranger")).Length);
    }

    [Fact]
    public void Tracks_come_one_after_the_other()
    {
        var repertoire = Station().Repertoire;

        var twice = repertoire.WithTracks([New], PlaceOf(20)).WithTracks([New with { Id = new("newer") }], PlaceOf(0));

        Assert.Equal("000001+2", twice.Models.Version);
        Assert.Equal(TinyWorld.Catalogue.Count + 2, twice.Models.Items);
        Assert.Equal(twice.Models.Items, twice.Catalogue.Count);
        Assert.Equal(TinyWorld.Catalogue.Count, twice.Models.Trained.Items);
        Assert.Equal(TinyWorld.Models.Taste.ItemFactors.Row(0), twice.Models.Taste.ItemFactors.Row(61));
        Assert.Throws<ArgumentException>(() => twice.WithTracks([New], PlaceOf(20)));
    }

    [Fact]
    public void Where_nobody_listened_yet_the_radio_goes_by_sound()
    {
        // Three sounds, each track a little off: the tracks of a genre sound alike.
        var random = new SeededRandom(1);
        var vectors = new DenseMatrix(TinyWorld.Catalogue.Count, 16);
        for (var track = 0; track < vectors.Rows; track++)
        {
            var row = vectors.Row(track);
            for (var f = 0; f < row.Length; f++)
            {
                row[f] = (f % 3 == TinyWorld.GenreOf(track) ? 1 : 0) + 0.3f * (float)(random.NextDouble() - 0.5);
            }
            Vectors.Normalize(row);
        }
        var catalogue = TinyWorld.Catalogue.Select(track => track with { Genre = null }).ToList();
        var models = ModelSet.OfSound("sound-000001", catalogue, vectors);
        var station = new RadioStation(Segue.Features.Interactions.Dataset.Build(catalogue, [], []), models, new(), Sink, Time);

        var start = station.Start(listener: null, new([TinyWorld.IdOf(25)], [], []), 10);
        var moved = station.React(start.Session, [.. start.Tracks.Take(3).Select(track => new RadioEvent(RadioEventKind.Skipped, track.Track.Id, TimeSpan.FromSeconds(3))), Played(41), Played(45)], 10);

        Assert.InRange(OfGenre(start, 1), 7, 10);   // five artists a genre: spacing lets others in
        Assert.Equal("you began with it", start.Tracks[0].Reason.Text);
        Assert.StartsWith("close to 'Title 25'", start.Tracks[1].Reason.Text, StringComparison.Ordinal);
        Assert.InRange(OfGenre(moved, 2), 7, 10);   // five artists a genre: spacing lets others in
        Assert.All(station.Similar(TinyWorld.IdOf(3), 10).Tracks, track => Assert.StartsWith("sounds like 'Title 3'", track.Reason.Text, StringComparison.Ordinal));
    }
}

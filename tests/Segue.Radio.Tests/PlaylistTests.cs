using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Playlists;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What stands together on playlists, in sittings and outside of them.</summary>
public sealed class PlaylistTests : RadioTest
{
    // Nobody plays the last four tracks of techno with rock, but everybody who keeps lists puts them beside the first four of rock.
    private static readonly int[] Rock = [0, 1, 2, 3], Techno = [56, 57, 58, 59];

    private static readonly ModelSet Models = TinyWorld.Models with
    {
        Playlists = (PlaylistNeighborsModel)ModelKinds.Get(PlaylistNeighborsModel.KindName).Trainer().Train(
            new(CsrMatrix.FromTriplets(TinyWorld.Listeners, 60, []))
            {
                Playlists = ItemPlaylists.Of(Enumerable.Range(0, 6).Select(listener => (listener, (IReadOnlyList<int>)[.. Rock, .. Techno]))),
            }, new(1, 1)),
    };

    private RadioStation Radio(RadioOptions? options = null) => new(TinyWorld.Data, Models, options ?? new() { Rest = new() { Usual = 3 } }, Sink, Time);

    private static RadioSeeds Seeds(params int[] playlist) => RadioSeeds.None with { Playlists = [[.. playlist.Select(TinyWorld.IdOf)]] };

    [Fact]
    public void A_sitting_that_begins_with_a_playlist_is_offered_its_company()
    {
        var options = new RadioOptions { CandidatesPerSource = 3, Rest = new() { Usual = 3 } };   // a small pool, in which nothing else brings techno
        int[] Company(RadioStation station) => [.. Rows(station.Start(null, Seeds(Rock), 30)).Intersect(Techno)];

        Assert.NotEmpty(Company(Radio(options)));
        Assert.Empty(Company(Station(options)));
    }

    [Fact]
    public void Equal_events_give_equal_lists()
    {
        (RadioStation Station, List<string> Told) Sit()
        {
            var (station, told) = (Radio(), new List<string>());
            var answer = station.Start(TinyWorld.Listener(3), Seeds(Rock), 8);
            for (var step = 0; step < 6; step++)
            {
                told.AddRange(answer.Tracks.Select(track => $"{track.Track.Id} {track.Source} {track.Score:R} {track.Reason.Text}"));
                var row = TinyWorld.RowOf(answer.Tracks[0].Track.Id);
                answer = station.React(answer.Session, [step % 2 == 0 ? Played(row) : Skipped(row)], 8);
            }
            return (station, told);
        }

        Assert.Equal(Sit().Told, Sit().Told);
    }

    [Fact]
    public void Where_popularity_alone_would_speak_the_company_on_playlists_is_named()
    {
        // A radio whose score is popularity alone.
        var station = Radio(new() { Weights = new() { Taste = 0, Session = 0, Genre = 0, Artist = 0, CoListen = 0, Popularity = 1 }, Rest = new() { Usual = 3 } });

        var tracks = station.Start(null, Seeds(2), 40).Tracks;

        var beside = tracks.Where(track => Rock.Concat(Techno).Except([2]).Contains(TinyWorld.RowOf(track.Track.Id))).ToList();
        Assert.NotEmpty(beside);
        Assert.All(beside, track => Assert.Equal(("playlist", "often on playlists with 'Title 2' by Artist 0"), (track.Reason.Source, track.Reason.Text)));
        Assert.All(tracks.Except(beside), track => Assert.NotEqual("playlist", track.Reason.Source));
    }

    [Fact]
    public void A_list_is_continued_with_reasons_and_without_itself()
    {
        var answer = Radio().Continue([TinyWorld.IdOf(0), TinyWorld.IdOf(1)], 20);

        int[] rows = [.. answer.Tracks.Select(track => TinyWorld.RowOf(track.Track.Id))];
        Assert.DoesNotContain(rows, row => row < 2);
        Assert.Equal(Rock.Concat(Techno).Skip(2), rows.Intersect(Rock.Concat(Techno)).Order());
        Assert.Equal(Enumerable.Range(0, 20), answer.Tracks.Select(track => track.Position));
        Assert.Equal(answer.Tracks.OrderByDescending(track => track.Score).Select(track => track.Score), answer.Tracks.Select(track => track.Score));
        var techno = answer.Tracks.First(track => Techno.Contains(TinyWorld.RowOf(track.Track.Id)));
        Assert.Equal(("playlist", "often on playlists with 'Title 0' by Artist 0"), (techno.Source, techno.Reason.Text));
        Assert.Contains(answer.Tracks, track => track.Source == "taste" && track.Reason.Text == "heard by those who hear what is on the list");
        Assert.All(answer.Tracks, track => Assert.InRange(track.Reason.Share, 0.01f, 1));
        Assert.Empty(Sink.Impressions);
    }

    [Fact]
    public void A_list_of_tracks_nobody_knows_or_a_wrong_count_is_refused()
    {
        Assert.Equal("nothing", Assert.Throws<NotKnownException>(() => Radio().Continue([TinyWorld.IdOf(0), new("nothing")], 5)).Id);
        Assert.Throws<ArgumentOutOfRangeException>(() => Radio().Continue([TinyWorld.IdOf(0)], 0));
    }
}

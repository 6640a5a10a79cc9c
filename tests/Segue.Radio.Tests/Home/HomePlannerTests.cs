using Segue.Core;
using Segue.Numerics;
using Segue.Radio.Home;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests.Home;

public sealed class HomePlannerTests : RadioTest
{
    private static HomePage Of(RadioStation station, int listener, int rows = 10, int count = 5, params ScoredItem[] list)
        => new HomePlanner(station).Of(TinyWorld.Listener(listener), rows, count, _ => list.Length == 0 ? null : (DateTimeOffset.UnixEpoch, list));

    private static IEnumerable<RecommendedTrack> All(HomePage page) => page.Rows.SelectMany(row => row.Tracks);

    [Fact]
    public void No_track_stands_in_two_rows_and_none_that_was_heard_in_any()
    {
        for (var listener = 0; listener < TinyWorld.Listeners; listener++)
        {
            var station = Station();
            var page = Of(station, listener);
            var tracks = All(page).Select(track => track.Track.Id).ToList();

            Assert.Equal(tracks.Count, tracks.Distinct().Count());
            Assert.Empty(tracks.Select(TinyWorld.RowOf).Intersect(TinyWorld.Data.History(listener).Items));
            Assert.Equal(Enumerable.Range(0, tracks.Count), All(page).Select(track => track.Position));
            Assert.All(page.Rows, row => Assert.InRange(row.Tracks.Count, 1, 5));
        }
    }

    [Fact]
    public void Every_track_is_told_as_an_impression_with_its_source()
    {
        var page = Of(Station(), 6);

        Assert.Equal(All(page).Select(track => (track.Track.Id, track.Position, track.Source)), Sink.Impressions.Select(shown => (shown.Track, shown.Position, shown.Source)));
        Assert.All(Sink.Impressions, shown => Assert.Equal(page.Recommendation, shown.Recommendation));
        Assert.All(All(page), track => Assert.NotEmpty(track.Reason.Text));
    }

    [Fact]
    public void The_first_row_is_the_list_made_beforehand_without_what_was_heard_since()
    {
        var heard = TinyWorld.Data.History(6).Items.ToHashSet();
        int[] unheard = [.. Enumerable.Range(0, 60).Where(track => !heard.Contains(track) && track % TinyWorld.TracksPerArtist < 2).Take(6)];
        var station = Station();
        station.Observe(TinyWorld.Listener(6), Played(unheard[0]), null, Time.GetUtcNow());

        var page = Of(station, 6, rows: 1, count: 5, [.. unheard.Select((track, n) => new ScoredItem(track, 9 - n))]);

        var row = Assert.Single(page.Rows);
        Assert.Equal("made-for-you", row.Kind);
        Assert.Equal(unheard.Skip(1), row.Tracks.Select(track => TinyWorld.RowOf(track.Track.Id)));
        Assert.Equal(DateTimeOffset.UnixEpoch, page.MadeAt);
    }

    [Fact]
    public void Without_a_list_the_first_row_is_computed()
    {
        var page = Of(Station(), 7);

        Assert.Null(page.MadeAt);
        Assert.Equal("made-for-you", page.Rows[0].Kind);
        Assert.True(page.Rows[0].Tracks.Count(track => track.Track.Genre == "jazz") >= 4);
    }

    [Fact]
    public void A_genre_row_is_of_the_genre_that_is_played_most()
    {
        var row = Of(Station(), 7, count: 2).Rows.First(row => row.Kind == "genre");

        Assert.Equal("Your jazz", row.Title);
        Assert.All(row.Tracks, track => Assert.Equal("jazz", track.Track.Genre));
    }

    [Fact]
    public void A_row_around_a_play_names_it()
    {
        var rows = Enumerable.Range(0, TinyWorld.Listeners).SelectMany(listener => Of(Station(), listener, count: 2).Rows).Where(row => row.Kind == "because-you-played").ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.StartsWith("Because you played 'Title ", row.Title, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.All(row.Tracks, track => Assert.Equal("co-listen", track.Source)));
    }

    [Fact]
    public void A_newcomer_sees_what_most_play_and_no_empty_row()
    {
        var station = Station();
        station.Start(new ListenerId("newcomer"), RadioSeeds.None, 1, isNew: true);
        station.Repertoire.Take(new("newcomer"), new RadioEvent(RadioEventKind.Clicked, new("no such track")), Time.GetUtcNow());

        var page = new HomePlanner(station).Of(new("newcomer"), 10, 5, _ => null);

        Assert.Equal("discover", Assert.Single(page.Rows).Kind);
        Assert.Equal(5, page.Rows[0].Tracks.Count);
    }

    [Fact]
    public void Who_heard_everything_gets_an_empty_page()
    {
        var station = Station();
        for (var track = 0; track < 60; track++)
        {
            station.Observe(TinyWorld.Listener(6), Played(track), null, Time.GetUtcNow());
        }

        Assert.Empty(Of(station, 6).Rows);
    }

    [Fact]
    public void Who_is_not_known_is_told_so()
        => Assert.Throws<NotKnownException>(() => new HomePlanner(Station()).Of(new("nobody"), 1, 1, _ => null));

    [Theory, InlineData(0, 1), InlineData(11, 1), InlineData(1, 0), InlineData(1, 51)]
    public void Sizes_out_of_range_are_refused(int rows, int count)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Of(Station(), 1, rows, count));
}

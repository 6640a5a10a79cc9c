using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What lists hold, and why.</summary>
public sealed class ListTests : RadioTest
{
    [Fact]
    public void A_reason_names_a_part_that_speaks_for_the_track()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10);
        var after = station.React(start.Session, [Played(22), Skipped(Rows(start)[0])], 20);
        string[] sources = ["session", "genre", "artist", "co-listen", "taste", "popular", "appeal"];

        Assert.All(start.Tracks.Concat(after.Tracks).Where(track => track.Score > 0), track =>
        {
            Assert.Contains(track.Reason.Source, sources);
            Assert.NotEmpty(track.Reason.Text);
            Assert.InRange(track.Reason.Share, 1f / 7, 1);
        });
        Assert.Contains(start.Tracks, track => track.Reason.Text.StartsWith("because you play 'Title ", StringComparison.Ordinal));
    }

    [Fact]
    public void Artists_are_kept_apart()
    {
        var rows = Rows(Station(new() { Rest = new() { Usual = 3 }, Spacing = new() { Gap = 2, Fatigue = 0 } }).Start(null, RadioSeeds.None, 12));

        for (var n = 1; n < rows.Length; n++)
        {
            Assert.DoesNotContain(rows[n] / 4, rows[Math.Max(0, n - 2)..n].Select(track => track / 4));
        }
    }

    [Fact]
    public void A_list_for_a_listener_stands_outside_any_sitting()
    {
        var station = Station();
        var list = station.Recommend(TinyWorld.Listener(7), 6);

        Assert.Equal(0, station.Sessions);
        Assert.All(list.Tracks, track => Assert.Equal("jazz", track.Track.Genre));
        Assert.All(Sink.Impressions, impression => Assert.Equal((null, list.Recommendation), (impression.Session, impression.Recommendation)));
        Assert.Equal(6, Sink.Impressions.Count);
    }

    [Fact]
    public void Similar_tracks_are_of_the_same_genre_and_not_the_track_itself()
    {
        var similar = Station().Similar(TinyWorld.IdOf(21), 8);

        Assert.All(similar.Tracks, track => Assert.Equal("jazz", track.Track.Genre));
        Assert.DoesNotContain(similar.Tracks, track => track.Track.Id == TinyWorld.IdOf(21));
        Assert.Equal(similar.Tracks.OrderByDescending(track => track.Score), similar.Tracks);
        Assert.Equal(59, Station().Similar(TinyWorld.IdOf(21), 100).Tracks.Count);
    }

    [Fact]
    public void What_is_not_new_is_what_was_heard_refused_or_banned()
    {
        var station = Station();
        var (listener, repertoire) = (TinyWorld.Listener(6), station.Repertoire);
        int[] heard = [.. TinyWorld.Data.History(6).Items.Order()];
        Assert.Equal(heard, repertoire.NotNewTo(listener));
        int[] rest = [.. Enumerable.Range(0, TinyWorld.Catalogue.Count).Except(heard)];

        station.Observe(listener, Voted(rest[3], VoteValue.Down), session: null, Time.GetUtcNow());
        repertoire.Ban(listener, TinyWorld.IdOf(rest[5]), artist: null, until: Time.GetUtcNow().AddDays(1), at: Time.GetUtcNow());

        Assert.Equal(heard.Append(rest[3]).Append(rest[5]).Order(), repertoire.NotNewTo(listener));
        Assert.Empty(repertoire.NotNewTo(new("nobody")));
    }

    [Fact]
    public void The_best_new_tracks_are_computed_from_the_history_and_without_one_by_popularity()
    {
        var repertoire = Station().Repertoire;
        var history = TinyWorld.Data.History(6);

        Assert.Equal(TinyWorld.Models.Taste.Recommend(history, 7, history.Items), repertoire.BestNew(TinyWorld.Listener(6), 7));
        Assert.Equal(TinyWorld.Models.Popular.Recommend(UserHistory.Empty, 7), repertoire.BestNew(new("nobody"), 7));
    }

    [Fact]
    public void Tracks_chosen_elsewhere_are_offered_as_they_stand_and_told_as_impressions()
    {
        var list = Station().Offer(TinyWorld.Listener(7), repertoire => [new(41, 2), new(3, 1)]);

        Assert.Equal([41, 3], list.Tracks.Select(track => TinyWorld.RowOf(track.Track.Id)));
        Assert.Equal(["taste", "taste"], Sink.Impressions.Select(impression => impression.Source));
        Assert.All(Sink.Impressions, impression => Assert.Equal((null, list.Recommendation), (impression.Session, impression.Recommendation)));
        Assert.Throws<NotKnownException>(() => Station().Offer(new("nobody"), _ => []));
    }
}

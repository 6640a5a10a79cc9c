using Segue.Core;
using Segue.Features.Interactions;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

public sealed class RepertoireTests
{
    private static readonly RadioOptions Options = new() { Rest = new() { Usual = 3 } };
    private static readonly TrackId New = new("new"), Gone = TinyWorld.IdOf(39);
    private readonly ManualTime _time = new();
    private readonly RecordingSink _sink = new();

    private RadioStation Station() => new(TinyWorld.Data, TinyWorld.Models, Options, _sink, _time);

    private Repertoire Same() => new(TinyWorld.Data, TinyWorld.Models with { Version = "000002" }, Options, _time);

    /// <summary>The tiny world after a training: its tracks in the opposite order, one gone and one new, listeners who love a whole genre.</summary>
    private Repertoire Other()
    {
        var tracks = TinyWorld.Catalogue.Where(track => track.Id != Gone)
            .Append(new(New, "New", new(new("artist0"), "Artist 0"), "rock", [], TimeSpan.FromSeconds(200))).Reverse().ToList();
        var plays = from n in Enumerable.Range(0, TinyWorld.Listeners)
                    from track in tracks
                    where track.Genre == TinyWorld.Genres[n % 3]
                    select new Interaction(TinyWorld.Listener(n).Value, track.Id.Value, 1, null, InteractionAction.Listen);
        var data = Dataset.Build(tracks, [.. TinyWorld.Data.Listeners.Reverse()], plays);
        return new(data, TinyWorld.Train(data) with { Version = "000002" }, Options, _time);
    }

    private static RadioEvent Played(TrackId track) => new(RadioEventKind.Played, track);

    private static IEnumerable<TrackId> Ids(RadioAnswer answer) => answer.Tracks.Select(track => track.Track.Id);

    private static IEnumerable<TrackId> FreshIds(RadioAnswer answer) => Ids(answer).SkipLast(answer.Repeated);

    [Fact]
    public void A_sitting_goes_on_as_if_nothing_had_happened_when_nothing_was_learnt()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(6), new([], [], ["jazz"]), 5);
        var before = station.React(start.Session, [Played(Ids(start).First()), new(RadioEventKind.Skipped, Ids(start).ElementAt(1), TimeSpan.FromSeconds(3))], 20);

        station.Use(Same());
        var after = station.Next(start.Session, 20);

        Assert.Equal(Ids(before), Ids(after));
        Assert.Equal(("000001", "000002"), (before.ModelVersion, after.ModelVersion));
        Assert.Equal(before.Toward, after.Toward);
        Assert.Equal(before.AwayFrom, after.AwayFrom);
    }

    [Fact]
    public void A_ban_of_an_artist_reaches_tracks_of_theirs_that_come_later_and_so_does_its_end()
    {
        var (whose, other, at) = (TinyWorld.Listener(6), TinyWorld.Listener(7), _time.GetUtcNow());
        var (known, unknown) = (TinyWorld.Catalogue[0].Artist, new Artist(new("unknown"), "Unknown"));
        Track By(string id, Artist artist) => new(new(id), id, artist, "rock", [], TimeSpan.FromSeconds(200));
        var repertoire = Same();
        repertoire.Ban(whose, null, known.Id, at.AddDays(1), at);
        repertoire.Ban(whose, null, unknown.Id, at.AddDays(1), at);

        var grown = repertoire.WithTracks([By("late", known), By("later", unknown), By("free", new(new("free"), "Free"))], new(3, TinyWorld.Models.Taste.Factors));
        int Row(string id) => grown.Catalogue.Find(new TrackId(id))!.Value;
        grown.ReachWithBans();

        Assert.Equal([Row("late"), Row("later")], grown.NotNewTo(whose).Intersect([Row("late"), Row("later"), Row("free")]));
        Assert.Empty(grown.NotNewTo(other).Intersect([Row("late"), Row("later")]));
        grown.Ban(whose, null, known.Id, at.AddDays(-1), at.AddMinutes(1));
        var last = grown.WithTracks([By("last", known)], new(1, TinyWorld.Models.Taste.Factors));
        last.ReachWithBans();
        Assert.Equal([Row("later")], last.NotNewTo(whose).Where(row => row >= Row("late")));
    }

    [Fact]
    public void What_was_heard_and_refused_keeps_its_meaning_among_other_tracks()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 60);
        var (heard, refused) = (Ids(start).First(), Ids(start).ElementAt(1));
        station.React(start.Session, [Played(heard), Played(Gone), new(RadioEventKind.Voted, refused, Vote: VoteValue.Down)], 1);

        station.Use(Other());
        var offered = station.Prepare(start.Session, [Played(refused)])!.Offers[0];
        var after = station.Next(start.Session, 60);

        Assert.DoesNotContain(Ids(after), id => id == heard || id == refused || id == Gone);
        Assert.Contains(New, Ids(after));
        Assert.Equal(start.Recommendation, offered);
        Assert.DoesNotContain(New, Ids(station.React(start.Session, [Played(New)], 60)));
        Assert.Throws<NotKnownException>(() => station.React(start.Session, [Played(Gone)], 1));
        Assert.Equal("000002", _sink.Impressions.Last().ModelVersion);
    }

    [Fact]
    public void What_listeners_did_after_the_training_is_told_to_it_before()
    {
        var station = Station();
        var next = Other();
        next.Take(new("stranger"), Played(New), _time.GetUtcNow());
        next.Ban(TinyWorld.Listener(6), New, null, DateTimeOffset.MaxValue, _time.GetUtcNow());

        station.Use(next);

        Assert.NotEmpty(station.Recommend(new("stranger"), 1).Tracks);
        Assert.DoesNotContain(New, station.Recommend(TinyWorld.Listener(6), 60).Tracks.Select(track => track.Track.Id));
        Assert.Empty(_sink.Listens);
    }

    [Fact]
    public async Task Sittings_are_used_and_moved_at_once_without_losing_a_reaction()
    {
        var station = Station();
        var sessions = Enumerable.Range(0, 4).Select(n => station.Start(TinyWorld.Listener(n), RadioSeeds.None, 1, isPrivate: n == 3).Session).ToList();
        Repertoire[] turns = [Other(), Same()];
        await Parallel.ForAsync(0, 5, new ParallelOptions { MaxDegreeOfParallelism = 5, CancellationToken = TestContext.Current.CancellationToken }, (thread, _) =>
        {
            for (var n = 0; n < 30; n++)
            {
                if (thread == 4)
                {
                    station.Use(turns[n % 2]);
                }
                else
                {
                    Assert.DoesNotContain(TinyWorld.IdOf(n), FreshIds(station.React(sessions[thread], [Played(TinyWorld.IdOf(n))], 60)));
                }
            }
            return ValueTask.CompletedTask;
        });

        station.Use(Other());
        Assert.All(sessions, session => Assert.DoesNotContain(FreshIds(station.Next(session, 60)), id => id != New && TinyWorld.RowOf(id) < 30));
    }
}

using Segue.Core;
using Segue.Models.Similarity;
using Segue.Models.Registry;
using Segue.Models.Popularity;
using Segue.Models.Factorization;
using Segue.Models;
using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

public sealed class RadioStationTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingSink _sink = new();

    // Rest is short, so that a world of 60 tracks is not soon used up.
    private RadioStation Station(RadioOptions? options = null, Dataset? data = null)
        => new(data ?? TinyWorld.Data, TinyWorld.Models, options ?? new() { RestingTracks = 3 }, _sink, _time);

    private static RadioEvent Played(int track) => new(RadioEventKind.Played, TinyWorld.IdOf(track));

    private static RadioEvent Skipped(int track, double seconds = 5) => new(RadioEventKind.Skipped, TinyWorld.IdOf(track), TimeSpan.FromSeconds(seconds));

    private static RadioEvent Voted(int track, VoteValue vote) => new(RadioEventKind.Voted, TinyWorld.IdOf(track), Vote: vote);

    private static int[] Rows(RadioAnswer answer) => [.. answer.Tracks.Select(track => TinyWorld.RowOf(track.Track.Id))];

    private static int OfGenre(RadioAnswer answer, int genre) => Rows(answer).Count(track => TinyWorld.GenreOf(track) == genre);

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
    public void A_stranger_without_seeds_hears_what_is_popular()
    {
        var answer = Station().Start(null, RadioSeeds.None, 5);

        Assert.Equal(TinyWorld.Models.Popular.MostLiked[0], Rows(answer)[0]);
        Assert.All(answer.Tracks, track => Assert.Equal("popular", track.Reason.Source));
        Assert.Empty(_sink.Impressions);   // nobody to whom it could be joined
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

        Assert.All(_sink.Impressions, impression => Assert.Equal("newcomer", impression.Listener.Value));
        Assert.Equal(8, _sink.Impressions.Count);
        Assert.Equal("newcomer", Assert.Single(_sink.Listens).Listener.Value);
    }

    [Fact]
    public void A_listener_who_came_after_the_training_is_served_from_the_history()
    {
        Interaction[] plays = [.. TinyWorld.TracksOf(1).Take(8).Select(track => new Interaction("late", TinyWorld.IdOf(track).Value, 1, null, InteractionAction.Listen))];
        var data = Dataset.Build(TinyWorld.Catalogue, TinyWorld.Data.Listeners, plays);

        Assert.True(OfGenre(Station(data: data).Start(new ListenerId("late"), RadioSeeds.None, 8), 1) >= 6);
    }

    [Fact]
    public void Asking_twice_names_the_same_tracks()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 10);
        var (first, second) = (station.Next(start.Session, 10), station.Next(start.Session, 10));

        Assert.Equal(Rows(start), Rows(first));
        Assert.Equal(Rows(first), Rows(second));
        Assert.NotEqual(first.Recommendation, second.Recommendation);
        Assert.Equal(Rows(first).Take(3), Rows(station.Next(start.Session, 3)));
    }

    [Fact]
    public void Two_skips_of_a_genre_at_least_halve_its_share_of_the_next_ten()
    {
        foreach (var (listener, genre) in new[] { (0, 0), (5, 2), (6, 0), (7, 1), (8, 2) })
        {
            var station = Station();
            var start = station.Start(TinyWorld.Listener(listener), RadioSeeds.None, 10);
            var skipped = Rows(start).Where(track => TinyWorld.GenreOf(track) == genre).Take(2).ToArray();

            var after = station.React(start.Session, [.. skipped.Select(track => Skipped(track))], 10);

            Assert.Equal(2, skipped.Length);
            Assert.True(2 * OfGenre(after, genre) <= OfGenre(start, genre), $"listener {listener}: {OfGenre(start, genre)} became {OfGenre(after, genre)}");
            Assert.Equal([TinyWorld.Genres[genre]], after.AwayFrom);
        }
    }

    [Fact]
    public void A_like_raises_the_share_of_its_genre()
    {
        foreach (var (listener, genre) in new[] { (6, 1), (7, 2), (8, 0) })
        {
            var station = Station();
            var start = station.Start(TinyWorld.Listener(listener), RadioSeeds.None, 10);

            var after = station.React(start.Session, [Voted(genre * 20 + 2, VoteValue.Up)], 10);

            Assert.True(OfGenre(after, genre) > OfGenre(start, genre), $"{OfGenre(start, genre)} became {OfGenre(after, genre)}");
            Assert.Equal([TinyWorld.Genres[genre]], after.Toward);
        }
    }

    [Fact]
    public void A_down_vote_keeps_the_track_away_in_later_sittings_until_it_is_withdrawn()
    {
        var station = Station();
        var first = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 10);
        var track = Rows(first)[0];
        station.React(first.Session, [Voted(track, VoteValue.Down)], 1);

        Assert.DoesNotContain(track, Rows(station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60)));
        station.React(first.Session, [Voted(track, VoteValue.Withdrawn)], 1);
        Assert.Contains(track, Rows(station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60)));
    }

    [Fact]
    public void A_seeded_genre_can_be_skipped_away()
    {
        var station = Station();
        var answer = station.Start(TinyWorld.Listener(1), new([], [], ["techno"]), 10);
        Assert.Equal(["techno"], answer.Toward);

        for (var n = 0; n < 4; n++)
        {
            answer = station.React(answer.Session, [Skipped(Rows(answer)[0])], 10);
        }

        Assert.Equal("techno", answer.AwayFrom[0]);
        Assert.True(OfGenre(answer, 2) <= 2, $"{OfGenre(answer, 2)} of 10");
    }

    [Fact]
    public void An_up_vote_undoes_a_down_vote_of_the_data()
    {
        var refused = TinyWorld.IdOf(5);
        var data = Dataset.Build(TinyWorld.Catalogue, [], [new(TinyWorld.Listener(1).Value, refused.Value, 1, null, InteractionAction.VoteDown)]);
        var models = LabLikeModels(data);
        var station = new RadioStation(data, models, new() { RestingTracks = 0 }, _sink, TimeProvider.System);
        var first = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60);
        Assert.DoesNotContain(5, Rows(first));

        station.React(first.Session, [Voted(5, VoteValue.Up)], 1);

        Assert.Contains(5, Rows(station.Start(TinyWorld.Listener(1), RadioSeeds.None, 60)));
    }

    private static ModelSet LabLikeModels(Dataset data) => new(
        "test",
        (ImplicitAlsModel)ModelKinds.Get("als").Trainer(new Dictionary<string, double> { ["factors"] = 2 }).Train(data.Training, TrainingRun.WithSeed(1)),
        (CooccurrenceModel)ModelKinds.Get("cooccurrence").Trainer().Train(data.Training, TrainingRun.WithSeed(1)),
        (MostPopularModel)ModelKinds.Get("popular").Trainer().Train(data.Training, TrainingRun.WithSeed(1)));

    [Fact]
    public void The_control_of_the_experiment_does_not_adapt_but_does_not_repeat_either()
    {
        var station = Station(new() { RestingTracks = 3, AdaptsToSession = false, Spacing = new() { Gap = 0, Fatigue = 0 } });
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 12);

        var after = station.React(start.Session, [Skipped(Rows(start)[0]), Skipped(Rows(start)[1])], 10);

        Assert.Equal(Rows(start)[2..], Rows(after));
    }

    [Fact]
    public void A_heard_or_voted_down_track_never_comes_again_in_its_sitting()
    {
        var station = Station();
        var answer = station.Start(TinyWorld.Listener(3), RadioSeeds.None, 5);
        var (random, gone) = (new SeededRandom(1), new HashSet<int>());
        while (answer.Tracks.Count > 0)
        {
            Assert.DoesNotContain(Rows(answer), gone.Contains);
            var track = Rows(answer)[random.NextInt(answer.Tracks.Count)];
            gone.Add(track);
            answer = station.React(answer.Session, [random.NextInt(3) switch
            {
                0 => Skipped(track, 200 * random.NextDouble()),
                1 => Voted(track, VoteValue.Down),
                _ => Played(track),
            }], 5);
        }

        Assert.InRange(gone.Count, 50, 60);   // to the end, but for what rests
    }

    [Fact]
    public void A_withdrawn_vote_lets_the_track_come_again()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 10);
        var best = Rows(start)[0];

        var down = station.React(start.Session, [Voted(best, VoteValue.Down)], 10);
        var withdrawn = station.React(start.Session, [Voted(best, VoteValue.Withdrawn)], 10);

        Assert.DoesNotContain(best, Rows(down));
        Assert.Equal(Rows(start), Rows(withdrawn));
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
    public void A_sitting_expires_when_nobody_asks_for_long()
    {
        var station = Station(new() { SessionIdle = TimeSpan.FromHours(1) });
        var session = station.Start(null, RadioSeeds.None, 1).Session;
        for (var n = 0; n < 5; n++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            station.Next(session, 1);   // each question keeps it
        }
        _time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(1));

        Assert.Throws<NotKnownException>(() => station.Next(session, 1));
        Assert.Equal(0, station.Sessions);
    }

    [Fact]
    public void Idle_sittings_that_nobody_asks_for_go_when_others_begin()
    {
        var station = Station(new() { SessionIdle = TimeSpan.FromHours(1) });
        for (var n = 0; n < 5; n++)
        {
            station.Start(null, RadioSeeds.None, 1);
        }
        _time.Advance(TimeSpan.FromHours(2));

        station.Start(null, RadioSeeds.None, 1);

        Assert.Equal(1, station.Sessions);
    }

    [Fact]
    public void The_table_of_sittings_stays_bounded_and_loses_the_longest_idle_first()
    {
        var station = Station(new() { MaxSessions = 20 });
        var sessions = new List<SessionId>();
        for (var n = 0; n < 100; n++)
        {
            sessions.Add(station.Start(null, RadioSeeds.None, 1).Session);
            _time.Advance(TimeSpan.FromSeconds(1));
            station.Next(sessions[0], 1);   // the first stays in use
            Assert.InRange(station.Sessions, 1, 20);
        }

        Assert.NotNull(station.Next(sessions[99], 1));
        Assert.NotNull(station.Next(sessions[0], 1));
        Assert.Throws<NotKnownException>(() => station.Next(sessions[1], 1));
    }

    [Fact]
    public void The_sink_gets_what_was_shown_and_what_became_of_it_joined_by_the_answer()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 5);
        var track = Rows(start)[1];
        var listened = _time.GetUtcNow();
        station.React(start.Session, [Skipped(track, 50), Voted(track, VoteValue.Down)], 2);

        Assert.Equal(5 + 2, _sink.Impressions.Count);
        var shown = _sink.Impressions.ElementAt(1);
        Assert.Equal((start.Recommendation, start.Session, TinyWorld.IdOf(track), 1), (shown.Recommendation, shown.Session!.Value, shown.Track, shown.Position));
        Assert.Equal((start.Tracks[1].Source, "000001", "none", 1.0), (shown.Source, shown.ModelVersion, shown.Arm, shown.Propensity));
        var listen = Assert.Single(_sink.Listens);
        Assert.Equal((start.Recommendation, TinyWorld.IdOf(track), ListenOrigin.Radio), (listen.Recommendation!.Value, listen.Track, listen.Origin));
        Assert.Equal((TimeSpan.FromSeconds(50), listened - TimeSpan.FromSeconds(50)), (listen.Heard, listen.StartedAt));
        Assert.Equal((TinyWorld.Listener(2), VoteValue.Down), (Assert.Single(_sink.Votes).Listener, _sink.Votes.Single().Value));
    }

    [Fact]
    public void A_listen_of_what_was_never_offered_has_no_answer_to_join()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 1);
        station.React(start.Session, [Played((Rows(start)[0] + 30) % 60)], 1);

        Assert.Null(Assert.Single(_sink.Listens).Recommendation);
    }

    [Fact]
    public void A_batch_with_one_unknown_track_takes_none()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 10);

        Assert.Throws<NotKnownException>(() => station.React(start.Session,
            [Skipped(Rows(start)[0]), Voted(Rows(start)[1], VoteValue.Down), new(RadioEventKind.Played, new("none"))], 10));

        Assert.Equal(Rows(start), Rows(station.Next(start.Session, 10)));
        Assert.Empty(_sink.Listens);
        Assert.Empty(_sink.Votes);
    }

    [Fact]
    public void A_reaction_told_again_with_its_id_counts_once_in_a_radio_without_a_log_too()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 5);
        RadioEvent[] reactions = [Played(20) with { Id = "a" }, Voted(20, VoteValue.Up) with { Id = "b" }, Skipped(21)];

        var once = station.React(start.Session, reactions[..2], 10);
        var twice = station.React(start.Session, reactions[..2], 10);

        Assert.Equal(Rows(once), Rows(twice));
        Assert.Equal((1, 1), (_sink.Listens.Count, _sink.Votes.Count));
        station.React(start.Session, [reactions[2], reactions[2]], 10);
        Assert.Equal(3, _sink.Listens.Count);
    }

    [Fact]
    public void An_absurd_time_heard_counts_as_the_whole_track()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 1);
        station.React(start.Session, [new(RadioEventKind.Skipped, start.Tracks[0].Track.Id, TimeSpan.MaxValue)], 1);

        var listen = Assert.Single(_sink.Listens);
        Assert.Equal((TimeSpan.FromSeconds(200), _time.GetUtcNow() - TimeSpan.FromSeconds(200)), (listen.Heard, listen.StartedAt));
    }

    [Fact]
    public void A_reason_names_a_part_that_speaks_for_the_track()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10);
        var after = station.React(start.Session, [Played(22), Skipped(Rows(start)[0])], 20);
        string[] sources = ["session", "genre", "artist", "co-listen", "taste", "popular"];

        Assert.All(start.Tracks.Concat(after.Tracks).Where(track => track.Score > 0), track =>
        {
            Assert.Contains(track.Reason.Source, sources);
            Assert.NotEmpty(track.Reason.Text);
            Assert.InRange(track.Reason.Share, 1f / 6, 1);
        });
        Assert.Contains(start.Tracks, track => track.Reason.Text.StartsWith("because you play 'Title ", StringComparison.Ordinal));
    }

    [Fact]
    public void Artists_are_kept_apart()
    {
        var rows = Rows(Station(new() { RestingTracks = 3, Spacing = new() { Gap = 2, Fatigue = 0 } }).Start(null, RadioSeeds.None, 12));

        for (var n = 1; n < rows.Length; n++)
        {
            Assert.DoesNotContain(rows[n] / 4, rows[Math.Max(0, n - 2)..n].Select(track => track / 4));
        }
    }

    [Fact]
    public void What_was_heard_at_the_radio_counts_in_the_next_sitting()
    {
        var station = Station();
        var before = OfGenre(station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10), 1);
        var session = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 1).Session;
        station.React(session, [.. TinyWorld.TracksOf(1).Take(12).Select(Played)], 1);

        var after = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10);

        Assert.True(OfGenre(after, 1) > before, $"{before} became {OfGenre(after, 1)}");
        Assert.Equal(before, OfGenre(Station().Start(TinyWorld.Listener(6), RadioSeeds.None, 10), 1));
    }

    [Fact]
    public void A_list_for_a_listener_stands_outside_any_sitting()
    {
        var station = Station();
        var list = station.Recommend(TinyWorld.Listener(7), 6);

        Assert.Equal(0, station.Sessions);
        Assert.All(list.Tracks, track => Assert.Equal("jazz", track.Track.Genre));
        Assert.All(_sink.Impressions, impression => Assert.Equal((null, list.Recommendation), (impression.Session, impression.Recommendation)));
        Assert.Equal(6, _sink.Impressions.Count);
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
    public void Models_of_another_catalogue_are_refused()
    {
        var data = Dataset.Build([.. TinyWorld.Catalogue.Skip(1)], [], []);

        Assert.Contains("60 items and 40 users, the data 59 and 0", Assert.Throws<ArgumentException>(() => Station(data: data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_callers_of_one_sitting_do_not_corrupt_it()
    {
        var station = Station();
        var session = station.Start(TinyWorld.Listener(4), RadioSeeds.None, 10).Session;
        await Parallel.ForAsync(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, (thread, _) =>
        {
            for (var n = 0; n < 7; n++)
            {
                var track = thread * 7 + n;   // 56 tracks, each heard by one thread
                var answer = n % 3 == 0 ? station.React(session, [Skipped(track)], 10) : station.React(session, [Played(track), Voted(track, VoteValue.Up)], 10);
                Assert.DoesNotContain(track, Rows(answer));
                Assert.Equal(answer.Tracks.Count, Rows(answer).Distinct().Count());
                station.Next(session, 5);
            }
            return ValueTask.CompletedTask;
        });

        Assert.Equal(56, _sink.Listens.Count);
        Assert.Equal(56, _sink.Listens.Select(listen => listen.Track).Distinct().Count());
        Assert.All(Rows(station.Next(session, 10)), track => Assert.InRange(track, 56, 59));
    }
}

using Segue.Core;
using Segue.Events;
using Segue.Ranking.Learnt;

namespace Segue.Ranking.Tests.Learnt;

public sealed class ImpressionJoinTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RecommendationId Answer = new(new("11111111-0000-0000-0000-000000000000"));
    private static readonly RecommendationId Other = new(new("22222222-0000-0000-0000-000000000000"));

    private static ListenerEvent Told(EventKind kind, int track, double minutes, RecommendationId? recommendation = null) => new()
    {
        Kind = kind, Key = new((UInt128)(track + 100 * minutes)), Listener = new("somebody"), At = Noon.AddMinutes(minutes), Track = new($"t{track}"),
        Recommendation = recommendation ?? Answer,
    };

    private static ListenerEvent Shown(int track, int position, double minutes = 0, RecommendationId? recommendation = null, bool isObserved = true)
        => Told(EventKind.Impression, track, minutes, recommendation) with
        {
            Position = position, Shown = new("taste", "000004", "none", 0.5), Session = "sitting",
            Extra = isObserved ? SeenField.Write(Observation.Pack(new float[RankingFeatures.Kept], position == 0 ? [1, 2] : [], position == 0 ? [3, 4] : []), null) : default,
        };

    private static ListenerEvent Heard(int track, double share, EndReason end, double minutes = 1, RecommendationId? recommendation = null)
        => Told(EventKind.Listen, track, minutes, recommendation) with { Heard = TimeSpan.FromSeconds(200 * share), Length = TimeSpan.FromSeconds(200), End = end };

    private static ListenerEvent Voted(int track, int value, double minutes = 2) => Told(EventKind.Vote, track, minutes) with { Value = (sbyte)value };

    private static IReadOnlyList<RankingRow> Join(params ListenerEvent[] events)
    {
        var join = new ImpressionJoin();
        return [.. events.SelectMany(told => join.Take(told).ToList()), .. join.End()];
    }

    private static string Outcome(params ListenerEvent[] reactions)
        => Join([Shown(1, 0), .. reactions]) is [var row] ? row.Taken ? "taken" : "refused" : "unknown";

    [Fact]
    public void A_listen_that_is_told_to_have_begun_before_its_impression_counts_and_an_old_one_is_let_go()
    {
        Assert.True(Assert.Single(Join(Heard(1, 1, EndReason.Finished, minutes: -3), Shown(1, 0))).Taken);
        Assert.Equal([true, false], Join(Heard(2, 0.1, EndReason.Skipped, minutes: -1), Shown(1, 0), Shown(2, 1), Heard(1, 1, EndReason.Finished)).Select(row => row.Taken));
        Assert.Empty(Join(Heard(1, 1, EndReason.Finished, minutes: -200), Told(EventKind.Click, 9, -1, Other), Shown(1, 0)));
    }

    [Fact]
    public void What_became_of_a_shown_track_is_told_by_share_and_end()
    {
        Assert.Equal("taken", Outcome(Heard(1, 1, EndReason.Finished)));
        Assert.Equal("taken", Outcome(Heard(1, 0.93, EndReason.Skipped)));
        Assert.Equal("refused", Outcome(Heard(1, 0.6, EndReason.Skipped)));
        Assert.Equal("refused", Outcome(Heard(1, 0.1, EndReason.Unknown)));
        Assert.Equal("unknown", Outcome(Heard(1, 0.6, EndReason.Unknown)));
        Assert.Equal("unknown", Outcome(Heard(1, 0.1, EndReason.Stopped)));
        Assert.Equal("unknown", Outcome(Heard(1, 0, EndReason.Failed)));
        Assert.Equal("unknown", Outcome(Told(EventKind.Click, 1, 1)));
        Assert.Equal("unknown", Outcome());
        Assert.Equal("refused", Outcome(Told(EventKind.Listen, 1, 1) with { End = EndReason.Skipped }));
        Assert.Equal("taken", Outcome(Told(EventKind.Listen, 1, 1) with { End = EndReason.Finished }));
    }

    [Fact]
    public void A_word_outweighs_a_listen_and_the_newest_word_holds()
    {
        Assert.Equal("refused", Outcome(Heard(1, 1, EndReason.Finished), Voted(1, -1)));
        Assert.Equal("taken", Outcome(Voted(1, 1), Heard(1, 0.1, EndReason.Skipped, minutes: 3)));
        Assert.Equal("taken", Outcome(Heard(1, 0.1, EndReason.Skipped), Told(EventKind.PlaylistAdd, 1, 2)));
        Assert.Equal("refused", Outcome(Voted(1, 1, minutes: 2), Voted(1, -1, minutes: 3)));
        Assert.Equal("refused", Outcome(Voted(1, -1, minutes: 3), Voted(1, 1, minutes: 2)));   // told late
        Assert.Equal("refused", Outcome(Heard(1, 0.1, EndReason.Skipped), Voted(1, 1), Voted(1, 0, minutes: 3)));
        Assert.Equal("taken", Outcome(Heard(1, 1, EndReason.Finished), Heard(1, 0.1, EndReason.Skipped, minutes: 5)));
    }

    [Fact]
    public void Thirty_minutes_later_and_in_another_answer_nothing_counts()
    {
        Assert.Equal("taken", Outcome(Heard(1, 1, EndReason.Finished, minutes: 30)));
        Assert.Equal("unknown", Outcome(Heard(1, 1, EndReason.Finished, minutes: 30.1)));
        Assert.Equal("unknown", Outcome(Heard(1, 1, EndReason.Finished, recommendation: Other)));
        Assert.Equal("unknown", Outcome(Heard(2, 1, EndReason.Finished)));
    }

    [Fact]
    public void Tracks_before_the_last_that_was_met_were_passed_over_and_those_behind_are_unknown()
    {
        var rows = Join(Shown(1, 0), Shown(2, 1), Shown(3, 2), Shown(4, 3), Heard(3, 1, EndReason.Finished));

        Assert.Equal([("t1", 0, false), ("t2", 1, false), ("t3", 2, true)], rows.Select(row => (row.Track.Value, row.Position, row.Taken)));
        Assert.All(rows, row => Assert.Equal((0.5, "000004", Noon, 0), (row.Propensity, row.ModelVersion, row.At, row.Group)));
    }

    [Fact]
    public void All_tracks_of_an_answer_share_the_factors_that_the_first_was_kept_with()
    {
        var rows = Join(Shown(2, 1), Shown(1, 0), Heard(2, 1, EndReason.Finished));

        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal([1, 2], row.Seen.Taste));
        Assert.All(rows, row => Assert.Equal([3, 4], row.Seen.Session));
    }

    [Fact]
    public void An_impression_that_kept_no_features_gives_no_row()
        => Assert.Empty(Join(Shown(1, 0, isObserved: false), Heard(1, 1, EndReason.Finished)));

    [Fact]
    public void Rows_come_as_soon_as_nothing_can_change_them()
    {
        var join = new ImpressionJoin();
        ListenerEvent[] first = [Shown(1, 0), Heard(1, 1, EndReason.Finished), Shown(5, 0, minutes: 149, recommendation: Other)];

        Assert.Empty(first.SelectMany(told => join.Take(told).ToList()));
        Assert.Equal("t1", Assert.Single(join.Take(Heard(5, 0.1, EndReason.Skipped, minutes: 151, recommendation: Other))).Track.Value);
        Assert.Equal("t5", Assert.Single(join.End()).Track.Value);
    }
}

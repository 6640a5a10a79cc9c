using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Radio.Funnel;
using Segue.Ranking;
using Segue.Retrieval;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests.Funnel;

public sealed class ReasonsTests
{
    private static readonly HashSet<int> Nothing = [];
    private static readonly RadioOptions Options = new() { Rest = new() { Usual = 3 } };
    private static readonly RadioPlanner Planner = new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, NewReleases.Of(TinyWorld.Data.Training, TinyWorld.Models.Items), Options);

    private static PlanRequest Request(ulong world)
    {
        var random = new SeededRandom(77, world);
        int[] heard = [.. Enumerable.Range(0, random.NextInt(9)).Select(_ => random.NextInt(60)).Distinct()];
        var history = random.NextBool(0.3) ? UserHistory.Empty : TinyWorld.Data.History(random.NextInt(TinyWorld.Listeners)) with { Row = null };
        SessionSignal[] seeds = random.NextBool(0.3) ? [new(random.NextInt(60), 2, IsSeed: true)] : [];
        return new(history, heard, [.. seeds.Where(seed => !heard.Contains(seed.Track)), .. heard.Select((track, n) => new SessionSignal(track, n % 3 == 1 ? -0.9f : 1, IsSeed: false))], Nothing);
    }

    // What the same track would score if the listener had never met the cause.
    private static float ScoreWithout(PlanRequest request, int cause, int track)
    {
        int[] kept = [.. Enumerable.Range(0, request.History.Items.Count).Where(n => request.History.Items[n] != cause)];
        var history = new UserHistory(null, [.. kept.Select(n => request.History.Items[n])], [.. kept.Select(n => request.History.Strengths[n])],
            [.. request.History.Actions.Where(action => action.Item != cause)]);
        SessionSignal[] signals = [.. request.Signals.Where(signal => signal.Track != cause)];
        var weights = Options.Weights;
        var context = new ListenerContext(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, signals, ExcludedTracks.None, new(weights.Skip));
        return new TrackRanker(weights).Rank(context, [new(track, "test", 0)])[0].Score;
    }

    [Fact]
    public void Of_a_track_whose_appeal_speaks_most_for_it_the_reason_says_that_it_is_seldom_skipped()
    {
        var models = TinyWorld.WithAppeal;
        var planner = new RadioPlanner(TinyWorld.Data.Catalogue, models, TinyWorld.Nearest, NewReleases.Of(TinyWorld.Data.Training, models.Items), Options);
        var plan = planner.Next(new(UserHistory.Empty, [], [], Nothing), 5);
        var reasons = new Reasons(plan);

        Assert.All(Enumerable.Range(0, 5).Select(reasons.For), reason => Assert.Equal(("appeal", "who plays it seldom skips it"), (reason.Source, reason.Text)));
        Assert.All(plan.Tracks, track => Assert.True(models.Popular.AppealOf(track.Track) > 0.3f, $"{track}"));
    }

    [Fact]
    public void A_sitting_in_which_nothing_happened_is_no_reason_whatever_a_ranker_makes_of_it()
    {
        var plan = Planner.Next(new(TinyWorld.Data.History(3), [], [], Nothing), 5);
        var made = plan with { Tracks = [.. plan.Tracks.Select(track => track with { Parts = track.Parts with { Session = 9, Genre = 8, Artist = 7 } })] };
        var reasons = new Reasons(made);

        Assert.All(Enumerable.Range(0, 5).Select(reasons.For), reason => Assert.DoesNotContain(reason.Source, new[] { "session", "genre", "artist" }));
    }

    [Fact]
    public void Without_the_cause_that_a_reason_names_first_the_track_scores_lower()
    {
        var (faithful, all) = (0, 0);
        for (ulong world = 0; world < 1300; world++)
        {
            var request = Request(world);
            var plan = Planner.Next(request, 10);
            var reasons = new Reasons(plan);
            for (var n = 0; n < plan.Tracks.Count; n++)
            {
                if (reasons.For(n).Causes is [var cause, ..])
                {
                    all++;
                    faithful += ScoreWithout(request, TinyWorld.RowOf(cause.Track.Id), plan.Tracks[n].Track) < plan.Tracks[n].Score ? 1 : 0;
                }
            }
        }

        Assert.True(all > 10_000, $"{all} reasons have a cause");
        Assert.True(faithful >= 0.99 * all, $"{faithful} of {all}");
    }

    [Fact]
    public void Shares_lie_in_0_to_1_and_add_up_to_no_more_than_the_whole()
    {
        for (ulong world = 0; world < 60; world++)
        {
            var plan = Planner.Next(Request(world), 10);
            var reasons = new Reasons(plan);
            foreach (var causes in plan.Tracks.Select((_, n) => reasons.For(n).Causes))
            {
                Assert.All(causes, cause => Assert.InRange(cause.Share, 0.000_01f, 1));
                Assert.InRange(causes.Sum(cause => cause.Share), 0, 1.0001);
                Assert.Equal(causes.Count, causes.Select(cause => cause.Track.Id).Distinct().Count());
            }
        }
    }

    [Fact]
    public void The_only_kept_track_of_a_stranger_is_the_decisive_cause_of_what_is_close_to_it()
    {
        var plan = Planner.Next(new(UserHistory.Empty, [22], [new(22, 1, IsSeed: false)], Nothing), 3);
        var reason = new Reasons(plan).For(0);

        var cause = Assert.Single(reason.Causes);
        Assert.Equal((TinyWorld.IdOf(22), CauseKind.Kept), (cause.Track.Id, cause.Kind));
        Assert.InRange(cause.Share, 0.9f, 1);
        Assert.True(cause.IsDecisive);
        Assert.Equal(1, TinyWorld.GenreOf(plan.Tracks[0].Track));
    }

    [Fact]
    public void A_cause_tells_whether_it_was_kept_skipped_asked_for_or_played_before()
    {
        var kinds = new HashSet<CauseKind>();
        for (ulong world = 0; world < 200; world++)
        {
            var request = Request(world);
            var plan = Planner.Next(request, 10);
            var reasons = new Reasons(plan);
            foreach (var cause in plan.Tracks.SelectMany((_, n) => reasons.For(n).Causes))
            {
                var signal = request.Signals.LastOrDefault(told => TinyWorld.IdOf(told.Track) == cause.Track.Id);
                Assert.Equal(
                    signal == default ? CauseKind.Played : signal.Strength < 0 ? CauseKind.Skipped : signal.IsSeed ? CauseKind.Asked : CauseKind.Kept, cause.Kind);
                kinds.Add(cause.Kind);
            }
        }
        Assert.Equal(4, kinds.Count);
    }
}

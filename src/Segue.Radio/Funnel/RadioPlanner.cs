using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Ranking;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Radio.Funnel;

/// <summary>What a plan is made from.</summary>
/// <param name="Heard">Tracks of this sitting, oldest first: they are not offered again.</param>
/// <param name="Signals">What the sitting told, seeds first.</param>
/// <param name="Banned">Further tracks that must not come.</param>
/// <param name="Trending">Where the listener is; null where trends are not counted.</param>
public sealed record PlanRequest(
    UserHistory History, IReadOnlyList<int> Heard, IReadOnlyList<SessionSignal> Signals, IReadOnlySet<int> Banned,
    LocalTrend? Trending = null);

/// <summary>A plan and what it was made from, so that reasons can be given for it.</summary>
public sealed record Plan(ListenerContext Context, IReadOnlyList<RankedTrack> Tracks);

/// <summary>The two-stage funnel: candidates of all sources, one order, rules. Stateless; safe for any number of callers.</summary>
/// <param name="nearest">An index over the item factors of the models.</param>
public sealed class RadioPlanner(CatalogueIndex catalogue, ModelSet models, TasteIndex nearest, RadioOptions options)
{
    private readonly CandidatePool _pool = new(CandidatePool.AllSources, options.CandidatesPerSource);
    private readonly TrackRanker _ranker = new(options.Weights);
    private readonly ArtistSpacing _spacing = new(options.Spacing);

    /// <summary>The next <paramref name="count"/> tracks, best first; fewer when no others are left.</summary>
    public Plan Next(PlanRequest request, int count)
    {
        var signals = options.AdaptsToSession ? request.Signals : [.. request.Signals.Where(signal => signal.IsSeed)];
        var context = new ListenerContext(catalogue, models, nearest, request.History, signals, Excluded(request), options.Weights.Skip)
        {
            Trending = request.Trending,
        };
        var ranking = _ranker.Rank(context, _pool.Gather(context));
        return new(context, _spacing.Pick(ranking, request.Heard, count, catalogue));
    }

    private HashSet<int> Excluded(PlanRequest request)
    {
        var excluded = new HashSet<int>(request.Banned);
        excluded.UnionWith(request.Heard);
        excluded.UnionWith(request.History.Items.TakeLast(options.RestingTracks));
        for (var n = 0; n < request.History.Items.Count; n++)
        {
            if (request.History.Strengths[n] <= -Dataset.MaxRefusal)
            {
                excluded.Add(request.History.Items[n]);   // voted down, or skipped as often as that weighs
            }
        }
        return excluded;
    }
}

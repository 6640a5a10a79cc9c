using System.Globalization;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Ranking;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Radio.Funnel;

/// <summary>What a plan is made from.</summary>
/// <param name="Heard">Tracks of this sitting, oldest first: they are not offered again.</param>
/// <param name="Signals">What the sitting told, seeds first.</param>
/// <param name="Banned">Further tracks that must not come.</param>
public sealed record PlanRequest(
    UserHistory History, IReadOnlyList<int> Heard, IReadOnlyList<SessionSignal> Signals, IReadOnlySet<int> Banned)
{
    /// <summary>What the listener asks of the list.</summary>
    public ListWishes Wishes { get; init; } = ListWishes.None;

    /// <summary>What is known of tracks beside the catalogue, by row; rows behind its end are unknown.</summary>
    public IReadOnlyList<TrackFacts> Facts { get; init; } = [];

    /// <summary>So many of the tracks that the listener heard last before the sitting do not come; null: as many as usual.</summary>
    public int? Rest { get; init; }

    /// <summary>What the sitting played in the last three hours, oldest first.</summary>
    public IReadOnlyList<TimedPlay> Plays { get; init; } = [];

    /// <summary>Where the listener is; null where trends are not counted.</summary>
    public LocalTrend? Trending { get; init; }

    /// <summary>When the first track of the plan begins.</summary>
    public DateTimeOffset Now { get; init; }
}

/// <summary>A plan and what it was made from, so that reasons can be given for it.</summary>
/// <param name="Shortfall">Why there are fewer tracks than asked for; null when there are as many.</param>
public sealed record Plan(ListenerContext Context, IReadOnlyList<RankedTrack> Tracks, string? Shortfall);

/// <summary>The two-stage funnel: candidates of all sources, one order, rules. Stateless; safe for any number of callers.</summary>
/// <remarks>Wishes that keep tracks out cost a look at each track of the catalogue.</remarks>
/// <param name="nearest">An index over the item factors of the models.</param>
/// <param name="releases">What came lately.</param>
public sealed class RadioPlanner(CatalogueIndex catalogue, ModelSet models, TasteIndex nearest, NewReleases releases, RadioOptions options)
{
    private readonly CandidatePool _pool = new(CandidatePool.AllSources, options.CandidatesPerSource);
    private readonly TrackRanker _ranker = new(options.Weights);

    /// <summary>The next <paramref name="count"/> tracks, best first; fewer when no others are left or may come.</summary>
    public Plan Next(PlanRequest request, int count)
    {
        var signals = options.AdaptsToSession ? request.Signals : [.. request.Signals.Where(signal => signal.IsSeed)];
        var excluded = Excluded(request);
        var resting = excluded.Count;
        excluded.UnionWith(new TrackFilter(catalogue, request.Facts, request.Wishes).KeptOut());
        var context = new ListenerContext(catalogue, models, nearest, request.History, signals, excluded, options.Weights.Skip) { Trending = request.Trending, Releases = releases };
        var scene = new ListScene(catalogue, _ranker.Rank(context, _pool.Gather(context)), request.Heard)
        {
            Facts = request.Facts,
            Familiar = request.Wishes.Discovery != 0 ? request.History.Items.ToHashSet() : [],
            Places = models.Taste.ItemFactors,
            Plays = request.Plays,
            Now = request.Now,
        };
        var picked = ListPicker.Pick(scene, ListRules.For(scene, request.Wishes, options.Spacing), count);
        return new(context, picked.Tracks, picked.Tracks.Count == count ? null : Shortfall(picked, count, resting, excluded.Count - resting));
    }

    private string Shortfall(PickedList picked, int count, int resting, int filtered)
    {
        IEnumerable<(string By, int Tracks)> reasons =
        [
            ("having been heard lately, refused or banned", resting), ("what was asked to be included or left out", filtered),
            .. picked.KeptOut.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => (rule.Key, rule.Value)),
        ];
        var told = reasons.Where(reason => reason.Tracks > 0).Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Tracks} by {reason.By}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"There are {picked.Tracks.Count} tracks instead of {count}. Of {catalogue.Count} in the catalogue are kept out: {string.Join("; ", told.DefaultIfEmpty("none"))}.");
    }

    private HashSet<int> Excluded(PlanRequest request)
    {
        var excluded = new HashSet<int>(request.Banned);
        excluded.UnionWith(request.Heard);
        excluded.UnionWith(request.History.Items.TakeLast(request.Rest ?? options.Rest.Usual));
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

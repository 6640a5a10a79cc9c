using System.Globalization;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Numerics.Tables;
using Segue.Ranking;
using Segue.Ranking.Exploring;
using Segue.Ranking.Learnt;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Radio.Funnel;

/// <summary>The two-stage funnel: candidates of all sources, one order, rules. Keeps nothing of a listener; safe for any number of callers.</summary>
/// <param name="nearest">An index over the item factors of the models.</param>
/// <param name="releases">What came lately.</param>
public sealed class RadioPlanner(CatalogueIndex catalogue, ModelSet models, TasteIndex nearest, NewReleases releases, RadioOptions options)
{
    /// <summary>The source of a track that comes again.</summary>
    public const string RepeatSource = "repeat";

    // Nobody hears a track again before so many others, however few there are.
    private const int LeastBetweenRepeats = 3;
    private readonly CandidatePool _pool = new(CandidatePool.AllSources, options.CandidatesPerSource);
    private readonly TrackRanker _ranker = new(options.Weights);
    private readonly GenreCharts _charts = new(catalogue, models.Popular);
    private readonly GenreIndex _genres = new(catalogue, nearest);
    private readonly FilterShelf _filters = new(catalogue, nearest);
    private readonly TasteMix _mix = new(options.Weights.Skip, options.Weights.Session > 0 ? options.Weights.Taste / options.Weights.Session : 0);
    private volatile LearntRanker? _learnt;
    private volatile DirectionIndex? _sounds;

    /// <summary>Orders the pool from now on; null: the hand-weighted score does.</summary>
    public LearntRanker? Learnt
    {
        get => _learnt;
        set => _learnt = value;
    }

    /// <summary>How tracks sound, from now on; null: nobody listened to them.</summary>
    public DirectionIndex? Sounds
    {
        get => _sounds;
        set => _sounds = value;
    }

    /// <summary>How tracks are tagged, made when a list is asked for first; null: the models know no tags.</summary>
    public Lazy<DirectionIndex?>? Tags { get; init; }

    /// <summary>The next <paramref name="count"/> tracks, best first; fewer when no others are left or may come.</summary>
    public Plan Next(PlanRequest request, int count)
    {
        var filter = _filters.Of(request.Wishes, request.Facts, request.KeptOut);
        var named = Named(request, request.Heard, request.Banned);
        var context = Context(request, request.Signals, new(named, filter));
        var pool = _pool.Gather(context, Searched(request, context, filter));
        var (weighed, learnt) = (_ranker.Rank(context, pool), Learnt);
        var isSureOnly = request.Wishes.Sureness > -1;   // nothing comes then that nobody is sure of
        IReadOnlyList<RankedTrack> ranking = learnt?.Rank(context, weighed, request.Wishes.Sureness) ?? (isSureOnly ? [] : weighed);
        var scene = Scene(request, ranking);
        var picked = ListPicker.Pick(scene, ListRules.For(scene, request.Wishes, options.Spacing), count);
        if (picked.Tracks.Count < count && request.Kept is not null)
        {
            return Next(request with { Kept = null }, count);   // bans and rules have emptied the pool since it was searched
        }
        var explored = request.Exploring is { } exploring && options.Exploration.Share > 0 && !request.Wishes.IsWebRadio && !isSureOnly
            ? Explorer.Place(picked.Tracks, exploring.Tracks, context, _ranker, request.Heard, options.Exploration.Share, exploring.Seed)
            : new(picked.Tracks, [.. picked.Tracks.Select(_ => 1.0)]);
        var repeated = picked.Tracks.Count < count && !isSureOnly ? Repeats(request, new(Refused(request, request.Banned), filter), count - picked.Tracks.Count, [.. explored.Tracks.Select(track => track.Track)]) : [];
        var byHand = learnt is null ? explored.Tracks : ByHand(explored.Tracks, weighed);
        var found = byHand.Count + repeated.Count;
        return new(context, [.. learnt?.Explain(context, byHand) ?? byHand, .. repeated], [.. explored.Propensities, .. repeated.Select(_ => 1.0)])
        {
            Weighed = [.. byHand, .. repeated],
            Weights = options.Weights,
            BestLeftOut = BestLeftOut(weighed, byHand),
            Ranker = learnt?.Version,
            Shortfall = found == count ? null : Shortfall(found, count, picked, [
                ("having been heard lately", Resting(request, request.Heard).Count), ("being refused or banned", Refused(request, request.Banned).Count),
                ("what was asked to be included or left out, or being offered to nobody", filter is null ? 0 : catalogue.Count - filter.Count),
                (learnt is null ? "nothing being sure without a learnt ranker" : "not being as sure to please as asked", weighed.Count - ranking.Count),
            ]),
            Repeated = repeated.Count,
        };
    }

    private static RankedTrack[] ByHand(IReadOnlyList<RankedTrack> picked, IReadOnlyList<RankedTrack> weighed)
    {
        var byTrack = weighed.ToDictionary(track => track.Track);
        return [.. picked.Select(track => track.Candidate.Source == Explorer.Source ? track : byTrack[track.Track])];   // one that explores is weighed by hand already
    }

    private ListenerContext Context(PlanRequest request, IReadOnlyList<SessionSignal> signals, ExcludedTracks excluded)
    {
        IReadOnlyList<SessionSignal> used = options.AdaptsToSession ? signals : [.. signals.Where(signal => signal.IsSeed)];
        var context = new ListenerContext(catalogue, models, nearest, request.History, used, excluded, _mix, request.People, request.Kept?.Pool.Taste)
        {
            Charts = _charts, Genres = _genres, Trending = request.Trending, Releases = releases, Sounds = Sounds, Tags = Tags?.Value, Folds = request.Kept?.Pool.Folds, FoundBefore = request.Kept?.Pool.Found ?? [],
        };
        request.Kept?.Pool.Keep(context);
        return context;
    }

    // As of the sitting's anchor, so that a list does not depend on when others were asked for.
    private IReadOnlyList<ScoredItem[]> Searched(PlanRequest request, ListenerContext now, TrackChoice? filter)
        => request.Kept is not { } kept ? _pool.Search(now) : kept.Pool.FoundAt(kept.Anchor, before =>
        {
            ListenerContext Then(IReadOnlyList<SessionSignal> signals, IReadOnlyCollection<int> gone)
                => Context(request, signals, new(Named(request, [], gone), filter));

            var then = Then(kept.Anchor.Signals, kept.Anchor.Out);
            return _pool.Search(then, before is null ? Then([], kept.Anchor.OutOfHistory) : then, before);
        });

    private ListScene Scene(PlanRequest request, IReadOnlyList<RankedTrack> ranking) => new(catalogue, ranking, request.Heard)
    {
        Facts = request.Facts,
        Familiar = request.Wishes.Discovery != 0 ? request.History.Items.ToHashSet() : [],
        Places = models.Taste.ItemFactors,
        Plays = request.Plays,
        Now = request.Now,
    };

    // Those heard longest ago come first; what was skipped in this sitting does not come again.
    private IReadOnlyList<RankedTrack> Repeats(PlanRequest request, ExcludedTracks excluded, int count, HashSet<int> picked)
    {
        var skipped = request.Signals.Where(signal => signal.Strength < 0).Select(signal => signal.Track).Concat(request.Skipped).ToHashSet();
        List<int> heard = [.. request.History.Items.TakeLast(request.Rest ?? options.Rest.Usual), .. request.Heard];
        List<int> inOrder = [.. Enumerable.Reverse(heard).Distinct().Reverse()];
        inOrder.RemoveRange(Math.Max(0, inOrder.Count - LeastBetweenRepeats), Math.Min(LeastBetweenRepeats, inOrder.Count));
        var ranking = inOrder
            .Where(track => !excluded.Contains(track) && !skipped.Contains(track) && !picked.Contains(track))
            .Select(track => new RankedTrack(new(track, RepeatSource, 0), default));
        var scene = Scene(request, [.. ranking]);
        return ListPicker.Pick(scene, ListRules.For(scene, request.Wishes, options.Spacing), count).Tracks;
    }

    private static float BestLeftOut(RankedPool ranking, IReadOnlyList<RankedTrack> picked)
    {
        for (var n = 0; n < ranking.Count; n++)
        {
            var track = ranking.TrackAt(n);
            var isPicked = false;
            for (var place = 0; place < picked.Count && !isPicked; place++)
            {
                isPicked = picked[place].Track == track;
            }
            if (!isPicked)
            {
                return ranking.ScoreAt(n);
            }
        }
        return float.NegativeInfinity;
    }

    private string Shortfall(int found, int count, PickedList picked, IEnumerable<(string By, int Tracks)> keptOut)
    {
        var reasons = keptOut.Concat(picked.KeptOut.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => (By: rule.Key, Tracks: rule.Value)));
        var told = reasons.Where(reason => reason.Tracks > 0).Select(reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Tracks} by {reason.By}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"There {(found == 1 ? "is 1 track" : $"are {found} tracks")} instead of {count}. Of {catalogue.Count} in the catalogue are kept out: {string.Join("; ", told.DefaultIfEmpty("none"))}.");
    }

    // What rests or is refused.
    private RowTable<bool> Named(PlanRequest request, IReadOnlyCollection<int> heard, IReadOnlyCollection<int> banned)
    {
        var named = new RowTable<bool>(heard.Count + banned.Count + (request.Rest ?? options.Rest.Usual));
        AddAll(named, heard);
        AddResting(named, request);
        AddAll(named, banned);
        AddRefused(named, request);
        return named;
    }

    private RowTable<bool> Resting(PlanRequest request, IReadOnlyCollection<int> heard)
    {
        var resting = new RowTable<bool>(heard.Count);
        AddAll(resting, heard);
        AddResting(resting, request);
        return resting;
    }

    // Banned, voted down, or skipped as often as that weighs.
    private static RowTable<bool> Refused(PlanRequest request, IReadOnlyCollection<int> banned)
    {
        var refused = new RowTable<bool>(banned.Count);
        AddAll(refused, banned);
        AddRefused(refused, request);
        return refused;
    }

    private static void AddAll(RowTable<bool> rows, IReadOnlyCollection<int> more)
    {
        foreach (var row in more)
        {
            rows.At(row) = true;
        }
    }

    private void AddResting(RowTable<bool> rows, PlanRequest request)
    {
        var history = request.History.Items;
        for (var n = Math.Max(0, history.Count - (request.Rest ?? options.Rest.Usual)); n < history.Count; n++)
        {
            rows.At(history[n]) = true;
        }
    }

    private static void AddRefused(RowTable<bool> rows, PlanRequest request)
    {
        var (items, strengths) = (request.History.Items, request.History.Strengths);
        for (var n = 0; n < items.Count; n++)
        {
            if (strengths[n] <= -Dataset.MaxRefusal)
            {
                rows.At(items[n]) = true;
            }
        }
    }
}

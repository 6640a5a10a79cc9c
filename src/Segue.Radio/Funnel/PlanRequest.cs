using Segue.Features.Interactions;
using Segue.Ranking;
using Segue.Ranking.Exploring;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.People;

namespace Segue.Radio.Funnel;

/// <summary>What a plan is made from.</summary>
/// <param name="Heard">Tracks of this sitting, oldest first: they are not offered again while others are left.</param>
/// <param name="Signals">What the sitting told, seeds first.</param>
/// <param name="Banned">Further tracks that must not come.</param>
public sealed record PlanRequest(
    UserHistory History, IReadOnlyList<int> Heard, IReadOnlyList<SessionSignal> Signals, IReadOnlySet<int> Banned)
{
    private static readonly HashSet<int> Nothing = [];

    /// <summary>What the sitting skipped, beside what its signals tell: it does not come again.</summary>
    public IReadOnlySet<int> Skipped { get; init; } = Nothing;

    /// <summary>What the listener asks of the list.</summary>
    public ListWishes Wishes { get; init; } = ListWishes.None;

    /// <summary>What is known of tracks beside the catalogue, by row; rows behind its end are unknown.</summary>
    public IReadOnlyList<TrackFacts> Facts { get; init; } = [];

    /// <summary>Rows that nobody is offered; replaced as a whole when they change.</summary>
    public IReadOnlySet<int> KeptOut { get; init; } = Nothing;

    /// <summary>So many of the tracks that the listener heard last before the sitting do not come; null: as many as usual.</summary>
    public int? Rest { get; init; }

    /// <summary>What the sitting played in the last three hours, oldest first.</summary>
    public IReadOnlyList<TimedPlay> Plays { get; init; } = [];

    /// <summary>Where the listener is; null where trends are not counted.</summary>
    public LocalTrend? Trending { get; init; }

    /// <summary>What people like the listener like; null: nothing is said of who has no history.</summary>
    public PeopleTaste? People { get; init; }

    /// <summary>Tracks that few have heard, for places that go to them, and the seed of what chance decides; null: no place does.</summary>
    public (IReadOnlyList<NewTrack> Tracks, ulong Seed)? Exploring { get; init; }

    /// <summary>When the first track of the plan begins.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>What the sitting keeps from plan to plan; null: searches are made for this plan alone, as of now.</summary>
    public (SittingPool Pool, SittingAnchor Anchor)? Kept { get; init; }
}

/// <summary>A plan and what it was made from, so that reasons can be given for it.</summary>
/// <param name="Propensities">The chance with which each track came to its place, in (0, 1].</param>
public sealed record Plan(ListenerContext Context, IReadOnlyList<RankedTrack> Tracks, IReadOnlyList<double> Propensities)
{
    /// <summary>The same tracks with their hand-weighted scores, whichever ranker ordered them.</summary>
    public required IReadOnlyList<RankedTrack> Weighed { get; init; }

    /// <summary>What those scores are made by.</summary>
    public required RankingWeights Weights { get; init; }

    /// <summary>The highest hand-weighted score of a candidate that is not in the plan; −∞ where there is none.</summary>
    public float BestLeftOut { get; init; }

    /// <summary>Version of the learnt ranker that ordered them; null: the hand-weighted score did.</summary>
    public string? Ranker { get; init; }

    /// <summary>Why there are fewer tracks than asked for; null when there are as many.</summary>
    public string? Shortfall { get; init; }

    /// <summary>How many tracks, the last ones, were heard lately and come again since nothing else is left.</summary>
    public int Repeated { get; init; }
}

using Segue.Models.Sittings;
using Segue.Ranking;
using Segue.Ranking.Exploring;
using Segue.Ranking.Rules;

namespace Segue.Radio;

/// <summary>How the radio behaves.</summary>
public sealed record RadioOptions
{
    /// <summary>Candidates asked of each source; 1 to 10,000.</summary>
    public int CandidatesPerSource { get; init; } = 150;

    /// <summary>How sittings of the past are asked.</summary>
    public SessionBlendOptions Sittings { get; init; } = new();

    public ArtistSpacingOptions Spacing { get; init; } = new();

    /// <summary>How many of the tracks heard last are not offered again.</summary>
    public RestOptions Rest { get; init; } = new();

    /// <summary>False: what happens in a sitting changes nothing but that heard tracks are not repeated. The control of the experiment.</summary>
    public bool AdaptsToSession { get; init; } = true;

    /// <summary>A sitting that nobody asked about for so long is forgotten.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Sittings kept in memory at most; beyond, the tenth that was idle longest goes. A sitting holds its history (8 bytes an item)
    /// and what it was offered and did, 1 KiB for a short one and 100 KiB for one of thousands of tracks; and once it has answered, what it keeps to answer again sooner: see <see cref="Segue.Retrieval.SittingPool"/>.</summary>
    public int MaxSessions { get; init; } = 100_000;

    public RankingWeights Weights { get; init; } = new();

    /// <summary>So many tracks of a region are counted at once for what trends there; 0: all, exactly. See <see cref="Features.Trends.LiveTrends"/>.</summary>
    public int TrendCounters { get; init; }

    /// <summary>What of a sitting's answers goes to tracks that few have heard; nothing unless set.</summary>
    public ExplorationOptions Exploration { get; init; } = ExplorationOptions.None;
}

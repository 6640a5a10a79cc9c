namespace Segue.Ranking;

/// <summary>What the radio's order is made of; the defaults were chosen in the listener lab, see <c>docs/quality.md</c>.</summary>
/// <remarks>Each part is first brought to a like scale, so the weights compare: see <see cref="TrackRanker"/>.</remarks>
public sealed record RankingWeights
{
    /// <summary>Long-term factors.</summary>
    public float Taste { get; init; } = 3;

    /// <summary>This sitting's factors: kept minus skipped.</summary>
    public float Session { get; init; } = 4;

    /// <summary>Kept minus skipped by genre.</summary>
    public float Genre { get; init; } = 1.5f;

    /// <summary>Kept minus skipped by artist.</summary>
    public float Artist { get; init; } = 0.3f;

    /// <summary>Heard by others around what this sitting kept.</summary>
    public float CoListen { get; init; } = 0.6f;

    /// <summary>Known to many.</summary>
    public float Popularity { get; init; } = 0.1f;

    /// <summary>Heard to its end more often than the other plays of its listeners, in log odds.</summary>
    public float Appeal { get; init; } = 1;

    /// <summary>How much what was skipped is subtracted where factors are added.</summary>
    public float Skip { get; init; } = 1;
}

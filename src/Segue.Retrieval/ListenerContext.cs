using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.Nearest;

namespace Segue.Retrieval;

/// <summary>Something the listener did in this sitting, or a seed that the sitting began with.</summary>
/// <param name="Strength">Above 0 kept or asked for, below 0 skipped or voted down; 1 is one track heard to its end.</param>
/// <param name="IsSeed">Asked for at the start, not heard.</param>
public readonly record struct SessionSignal(int Track, float Strength, bool IsSeed);

/// <summary>What trends where the listener is.</summary>
/// <param name="Place">Its narrowest name; null: the whole world.</param>
/// <param name="Tracks">Rows of the catalogue with their decayed counts, heaviest first, each once.</param>
public sealed record LocalTrend(string? Place, IReadOnlyList<ScoredItem> Tracks);

/// <summary>All that the funnel knows of a listener at one moment.</summary>
public sealed class ListenerContext
{
    // The tenth track back still says a tenth of what the last one says; older ones cost time and tell nothing.
    private const int CoListenAnchors = 10;
    private const float CoListenDecay = 0.8f;

    /// <param name="nearest">An index over the item factors of the models.</param>
    /// <param name="history">Long-term listening; empty for a new listener.</param>
    /// <param name="signals">This sitting so far, oldest first; empty at its start, and for lists outside any sitting.</param>
    /// <param name="excluded">Rows that must not be offered.</param>
    /// <param name="skipWeight">How much the factors of what was skipped are subtracted, at least 0.</param>
    public ListenerContext(
        CatalogueIndex catalogue,
        ModelSet models,
        TasteIndex nearest,
        UserHistory history,
        IReadOnlyList<SessionSignal> signals,
        IReadOnlySet<int> excluded,
        float skipWeight)
    {
        (Catalogue, Models, Nearest, History, Signals, Excluded) = (catalogue, models, nearest, history, signals, excluded);
        ExcludedRows = [.. excluded.Order()];
        Taste = history.Row is { } row && row < models.Users ? models.Taste.UserFactors(row).ToArray() : models.Taste.FoldIn(history);
        SessionTaste = FoldSession(skipWeight);
        CoListen = SumOfNeighbors();
    }

    public CatalogueIndex Catalogue { get; }
    public ModelSet Models { get; }
    public TasteIndex Nearest { get; }
    public UserHistory History { get; }
    public IReadOnlyList<SessionSignal> Signals { get; }
    public IReadOnlySet<int> Excluded { get; }

    /// <summary>The same, ascending.</summary>
    public int[] ExcludedRows { get; }

    /// <summary>Items of the history that are liked, the latest last.</summary>
    public IEnumerable<int> LikedItems => History.Items.Where((_, n) => History.Strengths[n] > 0);

    /// <summary>Long-term factors, length d; zero for a new listener.</summary>
    public float[] Taste { get; }

    /// <summary>The sitting's factors, length d: what was kept folded in, minus what was skipped; null while nothing happened.</summary>
    public float[]? SessionTaste { get; }

    /// <summary>What others heard around the newest tracks of this sitting, minus around what was skipped; around the last tracks of the
    /// history while nothing was kept. By track; the excluded ones are in it too.</summary>
    public IReadOnlyDictionary<int, float> CoListen { get; }

    /// <summary>Null where nobody told what came lately.</summary>
    public NewReleases? Releases { get; init; }

    /// <summary>Null where trends are not counted.</summary>
    public LocalTrend? Trending { get; init; }

    private Dictionary<int, float> SumOfNeighbors()
    {
        var anchors = Signals.Any(signal => signal.Strength > 0)
            ? Signals.TakeLast(CoListenAnchors).Reverse().Select((signal, age) => (signal.Track, Weight: signal.Strength * MathF.Pow(CoListenDecay, age)))
            : LikedItems.TakeLast(CoListenAnchors).Reverse().Select((track, age) => (track, MathF.Pow(CoListenDecay, age)));
        var sums = new Dictionary<int, float>();
        foreach (var (track, weight) in anchors)
        {
            foreach (var neighbor in Models.Neighbors.Neighbors(track))
            {
                sums[neighbor.Item] = sums.GetValueOrDefault(neighbor.Item) + weight * neighbor.Score;
            }
        }
        return sums;
    }

    private float[]? FoldSession(float skipWeight)
    {
        if (Signals.Count == 0)
        {
            return null;
        }
        var session = Fold(sign: 1);
        var skipped = Fold(sign: -1);
        for (var f = 0; f < session.Length; f++)
        {
            session[f] -= skipWeight * skipped[f];
        }
        return session;
    }

    private float[] Fold(int sign)
    {
        var signals = Signals.Where(signal => signal.Strength * sign > 0).ToList();
        return Models.Taste.FoldIn([.. signals.Select(signal => signal.Track)], [.. signals.Select(signal => signal.Strength * sign)]);
    }
}

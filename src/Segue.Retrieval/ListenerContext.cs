using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Registry;

namespace Segue.Retrieval;

/// <summary>Something the listener did in this sitting, or a seed that the sitting began with.</summary>
/// <param name="Strength">Above 0 kept or asked for, below 0 skipped or voted down; 1 is one track heard to its end.</param>
/// <param name="IsSeed">Asked for at the start, not heard.</param>
public readonly record struct SessionSignal(int Track, float Strength, bool IsSeed);

/// <summary>All that the funnel knows of a listener at one moment.</summary>
public sealed class ListenerContext
{
    /// <param name="history">Long-term listening; empty for a new listener.</param>
    /// <param name="signals">This sitting so far, oldest first; empty at its start, and for lists outside any sitting.</param>
    /// <param name="excluded">Rows that must not be offered.</param>
    /// <param name="skipWeight">How much the factors of what was skipped are subtracted, at least 0.</param>
    public ListenerContext(
        CatalogueIndex catalogue,
        ModelSet models,
        UserHistory history,
        IReadOnlyList<SessionSignal> signals,
        IReadOnlySet<int> excluded,
        float skipWeight)
    {
        (Catalogue, Models, History, Signals, Excluded) = (catalogue, models, history, signals, excluded);
        Taste = history.Row is { } row && row < models.Users ? models.Taste.UserFactors(row).ToArray() : models.Taste.FoldIn(history);
        SessionTaste = FoldSession(skipWeight);
    }

    public CatalogueIndex Catalogue { get; }
    public ModelSet Models { get; }
    public UserHistory History { get; }
    public IReadOnlyList<SessionSignal> Signals { get; }
    public IReadOnlySet<int> Excluded { get; }

    /// <summary>Long-term factors, length d; zero for a new listener.</summary>
    public float[] Taste { get; }

    /// <summary>The sitting's factors, length d: what was kept folded in, minus what was skipped; null while nothing happened.</summary>
    public float[]? SessionTaste { get; }

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
        return Models.Taste.FoldIn(new(null, [.. signals.Select(signal => signal.Track)], [.. signals.Select(signal => signal.Strength * sign)]));
    }
}

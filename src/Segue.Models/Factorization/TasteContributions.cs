namespace Segue.Models.Factorization;

/// <summary>What the items of one history add to the scores of some tracks: exactly, by the linear system whose solution the user's factors are.</summary>
/// <remarks>c_n p_n y_nᵀ A⁻¹ y for item n of the history and factors y of the track; over all n they add up to the score that folding in gives.</remarks>
public sealed class TasteContributions
{
    private readonly float[] _values;   // [track][item of the history]

    internal TasteContributions(int[] items, float[] values) => (Items, _values) = (items, values);

    /// <summary>Nothing was done.</summary>
    public static TasteContributions None { get; } = new([], []);

    /// <summary>Items of the history that have a part, each once.</summary>
    public IReadOnlyList<int> Items { get; }

    /// <summary>What each of <see cref="Items"/> adds to the score of the n-th track.</summary>
    public ReadOnlySpan<float> Of(int track) => _values.AsSpan(track * Items.Count, Items.Count);

    /// <summary>The same as shares.</summary>
    internal IEnumerable<(int Item, double Value)> Told(int track)
    {
        for (var n = 0; n < Items.Count; n++)
        {
            yield return (Items[n], Of(track)[n]);
        }
    }
}

namespace Segue.Models.Factorization;

/// <summary>Factors that some items fold in to, and the system that they solve: what it takes to say what each item adds to a score. Immutable.</summary>
/// <remarks>About d² ÷ 2 + 9 d floats and 8 bytes an item: 11 KiB at d = 64.</remarks>
public sealed class FoldedTaste
{
    internal FoldedTaste(int[] items, float[] gains, float[] factors, float[] system) => (Rows, Gains, Factors, System) = (items, gains, factors, system);

    /// <summary>Length d.</summary>
    public float[] Factors { get; }

    /// <summary>Items that have a part, each once.</summary>
    internal int[] Rows { get; }

    /// <summary>Weight times target of each item.</summary>
    internal float[] Gains { get; }

    /// <summary>As <see cref="Segue.Numerics.Factors.RowSystem.Keep"/> has it; empty where there are no items.</summary>
    internal float[] System { get; }

    /// <summary>Whether it is of these items, in this order, by these confidences.</summary>
    public bool IsOf(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences) => items.SequenceEqual(Rows) && confidences.SequenceEqual(Gains);
}

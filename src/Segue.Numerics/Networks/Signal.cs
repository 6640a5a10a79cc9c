using Segue.Numerics.Memory;

namespace Segue.Numerics.Networks;

/// <summary>What flows between layers: float32 of shape [samples × length × channels], length counting time steps; dense layers see length 1.</summary>
/// <remarks>Between samples, and before the first and after the last, lie <see cref="Margin"/> rows of zeros where a layer asks for them.</remarks>
public sealed unsafe class Signal
{
    private readonly FloatMemory _memory = new();

    public int Samples { get; private set; }
    public int Length { get; private set; }
    public int Channels { get; private set; }

    internal int Margin { get; private set; }

    /// <summary>Elements of one sample.</summary>
    public int SampleSize => Length * Channels;

    /// <summary>From one sample to the next.</summary>
    internal long SampleStep => (long)(Length + Margin) * Channels;

    /// <summary>Elements of one sample, row after row; valid while the pass that made them is held and runs no other batch.</summary>
    public Span<float> Sample(int sample)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sample, (uint)Samples, nameof(sample));
        return new(At(sample), SampleSize);
    }

    /// <summary>All samples, one after another.</summary>
    /// <exception cref="InvalidOperationException">Margins lie between them.</exception>
    public Span<float> AsSpan() => Margin == 0
        ? new(At(0), checked(Samples * SampleSize))
        : throw new InvalidOperationException("Rows of zeros lie between the samples; take them one by one.");

    internal float* At(int sample) => _memory.Start + (long)Margin * Channels + sample * SampleStep;

    internal void Shape(int samples, SignalShape shape, int margin)
    {
        (Samples, Length, Channels, Margin) = (samples, shape.Length, shape.Channels, margin);
        var edge = Margin * Channels;
        var start = _memory.Room(edge + samples * SampleStep);
        for (var sample = 0; sample <= samples && edge > 0; sample++)
        {
            new Span<float>(start + sample * SampleStep, edge).Clear();
        }
    }
}

/// <summary>Shape of one sample.</summary>
/// <param name="Length">Time steps.</param>
/// <param name="Channels">Values of a step.</param>
public readonly record struct SignalShape(int Length, int Channels);

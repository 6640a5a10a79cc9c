namespace Segue.Numerics.Networks;

/// <summary>Learning rate by step: it rises in a line over a warm-up, then stays, or falls along half a cosine to zero.</summary>
public sealed class LearningRateSchedule
{
    private readonly double _rate;
    private readonly long _warmUp, _end;

    private LearningRateSchedule(double rate, long warmUp, long end)
    {
        if (!(rate > 0 && double.IsFinite(rate)))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A learning rate is positive and finite.");
        }
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        (_rate, _warmUp, _end) = (rate, warmUp, end);
    }

    /// <param name="warmUp">Steps over which the rate rises; 0: none.</param>
    public static LearningRateSchedule Constant(double rate, long warmUp = 0) => new(rate, warmUp, long.MaxValue);

    /// <param name="steps">All steps; the rate is zero after them.</param>
    /// <param name="warmUp">Steps over which the rate rises, fewer than <paramref name="steps"/>; 0: none.</param>
    public static LearningRateSchedule CosineDecay(double rate, long steps, long warmUp = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(steps, warmUp);
        return new(rate, warmUp, steps);
    }

    /// <summary>The rate of a step; the first is step 0.</summary>
    public float At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < _warmUp)
        {
            return (float)(_rate * (step + 1) / _warmUp);
        }
        var done = _end == long.MaxValue ? 0 : Math.Min(1, (double)(step - _warmUp) / (_end - _warmUp));
        return (float)(_rate * (1 + Math.Cos(Math.PI * done)) / 2);
    }
}

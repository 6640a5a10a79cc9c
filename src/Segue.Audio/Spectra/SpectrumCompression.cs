namespace Segue.Audio.Spectra;

/// <summary>What is done to the value S of a band.</summary>
public sealed record SpectrumCompression
{
    private SpectrumCompression()
    {
    }

    /// <summary>Nothing.</summary>
    public static SpectrumCompression None { get; } = new();

    /// <summary>log10(1 + factor · S): needs no look at the rest of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive and finite.</exception>
    public static SpectrumCompression LogOnePlus(float factor)
    {
        RequirePositive(factor, nameof(factor));
        return new() { IsLogarithm = true, Scale = 1, Factor = factor, Plus = 1, Floor = 1 };
    }

    /// <summary>10 · log10(max(floor, S) / max(floor, reference)), then nothing more than <paramref name="top"/> below the greatest value of the same call.</summary>
    /// <param name="reference">The S that becomes 0 dB.</param>
    /// <param name="floor">What a smaller S counts as.</param>
    /// <param name="top">Range kept, in dB; null keeps all. With it a value depends on the loudest frame of the call.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not positive and finite, or the floor is below 1e-30.</exception>
    public static SpectrumCompression Decibels(float reference = 1, float floor = 1e-10f, float? top = 80)
    {
        RequirePositive(reference, nameof(reference));
        RequirePositive(floor, nameof(floor));
        RequirePositive(top ?? 1, nameof(top));
        ArgumentOutOfRangeException.ThrowIfLessThan(floor, 1e-30f);
        return new()
        {
            IsLogarithm = true,
            IsDecibels = true,
            Scale = 10,
            Offset = (float)(-10 * Math.Log10(Math.Max(floor, reference))),
            Factor = 1,
            Floor = floor,
            Top = top,
        };
    }

    internal bool IsLogarithm { get; private init; }

    internal bool IsDecibels { get; private init; }

    // Scale · log10(max(Floor, Factor · S + Plus)) + Offset
    internal float Scale { get; private init; }

    internal float Factor { get; private init; }

    internal float Plus { get; private init; }

    internal float Floor { get; private init; }

    internal float Offset { get; private init; }

    internal float? Top { get; private init; }

    private static void RequirePositive(float value, string name)
    {
        if (!(value > 0 && float.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "It must be positive and finite.");
        }
    }
}

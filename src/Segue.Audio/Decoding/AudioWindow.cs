namespace Segue.Audio.Decoding;

/// <summary>A stretch of decoded sound.</summary>
/// <param name="Start">From the beginning of the file.</param>
/// <param name="Samples">Mono, <see cref="AudioLimits.SampleRate"/>, full scale ±1, all finite; valid only during the call that gives it.</param>
public readonly record struct AudioWindow(TimeSpan Start, ReadOnlyMemory<float> Samples);

/// <summary>Which parts of a file are listened to.</summary>
public sealed record WindowPlan
{
    private WindowPlan(int count, TimeSpan length) => (Count, Length) = (count, length);

    /// <summary>The production setting: six windows of 10 s, spread over all but the first and the last tenth; all of it, in consecutive windows, where it is not longer than a minute.</summary>
    public static WindowPlan Spread { get; } = new(6, TimeSpan.FromSeconds(10));

    /// <summary>One window of 30 s from the middle.</summary>
    public static WindowPlan Middle { get; } = new(1, TimeSpan.FromSeconds(30));

    /// <summary>All of the file, in consecutive windows of 10 s; the last is shorter.</summary>
    public static WindowPlan Whole { get; } = new(int.MaxValue, TimeSpan.FromSeconds(10));

    /// <summary>Windows at most.</summary>
    public int Count { get; }

    /// <summary>Length of a window.</summary>
    public TimeSpan Length { get; }

    /// <summary>Where the windows of a file of a known length begin, ascending; windows do not overlap, and only the last may reach beyond the end.</summary>
    public IReadOnlyList<TimeSpan> Starts(TimeSpan duration)
    {
        var fit = Math.Max(1, (long)Math.Ceiling(duration / Length));
        if (fit <= Count)
        {
            return [.. Enumerable.Range(0, (int)fit).Select(window => window * Length)];
        }
        var slack = duration - Count * Length;   // shared out before, between and after the windows
        return [.. Enumerable.Range(0, Count).Select(window => window * Length + slack * (Count == 1 ? 0.5 : 0.1 + 0.8 * window / (Count - 1)))];
    }
}

using System.Runtime.Intrinsics;

namespace Segue.Audio.Decoding;

/// <summary>Reads the windows of a plan from a source: the part of decoding that all decoders share.</summary>
/// <remarks>Samples that are no number, or beyond <see cref="Loudest"/>, are taken as 0 and counted. Memory: one window.</remarks>
internal sealed class WindowReader
{
    /// <summary>Magnitude above which a sample is damage, not sound (120 dB above full scale).</summary>
    public const float Loudest = 1e6f;

    /// <summary>Share of damaged samples above which a file is corrupt.</summary>
    public const double MaxDamagedShare = 0.01;

    private readonly Action<AudioWindow> _take;
    private readonly CancellationToken _cancellation;
    private readonly float[] _piece = new float[Resampler.MaxPiece];
    private float[] _outputs = [];
    private float[] _window = [];
    private int _filled;
    private long _windowStart;   // in output samples

    public WindowReader(Action<AudioWindow> take, CancellationToken cancellation) => (_take, _cancellation) = (take, cancellation);

    /// <summary>Samples read at the file's own rate.</summary>
    public long Read { get; private set; }

    /// <summary>Those of them that were damaged.</summary>
    public long Damaged { get; private set; }

    /// <summary>Whether too much is damaged to call it sound.</summary>
    public bool IsDamaged => Damaged > MaxDamagedShare * Read;

    /// <summary>Reads all windows; a source of unknown length is read as a whole.</summary>
    public void ReadAll(ISampleSource source, WindowPlan plan)
    {
        var resampler = new Resampler(source.Rate);
        _outputs = new float[resampler.MaxOutputs(Resampler.MaxPiece)];
        _window = new float[(int)Math.Round(plan.Length.TotalSeconds * AudioLimits.SampleRate)];
        foreach (var (from, count) in Stretches(source.Rate, source.Frames, plan))
        {
            ReadStretch(source, resampler, from, count);
        }
    }

    /// <summary>Which outputs of a file a plan wants: where each stretch begins, and how long it is at most.</summary>
    public static IReadOnlyList<(long From, long Count)> Stretches(int rate, long? frames, WindowPlan plan)
    {
        if (frames is not { } known || IsConsecutive(known, rate, plan))
        {
            return [(0, long.MaxValue)];
        }
        var length = (long)Math.Round(plan.Length.TotalSeconds * AudioLimits.SampleRate);
        return [.. plan.Starts(DurationOf(known, rate)).Select(start => ((long)Math.Round(start.TotalSeconds * AudioLimits.SampleRate), length))];
    }

    /// <summary>The playing time of a number of samples.</summary>
    public static TimeSpan DurationOf(long frames, int rate)
        => TimeSpan.FromSeconds(Math.Min((double)frames / rate, TimeSpan.MaxValue.TotalSeconds / 2));

    private static bool IsConsecutive(long frames, int rate, WindowPlan plan)
        => plan.Count == int.MaxValue || DurationOf(frames, rate) <= plan.Count * plan.Length;

    private void ReadStretch(ISampleSource source, Resampler resampler, long from, long count)
    {
        (_filled, _windowStart) = (0, from);
        var first = resampler.Seek(from);
        var behind = count == long.MaxValue ? long.MaxValue : (from + count) * source.Rate / AudioLimits.SampleRate + resampler.LookAhead + 1;
        source.Seek(first, behind == long.MaxValue ? long.MaxValue : behind - first);
        for (int got; count > 0 && (got = source.Read(_piece)) > 0;)
        {
            _cancellation.ThrowIfCancellationRequested();
            Read += got;
            Damaged += Mend(_piece.AsSpan(0, got));
            count -= Keep(resampler.Push(_piece.AsSpan(0, got), _outputs), count);
        }
        _cancellation.ThrowIfCancellationRequested();
        Keep(resampler.Finish(_outputs), count);
        Tell();
    }

    private long Keep(int made, long wanted)
    {
        var rest = _outputs.AsSpan(0, (int)Math.Min(made, wanted));
        var kept = rest.Length;
        while (rest.Length > 0)
        {
            var part = Math.Min(rest.Length, _window.Length - _filled);
            rest[..part].CopyTo(_window.AsSpan(_filled));
            _filled += part;
            rest = rest[part..];
            if (_filled == _window.Length)
            {
                Tell();
            }
        }
        return kept;
    }

    private void Tell()
    {
        if (_filled > 0)
        {
            _take(new(DurationOf(_windowStart, AudioLimits.SampleRate), _window.AsMemory(0, _filled)));
            _windowStart += _filled;
            _filled = 0;
        }
    }

    private static int Mend(Span<float> samples)
    {
        var (damaged, loudest) = (0, Vector256.Create(Loudest));
        for (var at = 0; at < samples.Length; at += Vector256<float>.Count)
        {
            var few = samples[at..Math.Min(at + Vector256<float>.Count, samples.Length)];
            if (few.Length < Vector256<float>.Count || !Vector256.LessThanOrEqualAll(Vector256.Abs(Vector256.Create<float>(few)), loudest))
            {
                damaged += MendFew(few);
            }
        }
        return damaged;
    }

    private static int MendFew(Span<float> samples)
    {
        var damaged = 0;
        foreach (ref var sample in samples)
        {
            if (!(MathF.Abs(sample) <= Loudest))
            {
                sample = 0;
                damaged++;
            }
        }
        return damaged;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Segue.Audio.Spectra;

namespace Segue.Audio.Decoding;

/// <summary>Turns sound of any rate into <see cref="AudioLimits.SampleRate"/> samples a second, in pieces of any size.</summary>
/// <remarks>
/// Polyphase low-pass (<see cref="ResamplerFilter"/>): flat to 9.75 kHz, 90 dB down from 11,025 Hz, no lag: output n stands for the moment n / 22,050 of the file. An input of the
/// same rate passes unchanged. Bytes do not depend on how the input is cut, nor on the processor. Cost: a filter of 208·rate / 44,100 products an output; 30 s of 44.1 kHz take
/// some milliseconds. Outputs come in blocks (0.4 s at 44.1 kHz), the rest at the end. Memory: at most 513 filters (7 MB at 768 kHz). Not thread-safe.
/// </remarks>
public sealed unsafe class Resampler
{
    /// <summary>Rates that sound is believed to have.</summary>
    public const int MinRate = 4_000, MaxRate = 768_000;

    /// <summary>Inputs that one call takes at most.</summary>
    public const int MaxPiece = 16_384;

    private readonly LaneWidth _width;
    private readonly int _up;     // L
    private readonly int _down;   // M
    private readonly int _atStep, _restStep;   // M / L, and what is left of M
    private readonly ResamplerFilter? _filter;   // null: nothing to do
    private readonly ResamplerBlocks? _blocks;   // null: the filter is interpolated, or there is none
    private readonly float[] _block = [];
    private readonly float[] _taps;
    private readonly float[] _kept;   // inputs from _first on
    private int _keptCount;
    private long _first;
    private long _given;    // inputs seen, as a position in the file
    private long _next;     // the next output

    /// <param name="rate">Samples a second of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is none that sound has.</exception>
    public Resampler(int rate)
        : this(rate, LaneWidths.Best)
    {
    }

    internal Resampler(int rate, LaneWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, MinRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, MaxRate);
        (Rate, _width) = (rate, width);
        var common = (int)BigInteger.GreatestCommonDivisor(rate, AudioLimits.SampleRate);
        (_up, _down) = (AudioLimits.SampleRate / common, rate / common);
        (_atStep, _restStep) = Math.DivRem(_down, _up);
        _filter = rate == AudioLimits.SampleRate ? null : ResamplerFilter.For(rate, _up);
        _taps = _filter?.Taps ?? [];
        if (_filter is { IsInterpolated: false })
        {
            _blocks = ResamplerBlocks.Of(width, _filter, _up, _down);
            _block = new float[_blocks.Outputs];
        }
        _kept = new float[2 * (_filter?.Length ?? 0) + MaxPiece + (_blocks?.Inputs ?? 0) + _down / _up + 2];
        Seek(0);
    }

    /// <summary>Samples a second of the input.</summary>
    public int Rate { get; }

    /// <summary>Inputs behind an output's moment that the output needs.</summary>
    public int LookAhead => _filter is null ? 1 : _filter.Length - _filter.Before;

    /// <summary>Starts anew so that the next output is number <paramref name="output"/> of the file.</summary>
    /// <returns>The file's sample that must be given next, at least 0.</returns>
    public long Seek(long output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        _next = output;
        var wanted = output * _down / _up - (_filter?.Before ?? 0);
        _keptCount = (int)Math.Max(0, -wanted);   // before the file's beginning there is silence
        _kept.AsSpan(0, _keptCount).Clear();
        _first = wanted;
        return _given = Math.Max(0, wanted);
    }

    /// <summary>Outputs of one call at most.</summary>
    /// <param name="samples">Inputs of the call.</param>
    public int MaxOutputs(int samples) => (int)(((long)samples + LookAhead + (_blocks?.Inputs ?? 0)) * _up / _down) + 2;

    /// <summary>Takes the next samples of the file.</summary>
    /// <param name="samples">At most <see cref="MaxPiece"/>, all finite.</param>
    /// <param name="output">Room for <see cref="MaxOutputs"/>.</param>
    /// <returns>Outputs made.</returns>
    /// <exception cref="ArgumentException">Too many at once, or too little room.</exception>
    public int Push(ReadOnlySpan<float> samples, Span<float> output)
    {
        if (samples.Length > MaxPiece || output.Length < MaxOutputs(samples.Length))
        {
            throw new ArgumentException($"At most {MaxPiece} samples at once, and room for {MaxOutputs(samples.Length)} outputs; given {samples.Length} and {output.Length}.", nameof(samples));
        }
        samples.CopyTo(_kept.AsSpan(_keptCount));
        _keptCount += samples.Length;
        _given += samples.Length;
        var made = _blocks is null ? Make(output, long.MaxValue) : MakeBlocks(_blocks, output);
        Forget();
        return made;
    }

    /// <summary>Tells that the file has ended: silence follows. Call <see cref="Seek"/> before the next sample.</summary>
    /// <param name="output">Room for <see cref="MaxOutputs"/> of none.</param>
    /// <returns>Outputs made: those before the file's end that were still missing.</returns>
    public int Finish(Span<float> output)
    {
        var end = _given;
        if (_blocks is not null)
        {
            return MakeRest(_blocks, output, end);
        }
        var silence = Math.Min(LookAhead, _kept.Length - _keptCount);
        _kept.AsSpan(_keptCount, silence).Clear();
        _keptCount += silence;
        return Make(output, end);
    }

    private int MakeBlocks(ResamplerBlocks blocks, Span<float> output)
    {
        var made = 0;
        for (; _keptCount >= blocks.Inputs; made += blocks.Outputs)
        {
            blocks.Make(_kept, (int)(_next * _down % _up), output[made..]);
            _next += blocks.Outputs;
            Forget();
        }
        return made;
    }

    private int MakeRest(ResamplerBlocks blocks, Span<float> output, long end)
    {
        var wanted = end == 0 ? 0 : (int)Math.Max(0, (end * _up - 1) / _down + 1 - _next);
        for (var made = 0; made < wanted; made += blocks.Outputs)
        {
            _kept.AsSpan(_keptCount, Math.Max(0, blocks.Inputs - _keptCount)).Clear();
            _keptCount = Math.Max(_keptCount, blocks.Inputs);
            blocks.Make(_kept, (int)(_next * _down % _up), _block);
            _block.AsSpan(0, Math.Min(blocks.Outputs, wanted - made)).CopyTo(output[made..]);
            _next += blocks.Outputs;
            Forget();
        }
        return wanted;
    }

    private int Make(Span<float> output, long end)
    {
        if (_filter is null)
        {
            var count = (int)Math.Min(_keptCount, Math.Max(0, end - _next));
            _kept.AsSpan(0, count).CopyTo(output);
            _next += count;
            return count;
        }
        // The last output whose inputs are all there, and which lies before the end.
        var last = Math.Min(end - 1, _first + _keptCount - _filter.Length + _filter.Before);
        var made = last < 0 ? 0 : (int)Math.Max(0, ((last + 1) * _up - 1) / _down - _next + 1);
        var (at, rest) = Math.DivRem(_next * _down, _up);
        var place = new Place(at - _filter.Before - _first, (int)rest);
        var parts = stackalloc float[(ResamplerKernel.Rows + 1) * ResamplerKernel.Parts];
        var aligned = (float*)(((nint)parts + 63) & ~63);
        fixed (float* kept = _kept, taps = _taps)
        {
            for (var row = 0; row < made; row += ResamplerKernel.Rows)
            {
                place = MakeRows(place, kept, taps, aligned, output.Slice(row, Math.Min(ResamplerKernel.Rows, made - row)));
            }
        }
        _next += made;
        return made;
    }

    // Where an output's first input is kept, and by how many L-ths of an input the output lies behind the input that it is nearest to.
    private readonly record struct Place(long At, int Rest);

    // Outputs between phases: rare, so a row at a time.
    [SkipLocalsInit]
    private Place MakeRows(Place place, float* kept, float* taps, float* parts, Span<float> output)
    {
        var x = stackalloc float*[ResamplerKernel.Rows];
        var h = stackalloc float*[ResamplerKernel.Rows];
        var between = stackalloc float[ResamplerKernel.Rows];
        for (var row = 0; row < ResamplerKernel.Rows; row++)
        {
            var (phase, over) = Math.DivRem(place.Rest * _filter!.Phases, _up);
            between[row] = (float)over / _up;
            x[row] = kept + place.At;
            h[row] = taps + (long)phase * _filter.Length;
            place = row < output.Length - 1 || output.Length == ResamplerKernel.Rows ? After(place) : place;   // rows that nobody asked for repeat the last
        }
        ResamplerKernel.Sum(_width, x, h, _filter!.Length, parts);
        for (var row = 0; row < output.Length; row++)
        {
            output[row] = ResamplerKernel.Fold(parts + row * ResamplerKernel.Parts);
        }
        for (var row = 0; row < ResamplerKernel.Rows; row++)
        {
            h[row] += _filter.Length;
        }
        ResamplerKernel.Sum(_width, x, h, _filter.Length, parts);
        for (var row = 0; row < output.Length; row++)
        {
            output[row] += between[row] * (ResamplerKernel.Fold(parts + row * ResamplerKernel.Parts) - output[row]);
        }
        return place;
    }

    private Place After(Place place)
    {
        var rest = place.Rest + _restStep;
        return rest < _up ? new(place.At + _atStep, rest) : new(place.At + _atStep + 1, rest - _up);
    }

    private void Forget()
    {
        var wanted = _next * _down / _up - (_filter?.Before ?? 0);
        var drop = (int)Math.Min(wanted - _first, _keptCount);
        if (drop > 0)
        {
            _kept.AsSpan(drop, _keptCount - drop).CopyTo(_kept);
            _keptCount -= drop;
            _first += drop;
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Segue.Audio.Spectra;

namespace Segue.Audio.Decoding;

/// <summary>Outputs of <see cref="Resampler"/>, a block at a time: the block is cut into as many stretches as the processor has lanes, and each lane makes those of its own stretch.</summary>
/// <remarks>A stretch is a whole number of the filter's periods, so that all lanes need the same tap at the same time. An output is one chain of fused multiply-adds from the first tap to the
/// last, whatever the width: all widths give equal bits. Not thread-safe.</remarks>
internal abstract unsafe class ResamplerBlocks
{
    // Outputs made at a time; and inputs of a stretch at least, against the taps that each stretch reads beyond its end.
    private const int Rows = 4, LeastInputs = 1_024;

    /// <summary>Outputs of a block.</summary>
    public abstract int Outputs { get; }

    /// <summary>Inputs that the outputs of a block stand for.</summary>
    public abstract int Step { get; }

    /// <summary>Inputs that a block reads.</summary>
    public abstract int Inputs { get; }

    /// <param name="width">Lanes that the processor has.</param>
    /// <param name="filter">Not interpolated: with one phase for each of <paramref name="up"/>.</param>
    /// <param name="up">L of the ratio L / M.</param>
    /// <param name="down">M.</param>
    public static ResamplerBlocks Of(LaneWidth width, ResamplerFilter filter, int up, int down) => width switch
    {
        LaneWidth.Sixteen => new Lanes<SixteenLanes>(filter, up, down),
        LaneWidth.Eight => new Lanes<EightLanes>(filter, up, down),
        _ => new Lanes<OneLane>(filter, up, down),
    };

    /// <summary>Makes a block.</summary>
    /// <param name="inputs">From the first tap of the first output on, at least <see cref="Inputs"/>.</param>
    /// <param name="rest">By how many L-ths of an input the first output lies behind an input.</param>
    /// <param name="outputs">Receives <see cref="Outputs"/>.</param>
    public abstract void Make(ReadOnlySpan<float> inputs, int rest, Span<float> outputs);

    private sealed class Lanes<T> : ResamplerBlocks
        where T : struct, ILanes<T>
    {
        private readonly ResamplerFilter _filter;
        private readonly int _up, _atStep, _restStep;   // L, M / L, and what is left of M
        private readonly int _outputs, _inputs, _columns;   // of a stretch
        private readonly AlignedFloats _turned;   // column c of all stretches is row c here

        public Lanes(ResamplerFilter filter, int up, int down)
        {
            var least = Rows / (int)BigInteger.GreatestCommonDivisor(up, Rows);
            var periods = (LeastInputs / down + least) / least * least;
            (_filter, _up, _outputs, _inputs) = (filter, up, periods * up, periods * down);
            (_atStep, _restStep) = Math.DivRem(down, up);
            _columns = (_inputs + filter.Length + Rows) / Rows * Rows;
            _turned = new(_columns * T.Width);
        }

        public override int Outputs => _outputs * T.Width;

        public override int Step => _inputs * T.Width;

        public override int Inputs => Step - _inputs + _columns;

        public override void Make(ReadOnlySpan<float> inputs, int rest, Span<float> outputs)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, Inputs);
            ArgumentOutOfRangeException.ThrowIfLessThan(outputs.Length, Outputs);
            var x = stackalloc float*[Rows];
            var h = stackalloc float*[Rows];
            fixed (float* from = inputs, to = outputs, taps = _filter.Taps)
            {
                Turn(from, _inputs, _columns, _turned.Start);
                var at = 0;
                for (var output = 0; output < _outputs; output += Rows)
                {
                    for (var row = 0; row < Rows; row++)
                    {
                        x[row] = _turned.Start + (nint)at * T.Width;
                        h[row] = taps + (nint)rest * _filter.Length;
                        (at, rest) = rest + _restStep < _up ? (at + _atStep, rest + _restStep) : (at + _atStep + 1, rest + _restStep - _up);
                    }
                    Sum(x[0], x[1], x[2], x[3], h[0], h[1], h[2], h[3], _filter.Length, to + output, _outputs);
                }
            }
            GC.KeepAlive(this);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Turn(float* from, nint stride, int columns, float* to)
        {
            var rows = stackalloc float*[T.Width];
            for (var lane = 0; lane < T.Width; lane++)
            {
                rows[lane] = from + lane * stride;
            }
            for (var column = 0; column < columns; column += Rows, to += Rows * T.Width)
            {
                T.LoadColumns(rows, column, out var a, out var b, out var c, out var d);
                a.Store(to);
                b.Store(to + T.Width);
                c.Store(to + 2 * T.Width);
                d.Store(to + 3 * T.Width);
            }
        }

        // Four outputs of each lane; those of a lane lie a stretch behind those of the lane before.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Sum(float* x0, float* x1, float* x2, float* x3, float* h0, float* h1, float* h2, float* h3, nint count, float* to, nint stretch)
        {
            T s0 = T.Of(0), s1 = s0, s2 = s0, s3 = s0;
            for (nint k = 0, at = 0; k < count; k++, at += T.Width)
            {
                s0 = T.MultiplyAdd(T.Load(x0 + at), T.Of(h0[k]), s0);
                s1 = T.MultiplyAdd(T.Load(x1 + at), T.Of(h1[k]), s1);
                s2 = T.MultiplyAdd(T.Load(x2 + at), T.Of(h2[k]), s2);
                s3 = T.MultiplyAdd(T.Load(x3 + at), T.Of(h3[k]), s3);
            }
            T.StoreColumns(s0, s1, s2, s3, to, stretch, T.Width);
        }
    }
}

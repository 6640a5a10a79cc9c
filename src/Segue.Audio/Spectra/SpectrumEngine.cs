namespace Segue.Audio.Spectra;

/// <summary>The kernels of spectra at the width that a processor has.</summary>
internal abstract unsafe class SpectrumEngine
{
    /// <summary>Frames treated at once.</summary>
    public abstract int Width { get; }

    public static SpectrumEngine Of(LaneWidth width) => width switch
    {
        LaneWidth.Sixteen => new Lanes<SixteenLanes>(),
        LaneWidth.Eight => new Lanes<EightLanes>(),
        _ => new Lanes<OneLane>(),
    };

    /// <summary>|X[k]|² of one lane set, shape [bins × width]; see <see cref="FftKernels{T}"/>.</summary>
    public abstract void Power(FftTables tables, float** frames, float* re, float* im, float* power, int bins);

    /// <inheritdoc cref="SpectrumKernels{T}.Project"/>
    public abstract void Project(BandedRows rows, float* from, float* to);

    /// <summary>values ← √values.</summary>
    public abstract void Root(float* values, int rows);

    /// <summary>to ← the compression of from.</summary>
    public abstract void Compress(SpectrumCompression compression, float* from, float* to, int rows);

    /// <inheritdoc cref="SpectrumKernels{T}.CountBelow"/>
    public abstract void CountBelow(float* values, int rows, float* thresholds, float* counts);

    /// <inheritdoc cref="SpectrumKernels{T}.Spread"/>
    public abstract void Spread(float* from, int rows, float* to, nint stride, int count);

    private sealed class Lanes<T> : SpectrumEngine
        where T : struct, ILanes<T>
    {
        public override int Width => T.Width;

        public override void Power(FftTables tables, float** frames, float* re, float* im, float* power, int bins)
        {
            FftKernels<T>.Load(tables, frames, re, im);
            FftKernels<T>.Transform(tables, re, im, tables.Half);
            FftKernels<T>.Power(tables, re, im, power, bins);
        }

        public override void Project(BandedRows rows, float* from, float* to) => SpectrumKernels<T>.Project(rows, from, to);

        public override void Root(float* values, int rows) => SpectrumKernels<T>.Root(values, rows);

        public override void Compress(SpectrumCompression compression, float* from, float* to, int rows)
            => SpectrumKernels<T>.Compress(
                from, to, rows, compression.Scale, compression.Factor, compression.Plus, compression.Floor, compression.Offset);

        public override void CountBelow(float* values, int rows, float* thresholds, float* counts)
            => SpectrumKernels<T>.CountBelow(values, rows, thresholds, counts);

        public override void Spread(float* from, int rows, float* to, nint stride, int count)
            => SpectrumKernels<T>.Spread(from, rows, to, stride, count);
    }
}

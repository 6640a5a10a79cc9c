using Segue.Numerics.Factors;
using Segue.Numerics.Products;

namespace Segue.Numerics.Networks;

/// <summary>Filters over time and the three products that they take part in; shared by convolution and its reverse.</summary>
/// <remarks>
/// In a layout of [time × channels], the <see cref="Width"/> steps that a filter sees are one row of width · narrow floats, and the next window begins
/// stride rows further: a convolution is one product of overlapping rows, without any copy. Its adjoint is, for each phase of the stride, the same
/// with the filters turned around, over rows with a margin of zeros. "Long" is the side with more time steps, "short" the other.
/// </remarks>
internal sealed unsafe class TimeFilters
{
    private readonly RightPanels _forward = new();
    private readonly RightPanels[] _adjoint;

    /// <param name="width">Steps that a filter sees, a multiple of <paramref name="stride"/>.</param>
    public TimeFilters(int longChannels, int shortChannels, int width, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shortChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, stride);
        if (width % stride != 0)
        {
            throw new ArgumentException($"A filter's width must be a multiple of its stride; {width} is none of {stride}.", nameof(width));
        }
        (LongChannels, ShortChannels, Width, Stride) = (longChannels, shortChannels, width, stride);
        Weights = new("weights", checked(width * longChannels * shortChannels));
        _adjoint = [.. Enumerable.Range(0, stride).Select(_ => new RightPanels())];
    }

    /// <summary>Shape [width × long channels × short channels].</summary>
    public Parameter Weights { get; }

    public int LongChannels { get; }
    public int ShortChannels { get; }
    public int Width { get; }
    public int Stride { get; }

    /// <summary>Rows of zeros that the adjoint needs around each short sample.</summary>
    public int Margin => Width / Stride - 1;

    public int ShortLength(int longLength) => longLength < Width ? 0 : (longLength - Width) / Stride + 1;

    public int LongLength(int shortLength) => (shortLength - 1) * Stride + Width;

    /// <summary>Lays the weights out for <see cref="Apply"/>.</summary>
    public void PackForward()
    {
        _forward.Begin(Width * LongChannels, ShortChannels);
        _forward.Pack(0, Width * LongChannels, new(Weights.Values, ShortChannels, 1));
    }

    /// <summary>Lays the weights out for <see cref="ApplyAdjoint"/>.</summary>
    public void PackAdjoint()
    {
        var taps = Width / Stride;
        for (var phase = 0; phase < Stride; phase++)
        {
            _adjoint[phase].Begin(taps * ShortChannels, LongChannels);
            for (var tap = 0; tap < taps; tap++)
            {
                var step = (taps - 1 - tap) * Stride + phase;
                var weights = Weights.Values + (long)step * LongChannels * ShortChannels;
                _adjoint[phase].Pack(tap * ShortChannels, ShortChannels, new(weights, 1, ShortChannels));
            }
        }
    }

    /// <summary>y[u] = Σ_j x[stride·u + j] W_j for one sample.</summary>
    /// <param name="x">Shape [long length × long channels].</param>
    /// <param name="y">Shape [short length × short channels].</param>
    public void Apply(float* x, int shortLength, float* y)
        => MatrixProduct.Run(VectorPaths.Best, shortLength, new(x, Stride * LongChannels, 1), _forward, y, ShortChannels, add: false);

    /// <summary>x[t] = Σ_j y[(t − j) / stride] W_jᵀ over the j for which that is a step of y; for one sample.</summary>
    /// <param name="y">Shape [short length × short channels], with <see cref="Margin"/> rows of zeros before and after.</param>
    /// <param name="x">Shape [<paramref name="longLength"/> × long channels]; rows that no filter saw become zero.</param>
    public void ApplyAdjoint(float* y, int shortLength, float* x, int longLength)
    {
        var rows = shortLength + Margin;
        for (var phase = 0; phase < Stride; phase++)
        {
            MatrixProduct.Run(
                VectorPaths.Best, rows, new(y - Margin * ShortChannels, ShortChannels, 1), _adjoint[phase], x + phase * LongChannels, Stride * LongChannels, add: false);
        }
        new Span<float>(x + (long)rows * Stride * LongChannels, (longLength - rows * Stride) * LongChannels).Clear();
    }

    /// <summary>gradient ← gradient + Σ_u x[stride·u + j] ⊗ y[u] for one sample.</summary>
    public void AddGradient(float* x, float* y, int shortLength, float* gradient)
        => MatrixProduct.Run(
            VectorPaths.Best, Width * LongChannels, ShortChannels, shortLength, new(x, 1, Stride * LongChannels), new(y, ShortChannels, 1), gradient, ShortChannels, add: true);

    /// <summary>Sets the gradient of the weights from all samples, chunk by chunk.</summary>
    public void SetGradient(LayerPass pass, Signal longSide, Signal shortSide)
    {
        var length = Weights.Length;
        var partial = pass.Partial.Room((long)pass.UsedChunks * length);
        pass.ForChunks((chunk, from, to) =>
        {
            var sum = partial + (long)chunk * length;
            new Span<float>(sum, length).Clear();
            for (var sample = from; sample < to; sample++)
            {
                AddGradient(longSide.At(sample), shortSide.At(sample), shortSide.Length, sum);
            }
        });
        Lanes.SumChunks(partial, pass.UsedChunks, length, Weights.Gradient, pass.Threads);
    }
}

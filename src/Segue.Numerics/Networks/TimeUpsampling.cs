namespace Segue.Numerics.Networks;

/// <summary>The reverse of <see cref="TimeConvolution"/> (a transposed convolution): each input step adds a filter of <c>width</c> output steps.</summary>
/// <remarks>The output has (length − 1) · stride + width steps.</remarks>
public sealed class TimeUpsampling : Layer
{
    private readonly TimeFilters _filters;

    /// <param name="width">Steps that a filter writes, a multiple of <paramref name="stride"/>.</param>
    /// <exception cref="ArgumentException">A number is not positive, or the width no multiple of the stride.</exception>
    public TimeUpsampling(int inputChannels, int outputChannels, int width, int stride)
    {
        _filters = new(outputChannels, inputChannels, width, stride);
        Parameters = [_filters.Weights];
    }

    internal override IReadOnlyList<Parameter> Parameters { get; }

    internal override int InputMargin => _filters.Margin;

    internal override SignalShape OutputFor(SignalShape input)
    {
        RequireChannels(_filters.ShortChannels, input);
        return new(_filters.LongLength(input.Length), _filters.LongChannels);
    }

    internal override void Draw(ref SeededRandom random) => _filters.Weights.Draw(_filters.Width / _filters.Stride * _filters.ShortChannels, ref random);

    internal override void Changed() => _filters.PackAdjoint();

    internal override unsafe void Forward(LayerPass pass)
        => pass.ForSamples(sample => _filters.ApplyAdjoint(pass.Input.At(sample), pass.Input.Length, pass.Output.At(sample), pass.Output.Length));

    internal override unsafe void Backward(LayerPass pass)
    {
        _filters.SetGradient(pass, pass.OutputGradient, pass.Input);
        if (pass.InputGradient is { } gradient)
        {
            _filters.PackForward();
            pass.ForSamples(sample => _filters.Apply(pass.OutputGradient.At(sample), gradient.Length, gradient.At(sample)));
        }
    }
}

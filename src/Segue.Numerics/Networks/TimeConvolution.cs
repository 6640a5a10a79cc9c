namespace Segue.Numerics.Networks;

/// <summary>Convolution over time alone: y[u] = Σ_j x[stride·u + j] W_j, without padding and without bias (see <see cref="Bias"/>).</summary>
/// <remarks>2 · width · input channels · output channels operations an output step, and twice as many more for its gradients.</remarks>
public sealed class TimeConvolution : Layer
{
    private readonly TimeFilters _filters;

    /// <param name="width">Steps that a filter sees, a multiple of <paramref name="stride"/>.</param>
    /// <exception cref="ArgumentException">A number is not positive, or the width no multiple of the stride.</exception>
    public TimeConvolution(int inputChannels, int outputChannels, int width, int stride = 1)
    {
        _filters = new(inputChannels, outputChannels, width, stride);
        Parameters = [_filters.Weights];
    }

    internal override IReadOnlyList<Parameter> Parameters { get; }

    internal override int GradientMargin => _filters.Margin;

    internal override SignalShape OutputFor(SignalShape input)
    {
        RequireChannels(_filters.LongChannels, input);
        return new(_filters.ShortLength(input.Length), _filters.ShortChannels);
    }

    internal override void Draw(ref SeededRandom random) => _filters.Weights.Draw(_filters.Width * _filters.LongChannels, ref random);

    internal override void Changed() => _filters.PackForward();

    internal override unsafe void Forward(LayerPass pass)
        => pass.ForSamples(sample => _filters.Apply(pass.Input.At(sample), pass.Output.Length, pass.Output.At(sample)));

    internal override unsafe void Backward(LayerPass pass)
    {
        _filters.SetGradient(pass, pass.Input, pass.OutputGradient);
        if (pass.InputGradient is { } gradient)
        {
            _filters.PackAdjoint();
            pass.ForSamples(sample => _filters.ApplyAdjoint(pass.OutputGradient.At(sample), pass.OutputGradient.Length, gradient.At(sample), gradient.Length));
        }
    }
}

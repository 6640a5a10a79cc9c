using Segue.Numerics.Factors;
using Segue.Numerics.Products;

namespace Segue.Numerics.Networks;

/// <summary>y = x W, over samples of length 1; without bias (see <see cref="Bias"/>).</summary>
/// <remarks>The batch is one product. Threads share its columns, in fixed parts, so no part of a gradient is held twice.</remarks>
public sealed unsafe class Dense : Layer
{
    private const int Part = 256;
    private readonly Parameter _weights;
    private readonly int _inputs, _outputs;

    public Dense(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        (_inputs, _outputs) = (inputs, outputs);
        _weights = new("weights", checked(inputs * outputs));
        Parameters = [_weights];
    }

    internal override IReadOnlyList<Parameter> Parameters { get; }

    internal override SignalShape OutputFor(SignalShape input)
    {
        RequireChannels(_inputs, input);
        return input.Length <= 1 ? new(input.Length, _outputs) : throw new ArgumentException($"A dense layer takes samples of length 1, not {input.Length}.");
    }

    internal override void Draw(ref SeededRandom random) => _weights.Draw(_inputs, ref random);

    internal override void Forward(LayerPass pass) => ForParts(_outputs, pass.Threads, (from, count) => MatrixProduct.Run(
        VectorPaths.Best, pass.Input.Samples, count, _inputs, Rows(pass.Input), new(_weights.Values + from, _outputs, 1), pass.Output.At(0) + from, _outputs, add: false));

    internal override void Backward(LayerPass pass)
    {
        var (samples, dy) = (pass.Input.Samples, pass.OutputGradient);
        var sums = _weights.Gradient;   // here, for it may be made by being asked for
        ForParts(_inputs, pass.Threads, (from, count) => MatrixProduct.Run(
            VectorPaths.Best, count, _outputs, samples, new(pass.Input.At(0) + from, 1, _inputs), Rows(dy),
            sums + (long)from * _outputs, _outputs, add: false));
        if (pass.InputGradient is { } gradient)
        {
            ForParts(_inputs, pass.Threads, (from, count) => MatrixProduct.Run(
                VectorPaths.Best, samples, count, _outputs, Rows(dy), new(_weights.Values + (long)from * _outputs, 1, _outputs),
                gradient.At(0) + from, _inputs, add: false));
        }
    }

    private static Strided Rows(Signal signal) => new(signal.At(0), signal.SampleStep, 1);

    private static void ForParts(int length, int threads, Action<int, int> body)
        => Workers.For((length + Part - 1) / Part, threads, part => body(part * Part, Math.Min(Part, length - part * Part)));
}

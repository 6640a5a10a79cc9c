using System.Numerics;

namespace Segue.Numerics.Networks;

/// <summary>y = x + b, one number a channel; zero at the start.</summary>
public sealed unsafe class Bias : Layer
{
    private readonly Parameter _bias;

    public Bias(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        _bias = new("bias", channels);
        Parameters = [_bias];
    }

    internal override IReadOnlyList<Parameter> Parameters { get; }

    internal override SignalShape OutputFor(SignalShape input)
    {
        RequireChannels(_bias.Length, input);
        return input;
    }

    internal override void Forward(LayerPass pass) => pass.ForSamples(sample =>
    {
        float* x = pass.Input.At(sample), y = pass.Output.At(sample);
        for (var t = 0; t < pass.Output.Length; t++, x += _bias.Length, y += _bias.Length)
        {
            new ReadOnlySpan<float>(x, _bias.Length).CopyTo(new(y, _bias.Length));
            Lanes.Add(y, _bias.Values, _bias.Length);
        }
    });

    internal override void Backward(LayerPass pass)
    {
        var channels = _bias.Length;
        var partial = pass.Partial.Room(LayerPass.Chunks * channels);
        pass.ForChunks((chunk, from, to) =>
        {
            var sum = partial + chunk * channels;
            new Span<float>(sum, channels).Clear();
            for (var sample = from; sample < to; sample++)
            {
                var dy = pass.OutputGradient.At(sample);
                for (var t = 0; t < pass.Output.Length; t++)
                {
                    Lanes.Add(sum, dy + (long)t * channels, channels);
                }
                if (pass.InputGradient is { } gradient)
                {
                    pass.OutputGradient.Sample(sample).CopyTo(gradient.Sample(sample));
                }
            }
        });
        Lanes.SumChunks(partial, pass.UsedChunks, channels, _bias.Gradient, threads: 1);
    }
}

/// <summary>y = max(0, x).</summary>
public sealed unsafe class Relu : Layer
{
    internal override SignalShape OutputFor(SignalShape input) => input;

    internal override void Forward(LayerPass pass) => pass.ForSamples(sample =>
    {
        float* x = pass.Input.At(sample), y = pass.Output.At(sample);
        var i = 0;
        for (; i <= pass.Output.SampleSize - Lanes.Width; i += Lanes.Width)
        {
            Vector.Max(Lanes.Load(x + i), Vector<float>.Zero).Store(y + i);
        }
        for (; i < pass.Output.SampleSize; i++)
        {
            y[i] = Math.Max(x[i], 0);
        }
    });

    internal override void Backward(LayerPass pass) => pass.ForSamples(sample =>
    {
        if (pass.InputGradient is not { } gradient)
        {
            return;
        }
        float* y = pass.Output.At(sample), dy = pass.OutputGradient.At(sample), dx = gradient.At(sample);
        var i = 0;
        for (; i <= pass.Output.SampleSize - Lanes.Width; i += Lanes.Width)
        {
            Vector.ConditionalSelect(Vector.GreaterThan(Lanes.Load(y + i), Vector<float>.Zero), Lanes.Load(dy + i), Vector<float>.Zero).Store(dx + i);
        }
        for (; i < pass.Output.SampleSize; i++)
        {
            dx[i] = y[i] > 0 ? dy[i] : 0;
        }
    });
}

using Segue.Numerics.Memory;

namespace Segue.Numerics.Networks;

/// <summary>The memory of one batch on its way through a network: what each layer gave, and in training the gradients.</summary>
internal sealed class NetworkPass
{
    private readonly Layer[] _layers;
    private readonly LayerPass[] _passes;

    public NetworkPass(Layer[] layers)
    {
        _layers = layers;
        _passes = new LayerPass[layers.Length];
        var partial = new FloatMemory();
        for (var n = 0; n < layers.Length; n++)
        {
            _passes[n] = new() { Input = n == 0 ? Input : _passes[n - 1].Output, InputGradient = n == 0 ? null : _passes[n - 1].OutputGradient, Partial = partial };
        }
    }

    public IReadOnlyList<LayerPass> Passes => _passes;
    public Signal Input { get; } = new();
    public Signal Output => _passes[^1].Output;
    public Signal OutputGradient => _passes[^1].OutputGradient;

    /// <summary>Takes a batch in.</summary>
    public void Begin(ReadOnlySpan<float> input, int samples, SignalShape shape)
    {
        Input.Shape(samples, shape, _layers[0].InputMargin);
        for (var sample = 0; sample < samples; sample++)
        {
            input.Slice(sample * Input.SampleSize, Input.SampleSize).CopyTo(Input.Sample(sample));
        }
    }

    /// <param name="seed">Of the batch's chance; used in training.</param>
    public void Forward(bool training, ulong seed, int threads)
    {
        for (var n = 0; n < _layers.Length; n++)
        {
            var (layer, pass) = (_layers[n], _passes[n]);
            var shape = layer.OutputFor(new(pass.Input.Length, pass.Input.Channels));
            pass.Output.Shape(pass.Input.Samples, shape, n + 1 < _layers.Length ? _layers[n + 1].InputMargin : 0);
            if (training)
            {
                pass.OutputGradient.Shape(pass.Input.Samples, shape, layer.GradientMargin);
            }
            (pass.Training, pass.Threads, pass.Seed) = (training, threads, SeededRandom.Mix(seed + (ulong)n));
            layer.Forward(pass);
        }
    }

    public void Backward()
    {
        for (var n = _layers.Length - 1; n >= 0; n--)
        {
            _layers[n].Backward(_passes[n]);
        }
    }
}

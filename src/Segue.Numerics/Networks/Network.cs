using System.Collections.Concurrent;

namespace Segue.Numerics.Networks;

/// <summary>Layers one after another, and the way to train them.</summary>
/// <remarks>
/// A training step is <see cref="Forward"/>, a loss that fills <see cref="OutputGradient"/>, and <see cref="Step"/>. Batches are cut into fixed chunks
/// whose sums are added in order: the same bytes for any number of threads. <see cref="Infer"/> may be called by many at once while nobody trains or
/// restores. In training, memory holds each layer's output and gradient for the batch, and weights five times: themselves, as laid out for
/// products, gradient, two moments.
/// </remarks>
public sealed unsafe class Network
{
    private const int InferredTogether = 8;
    private readonly Layer[] _layers;
    private readonly ulong _seed;
    private readonly ConcurrentBag<NetworkPass> _passes = [];

    /// <param name="layers">At least one; a layer may be part of several networks, of which the one made last with a seed draws its weights.</param>
    /// <param name="seed">Of the weights and of dropout; null leaves the layers as they are.</param>
    public Network(IEnumerable<Layer> layers, ulong? seed)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = [.. layers];
        ArgumentOutOfRangeException.ThrowIfZero(_layers.Length, nameof(layers));
        NamedParameters = [.. _layers.SelectMany((layer, n) => layer.Parameters.Select(parameter => ($"{n:00}.{layer.GetType().Name}.{parameter.Name}", parameter)))];
        State = new(this);
        _seed = seed ?? 0;
        for (var n = 0; n < _layers.Length && seed is not null; n++)
        {
            var random = new SeededRandom(_seed, (ulong)n);
            _layers[n].Draw(ref random);
            _layers[n].Changed();
        }
    }

    public NetworkState State { get; }

    /// <summary>Steps of training done.</summary>
    public long Steps { get; private set; }

    /// <summary>Numbers that are learnt.</summary>
    public long Weights => NamedParameters.Where(named => named.Parameter.Learnt).Sum(named => (long)named.Parameter.Length);

    /// <summary>Shape [samples × length × channels]; to be filled between <see cref="Forward"/> and <see cref="Step"/> with the derivative of the loss by each output.</summary>
    public Signal OutputGradient => (Training ?? throw new InvalidOperationException("No batch was given yet.")).OutputGradient;

    internal IReadOnlyList<(string Name, Parameter Parameter)> NamedParameters { get; }

    /// <summary>Shape of the output for a sample; a length below 1 means that the sample is too short.</summary>
    /// <exception cref="ArgumentException">The channels do not fit.</exception>
    public SignalShape OutputFor(SignalShape input) => _layers.Aggregate(input, (shape, layer) => layer.OutputFor(shape));

    /// <summary>The network's answers in inference.</summary>
    /// <param name="input">Shape [samples × shape].</param>
    /// <param name="output">Receives [samples × output shape].</param>
    /// <param name="threads">Memory grows with them: each has the layers' outputs for eight samples.</param>
    /// <exception cref="ArgumentException">A length does not fit, or samples are too short.</exception>
    public void Infer(ReadOnlySpan<float> input, int samples, SignalShape shape, Span<float> output, int threads)
    {
        var result = Require(input, samples, shape);
        var (inputSize, outputSize) = (shape.Length * shape.Channels, result.Length * result.Channels);
        Numerics.Shape.RequireSame(checked(samples * outputSize), output.Length);
        fixed (float* firstInput = input, firstOutput = output)
        {
            float* from = firstInput, to = firstOutput;
            Workers.For((samples + InferredTogether - 1) / InferredTogether, threads, block =>
            {
                var first = block * InferredTogether;
                var count = Math.Min(InferredTogether, samples - first);
                var pass = _passes.TryTake(out var waiting) ? waiting : new(_layers);
                pass.Begin(new(from + (long)first * inputSize, count * inputSize), count, shape);
                pass.Forward(training: false, seed: 0, threads: 1);
                pass.Output.AsSpan().CopyTo(new(to + (long)first * outputSize, count * outputSize));
                _passes.Add(pass);
            });
        }
        GC.KeepAlive(this);   // whose memory is looked at by pointers
    }

    /// <summary>Begins a training step: the outputs of a batch, valid until the next.</summary>
    /// <param name="input">Shape [samples × shape]; copied.</param>
    /// <exception cref="ArgumentException">A length does not fit, samples are too short, or there are none.</exception>
    public Signal Forward(ReadOnlySpan<float> input, int samples, SignalShape shape, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Require(input, samples, shape);
        Training ??= new(_layers);
        Training.Begin(input, samples, shape);
        Training.Forward(training: true, SeededRandom.Mix(_seed ^ SeededRandom.Mix((ulong)Steps + 1)), threads);
        return Training.Output;
    }

    /// <summary>Ends a training step: gradients backward from <see cref="OutputGradient"/>, and one step of Adam.</summary>
    /// <param name="rate">Learning rate, positive.</param>
    public void Step(float rate, int threads)
    {
        Backward();
        Steps++;
        foreach (var (_, parameter) in NamedParameters.Where(named => named.Parameter.Learnt))
        {
            Adam.Step(parameter, Steps, rate, threads);
        }
        ParametersChanged();
    }

    /// <summary>The batch in training; null before the first.</summary>
    internal NetworkPass? Training { get; private set; }

    internal void Backward() => (Training ?? throw new InvalidOperationException("No batch was given yet.")).Backward();

    internal void Restored(long steps)
    {
        Steps = steps;
        ParametersChanged();
    }

    internal void ParametersChanged()
    {
        foreach (var layer in _layers)
        {
            layer.Changed();
        }
        GC.KeepAlive(this);
    }

    private SignalShape Require(ReadOnlySpan<float> input, int samples, SignalShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        var expected = (long)samples * shape.Length * shape.Channels;
        if (input.Length != expected)
        {
            throw new ArgumentException($"{samples} samples of {shape.Length} × {shape.Channels} are {expected} values; there are {input.Length}.", nameof(input));
        }
        var result = OutputFor(shape);
        return result.Length >= 1 ? result : throw new ArgumentException($"Samples of {shape.Length} steps are too short for this network.", nameof(shape));
    }
}

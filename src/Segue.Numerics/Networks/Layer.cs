using Segue.Numerics.Memory;

namespace Segue.Numerics.Networks;

/// <summary>One step of a network. It holds what is learnt; what a batch leaves behind lies in the pass, so that passes may run beside each other.</summary>
public abstract class Layer
{
    private protected Layer()
    {
    }

    /// <summary>All numbers that a model file keeps, in order.</summary>
    internal virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Rows of zeros that the layer needs around each sample of its input.</summary>
    internal virtual int InputMargin => 0;

    /// <summary>Rows of zeros that the layer needs around each sample of the gradient of its output.</summary>
    internal virtual int GradientMargin => 0;

    /// <summary>Shape of the output for an input; a length below 1 means that the input is too short.</summary>
    /// <exception cref="ArgumentException">The layer takes another number of channels.</exception>
    internal abstract SignalShape OutputFor(SignalShape input);

    /// <summary>Draws the weights anew.</summary>
    internal virtual void Draw(ref SeededRandom random)
    {
    }

    /// <summary>Called after each change of the parameters.</summary>
    internal virtual void Changed()
    {
    }

    /// <summary>Writes <see cref="LayerPass.Output"/>.</summary>
    internal abstract void Forward(LayerPass pass);

    /// <summary>From <see cref="LayerPass.OutputGradient"/>: sets the gradients of the parameters, and writes <see cref="LayerPass.InputGradient"/> where there is one.</summary>
    internal abstract void Backward(LayerPass pass);

    private protected static void RequireChannels(int expected, SignalShape input)
    {
        if (input.Channels != expected)
        {
            throw new ArgumentException($"A layer of {expected} input channels was given {input.Channels}.");
        }
    }
}

/// <summary>One layer's part in the pass of a batch.</summary>
internal sealed class LayerPass
{
    /// <summary>Pieces that a batch is cut into; what they sum is added in their order, whatever the number of threads.</summary>
    public const int Chunks = 8;

    public required Signal Input { get; init; }
    public Signal Output { get; } = new();
    public Signal OutputGradient { get; } = new();

    /// <summary>Null for the first layer: nobody asks for the gradient of what came from outside.</summary>
    public required Signal? InputGradient { get; init; }

    /// <summary>What the layer keeps between forward and backward.</summary>
    public FloatMemory Kept { get; } = new();

    /// <summary>Sums by chunk, within one backward call; all layers share it.</summary>
    public required FloatMemory Partial { get; init; }

    public bool Training { get; set; }
    public int Threads { get; set; }

    /// <summary>Seed of this batch's chance.</summary>
    public ulong Seed { get; set; }

    /// <summary>Calls <paramref name="body"/> for each chunk of the batch that has samples: chunk, first sample, sample after the last.</summary>
    public void ForChunks(Action<int, int, int> body)
        => Workers.For(UsedChunks, Threads, chunk => body(chunk, From(chunk), From(chunk + 1)));

    public int UsedChunks => Math.Min(Chunks, Input.Samples);

    /// <summary>Calls <paramref name="body"/> for each sample.</summary>
    public void ForSamples(Action<int> body) => Workers.For(Input.Samples, Threads, body);

    private int From(int chunk) => (int)((long)Input.Samples * chunk / UsedChunks);
}

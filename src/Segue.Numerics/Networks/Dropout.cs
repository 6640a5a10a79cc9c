namespace Segue.Numerics.Networks;

/// <summary>In training, leaves out each value with a probability and scales up the others; in inference, changes nothing (Srivastava et al., JMLR 2014).</summary>
/// <remarks>What is left out follows from the network's seed, the step, the layer and the sample: the same for any number of threads, and after a resume.</remarks>
public sealed unsafe class Dropout : Layer
{
    private readonly double _share;

    /// <param name="share">Probability to be left out, in [0, 1).</param>
    public Dropout(double share)
    {
        if (!(share is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share that is left out lies in [0, 1).");
        }
        _share = share;
    }

    internal override SignalShape OutputFor(SignalShape input) => input;

    internal override void Forward(LayerPass pass)
    {
        var size = pass.Output.SampleSize;
        var factors = pass.Kept.Room(pass.Training ? (long)pass.Output.Samples * size : 0);
        pass.ForSamples(sample =>
        {
            if (!pass.Training || _share == 0)
            {
                pass.Input.Sample(sample).CopyTo(pass.Output.Sample(sample));
                return;
            }
            var random = new SeededRandom(pass.Seed, (ulong)sample);
            float* x = pass.Input.At(sample), y = pass.Output.At(sample), factor = factors + (long)sample * size;
            for (var i = 0; i < size; i++)
            {
                factor[i] = random.NextBool(_share) ? 0 : (float)(1 / (1 - _share));
                y[i] = x[i] * factor[i];
            }
        });
    }

    internal override void Backward(LayerPass pass) => pass.ForSamples(sample =>
    {
        if (pass.InputGradient is not { } gradient)
        {
            return;
        }
        if (_share == 0)
        {
            pass.OutputGradient.Sample(sample).CopyTo(gradient.Sample(sample));
            return;
        }
        var size = pass.Output.SampleSize;
        float* dx = gradient.At(sample), dy = pass.OutputGradient.At(sample), factor = pass.Kept.Start + (long)sample * size;
        for (var i = 0; i < size; i++)
        {
            dx[i] = dy[i] * factor[i];
        }
    });
}

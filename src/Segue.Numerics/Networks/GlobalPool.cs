namespace Segue.Numerics.Networks;

/// <summary>What all steps of a channel come to: its mean, its greatest, and its root mean square, in [3 × channels] values of one step.</summary>
/// <remarks>The pooling of Dieleman, "Recommending music on Spotify with deep learning", 2014, with the L2 norm divided by √length, so that it does not
/// grow with the length of a crop.</remarks>
public sealed unsafe class GlobalPool : Layer
{
    private const float Epsilon = 1e-8f;   // keeps the gradient of the root finite where all is zero

    internal override SignalShape OutputFor(SignalShape input) => new(Math.Min(input.Length, 1), 3 * input.Channels);

    internal override void Forward(LayerPass pass)
    {
        var (length, channels) = (pass.Input.Length, pass.Input.Channels);
        var taken = (int*)pass.Kept.Room((long)pass.Input.Samples * channels);
        pass.ForSamples(sample =>
        {
            float* x = pass.Input.At(sample), y = pass.Output.At(sample), most = y + channels, squares = most + channels;
            var places = taken + (long)sample * channels;
            new Span<float>(y, 3 * channels).Clear();
            new Span<int>(places, channels).Clear();
            new ReadOnlySpan<float>(x, channels).CopyTo(new(most, channels));
            for (var t = 0; t < length; t++)
            {
                var row = x + (long)t * channels;
                Lanes.Add(y, row, channels);
                Lanes.AddProduct(squares, row, row, channels);
                for (var c = 0; c < channels; c++)
                {
                    if (row[c] > most[c])
                    {
                        (most[c], places[c]) = (row[c], t);
                    }
                }
            }
            for (var c = 0; c < channels; c++)
            {
                (y[c], squares[c]) = (y[c] / length, MathF.Sqrt(squares[c] / length + Epsilon));
            }
        });
    }

    internal override void Backward(LayerPass pass) => pass.ForSamples(sample =>
    {
        if (pass.InputGradient is not { } gradient)
        {
            return;
        }
        var (length, channels) = (pass.Input.Length, pass.Input.Channels);
        float* x = pass.Input.At(sample), root = pass.Output.At(sample) + 2 * channels, dy = pass.OutputGradient.At(sample), dx = gradient.At(sample);
        var places = (int*)pass.Kept.Start + (long)sample * channels;
        for (var t = 0; t < length; t++)
        {
            for (var c = 0; c < channels; c++)
            {
                var at = t * channels + c;
                dx[at] = (dy[c] + dy[2 * channels + c] * x[at] / root[c]) / length + (places[c] == t ? dy[channels + c] : 0);
            }
        }
    });
}

/// <summary>Mean and standard deviation of all steps of a channel, in [2 × channels] values of one step.</summary>
public sealed unsafe class MomentPool : Layer
{
    private const float Epsilon = 1e-8f;

    internal override SignalShape OutputFor(SignalShape input) => new(Math.Min(input.Length, 1), 2 * input.Channels);

    internal override void Forward(LayerPass pass) => pass.ForSamples(sample =>
    {
        var (length, channels) = (pass.Input.Length, pass.Input.Channels);
        float* x = pass.Input.At(sample), mean = pass.Output.At(sample), deviation = mean + channels;
        for (var c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0;
            for (var t = 0; t < length; t++)
            {
                var value = x[t * channels + c];
                (sum, squares) = (sum + value, squares + (double)value * value);
            }
            mean[c] = (float)(sum / length);
            deviation[c] = (float)Math.Sqrt(Math.Max(0, squares / length - sum / length * (sum / length)) + Epsilon);
        }
    });

    internal override void Backward(LayerPass pass) => pass.ForSamples(sample =>
    {
        if (pass.InputGradient is not { } gradient)
        {
            return;
        }
        var (length, channels) = (pass.Input.Length, pass.Input.Channels);
        float* x = pass.Input.At(sample), mean = pass.Output.At(sample), deviation = mean + channels, dy = pass.OutputGradient.At(sample), dx = gradient.At(sample);
        for (var t = 0; t < length; t++)
        {
            for (var c = 0; c < channels; c++)
            {
                var at = t * channels + c;
                dx[at] = (dy[c] + dy[channels + c] * (x[at] - mean[c]) / deviation[c]) / length;
            }
        }
    });
}

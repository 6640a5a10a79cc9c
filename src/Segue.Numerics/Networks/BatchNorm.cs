namespace Segue.Numerics.Networks;

/// <summary>Brings each channel to mean 0 and deviation 1 over the batch and time, then scales and shifts it by what is learnt.</summary>
/// <remarks>
/// y = γ (x − μ) / √(σ² + ε) + β; Ioffe and Szegedy, ICML 2015. In training μ and σ² are the batch's, and running values follow them by a tenth each
/// batch (the variance as the unbiased estimate); inference uses the running values. Sums are float32 within a sample, float64 over samples, by chunk.
/// </remarks>
public sealed unsafe class BatchNorm : Layer
{
    private const double Momentum = 0.1, Epsilon = 1e-5;
    private readonly int _channels;
    private readonly Parameter _scale, _shift, _mean, _variance;

    public BatchNorm(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        _channels = channels;
        (_scale, _shift) = (new("scale", channels), new("shift", channels));
        (_mean, _variance) = (new("running-mean", channels, learnt: false), new("running-variance", channels, learnt: false));
        Parameters = [_scale, _shift, _mean, _variance];
        _scale.Span.Fill(1);
        _variance.Span.Fill(1);
    }

    internal override IReadOnlyList<Parameter> Parameters { get; }

    internal override SignalShape OutputFor(SignalShape input)
    {
        RequireChannels(_channels, input);
        return input;
    }

    /// <remarks>Keeps [4 × channels]: mean, 1 / deviation, and what x is multiplied by and shifted by.</remarks>
    internal override void Forward(LayerPass pass)
    {
        var kept = pass.Kept.Room(4L * _channels);
        if (pass.Training)
        {
            Measure(pass, kept);
        }
        for (var c = 0; c < _channels; c++)
        {
            if (!pass.Training)
            {
                (kept[c], kept[_channels + c]) = (_mean.Values[c], (float)(1 / Math.Sqrt(_variance.Values[c] + Epsilon)));
            }
            kept[2 * _channels + c] = _scale.Values[c] * kept[_channels + c];
            kept[3 * _channels + c] = _shift.Values[c] - kept[c] * kept[2 * _channels + c];
        }
        float* factor = kept + 2 * _channels, shift = kept + 3 * _channels;
        pass.ForSamples(sample =>
        {
            float* x = pass.Input.At(sample), y = pass.Output.At(sample);
            for (var t = 0; t < pass.Output.Length; t++, x += _channels, y += _channels)
            {
                new ReadOnlySpan<float>(shift, _channels).CopyTo(new(y, _channels));
                Lanes.AddProduct(y, x, factor, _channels);
            }
        });
    }

    /// <remarks>dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)), with x̂ the input at mean 0 and deviation 1; so dx = a·dy + b·x + c by channel.</remarks>
    internal override void Backward(LayerPass pass)
    {
        float* mean = pass.Kept.Start, inverse = mean + _channels;
        var sums = Sum(pass, pass.OutputGradient, mean);
        var count = (double)pass.Input.Samples * pass.Input.Length;
        var line = pass.Partial.Room(3L * _channels);
        for (var c = 0; c < _channels; c++)
        {
            var (dy, along) = (sums[c], sums[_channels + c] * inverse[c]);
            _shift.Gradient[c] = (float)dy;
            _scale.Gradient[c] = (float)along;
            var factor = (double)_scale.Values[c] * inverse[c];
            line[c] = (float)factor;
            line[_channels + c] = (float)(-factor * inverse[c] * along / count);
            line[2 * _channels + c] = (float)(-factor * (dy / count - inverse[c] * mean[c] * along / count));
        }
        if (pass.InputGradient is { } gradient)
        {
            pass.ForSamples(sample =>
            {
                float* x = pass.Input.At(sample), dy = pass.OutputGradient.At(sample), dx = gradient.At(sample);
                for (var t = 0; t < pass.Input.Length; t++, x += _channels, dy += _channels, dx += _channels)
                {
                    new ReadOnlySpan<float>(line + 2 * _channels, _channels).CopyTo(new(dx, _channels));
                    Lanes.AddProduct(dx, dy, line, _channels);
                    Lanes.AddProduct(dx, x, line + _channels, _channels);
                }
            });
        }
    }

    private void Measure(LayerPass pass, float* kept)
    {
        var count = (double)pass.Input.Samples * pass.Input.Length;
        var first = pass.Input.At(0);   // sums of differences to some value lose nothing where the mean is large
        var sums = Sum(pass, null, first);
        for (var c = 0; c < _channels; c++)
        {
            var offset = sums[c] / count;
            var variance = Math.Max(0, sums[_channels + c] / count - offset * offset);
            var mean = first[c] + offset;
            (kept[c], kept[_channels + c]) = ((float)mean, (float)(1 / Math.Sqrt(variance + Epsilon)));
            _mean.Values[c] = (float)((1 - Momentum) * _mean.Values[c] + Momentum * mean);
            _variance.Values[c] = (float)((1 - Momentum) * _variance.Values[c] + Momentum * variance * count / Math.Max(1, count - 1));
        }
    }

    // By channel, Σ w and then Σ w (x − offset), with x − offset where there are no weights w.
    private double[] Sum(LayerPass pass, Signal? weights, float* offset)
    {
        var partial = new double[LayerPass.Chunks][];
        pass.ForChunks((chunk, from, to) =>
        {
            var (sums, ofSample) = (new double[2 * _channels], new float[2 * _channels]);
            fixed (float* sum = ofSample)
            {
                for (var sample = from; sample < to; sample++)
                {
                    Array.Clear(ofSample);
                    for (var t = 0; t < pass.Input.Length; t++)
                    {
                        var w = weights is null ? null : weights.At(sample) + (long)t * _channels;
                        Lanes.AddMoments(w, pass.Input.At(sample) + (long)t * _channels, offset, sum, sum + _channels, _channels);
                    }
                    for (var n = 0; n < sums.Length; n++)
                    {
                        sums[n] += ofSample[n];
                    }
                }
            }
            partial[chunk] = sums;
        });
        for (var chunk = 1; chunk < pass.UsedChunks; chunk++)
        {
            for (var n = 0; n < partial[0].Length; n++)
            {
                partial[0][n] += partial[chunk][n];
            }
        }
        return partial[0];
    }
}

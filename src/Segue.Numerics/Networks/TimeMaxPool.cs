using System.Numerics;

namespace Segue.Numerics.Networks;

/// <summary>The greatest of each <c>width</c> consecutive steps, by channel; steps at the end that fill no group are left out.</summary>
/// <remarks>Of equal values the first is taken. The gradient goes to the one taken.</remarks>
public sealed unsafe class TimeMaxPool : Layer
{
    private readonly int _width;

    public TimeMaxPool(int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        _width = width;
    }

    internal override SignalShape OutputFor(SignalShape input) => input with { Length = input.Length / _width };

    internal override void Forward(LayerPass pass)
    {
        var (length, channels) = (pass.Output.Length, pass.Output.Channels);
        var taken = (int*)pass.Kept.Room(pass.Training ? (long)pass.Output.Samples * pass.Output.SampleSize : 0);   // inference keeps no places
        pass.ForSamples(sample =>
        {
            float* x = pass.Input.At(sample), y = pass.Output.At(sample);
            for (var t = 0; t < length; t++)
            {
                Take(x + (long)t * _width * channels, channels, y + (long)t * channels, pass.Training ? taken + ((long)sample * length + t) * channels : null);
            }
        });
    }

    internal override void Backward(LayerPass pass)
    {
        if (pass.InputGradient is not { } gradient)
        {
            return;
        }
        var (length, channels) = (pass.Output.Length, pass.Output.Channels);
        var taken = (int*)pass.Kept.Start;
        pass.ForSamples(sample =>
        {
            float* dx = gradient.At(sample), dy = pass.OutputGradient.At(sample);
            for (var t = 0; t < length; t++)
            {
                Spread(dy + (long)t * channels, taken + ((long)sample * length + t) * channels, channels, dx + (long)t * _width * channels);
            }
            var used = length * _width;
            new Span<float>(dx + (long)used * channels, (gradient.Length - used) * channels).Clear();
        });
    }

    private void Take(float* x, int channels, float* y, int* taken)
    {
        var c = 0;
        for (; c <= channels - Lanes.Width; c += Lanes.Width)
        {
            var (most, place) = (Lanes.Load(x + c), Vector<int>.Zero);
            for (var j = 1; j < _width; j++)
            {
                var value = Lanes.Load(x + (long)j * channels + c);
                var more = Vector.GreaterThan(value, most);
                most = Vector.ConditionalSelect(more, value, most);
                place = Vector.ConditionalSelect(more, new Vector<int>(j), place);
            }
            most.Store(y + c);
            if (taken is not null)
            {
                place.Store(taken + c);
            }
        }
        for (; c < channels; c++)
        {
            var place = 0;
            for (var j = 1; j < _width; j++)
            {
                place = x[(long)j * channels + c] > x[(long)place * channels + c] ? j : place;
            }
            y[c] = x[(long)place * channels + c];
            if (taken is not null)
            {
                taken[c] = place;
            }
        }
    }

    private void Spread(float* dy, int* taken, int channels, float* dx)
    {
        var c = 0;
        for (; c <= channels - Lanes.Width; c += Lanes.Width)
        {
            var (value, place) = (Lanes.Load(dy + c), Vector.Load(taken + c));
            for (var j = 0; j < _width; j++)
            {
                Vector.ConditionalSelect(Vector.Equals(place, new Vector<int>(j)), value, Vector<float>.Zero).Store(dx + (long)j * channels + c);
            }
        }
        for (; c < channels; c++)
        {
            for (var j = 0; j < _width; j++)
            {
                dx[(long)j * channels + c] = taken[c] == j ? dy[c] : 0;
            }
        }
    }
}

using Segue.Numerics.Networks;

namespace Segue.Numerics.Tests.Networks;

/// <summary>Each layer's gradients against finite differences of a loss Σ r·y with fixed random r.</summary>
public sealed unsafe class GradientTests
{
    public static TheoryData<string> Names { get; } =
    [
        "convolution", "narrow convolution", "strided convolution", "convolution of one step", "upsampling", "upsampling of threes", "pool", "pool of one",
        "bias", "relu", "dense", "norm", "norm of one step", "global pool", "moments", "unit length", "dropout", "network", "autoencoder",
    ];

    private static (Layer[] Layers, SignalShape Shape, int Samples) Create(string name) => name switch
    {
        "convolution" => ([new TimeConvolution(5, 7, 4)], new(13, 5), 3),
        "narrow convolution" => ([new TimeConvolution(1, 1, 2)], new(2, 1), 1),
        "strided convolution" => ([new TimeConvolution(3, 9, 4, stride: 2)], new(15, 3), 3),
        "convolution of one step" => ([new TimeConvolution(3, 4, 1)], new(5, 3), 2),
        "upsampling" => ([new TimeUpsampling(5, 3, 4, stride: 2)], new(4, 5), 3),
        "upsampling of threes" => ([new TimeUpsampling(2, 9, 6, stride: 3)], new(1, 2), 2),
        "pool" => ([new TimeMaxPool(3)], new(11, 19), 3),
        "pool of one" => ([new TimeMaxPool(1)], new(4, 3), 2),
        "bias" => ([new Bias(9)], new(4, 9), 11),
        "relu" => ([new Relu()], new(4, 9), 3),
        "dense" => ([new Dense(300, 11)], new(1, 300), 5),
        "norm" => ([new BatchNorm(11)], new(6, 11), 9),
        "norm of one step" => ([new BatchNorm(3)], new(1, 3), 4),
        "global pool" => ([new GlobalPool()], new(6, 9), 3),
        "moments" => ([new MomentPool()], new(6, 9), 3),
        "unit length" => ([new UnitLength()], new(1, 9), 3),
        "dropout" => ([new Dropout(0.4)], new(2, 30), 3),
        "network" => (
            [
                new TimeConvolution(4, 6, 4), new TimeMaxPool(2), new BatchNorm(6), new Relu(), new TimeConvolution(6, 5, 2), new Bias(5), new Relu(),
                new GlobalPool(), new Dense(15, 8), new Bias(8), new Relu(), new Dropout(0.2), new Dense(8, 4), new UnitLength(),
            ],
            new(17, 4), 5),
        _ => (
            [
                new TimeConvolution(4, 6, 4, stride: 2), new Bias(6), new Relu(), new TimeConvolution(6, 3, 4, stride: 2), new Bias(3),
                new TimeUpsampling(3, 6, 4, stride: 2), new Bias(6), new Relu(), new TimeUpsampling(6, 4, 4, stride: 2), new Bias(4),
            ],
            new(19, 4), 3),
    };

    /// <remarks>(L(x + h) − L(x − h)) / 2h with h = 2⁻⁹; the tolerance is 6·10⁻³ of the largest derivative of the same kind, for outputs are float32. Places
    /// where the differences to both sides are not one, for a maximum or a rectifier changes within ±h, are left out; they may be half.</remarks>
    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        var (layers, shape, samples) = Create(name);
        var world = new World(layers, shape, samples);
        world.Backward();

        foreach (var (parameterName, parameter) in world.Network.NamedParameters.Where(named => named.Parameter.Learnt))
        {
            var gradient = parameter.GradientSpan.ToArray();
            world.Compare(parameterName, new Span<float>(parameter.Values, parameter.Length), gradient);
        }
        world.Compare("input", world.Input, world.InputGradient());
    }

    [Fact]
    public void A_gradient_off_by_a_twentieth_is_found()
    {
        var world = new World([new Dense(3, 2)], new(1, 3), 2);
        world.Backward();
        var gradient = world.InputGradient();
        gradient[Array.FindIndex(gradient, value => MathF.Abs(value) == gradient.Max(MathF.Abs))] *= 1.05f;

        Assert.ThrowsAny<Exception>(() => world.Compare("input", world.Input, gradient));
    }

    private sealed class World
    {
        private readonly int _samples;
        private readonly SignalShape _shape;
        private readonly float[] _weights;

        public World(Layer[] layers, SignalShape shape, int samples)
        {
            (_shape, _samples) = (shape, samples);
            Network = new([new Dropout(0), .. layers], 5);   // a layer in front that changes nothing, so that the first is asked for its input's gradient
            var random = new SeededRandom(7);
            Input = Draw(ref random, samples * shape.Length * shape.Channels);
            foreach (var (_, parameter) in Network.NamedParameters.Where(named => named.Parameter.Learnt))
            {
                foreach (ref var value in parameter.Span)
                {
                    value = value == 0 ? (float)random.NextNormal() / 3 : value;   // biases too
                }
            }
            Network.ParametersChanged();
            var result = Network.OutputFor(shape);
            _weights = Draw(ref random, samples * result.Length * result.Channels);
        }

        public Network Network { get; }
        public float[] Input { get; }

        public void Backward()
        {
            Loss();
            var size = Network.OutputGradient.SampleSize;
            for (var sample = 0; sample < _samples; sample++)
            {
                _weights.AsSpan(sample * size, size).CopyTo(Network.OutputGradient.Sample(sample));
            }
            Network.Backward();
        }

        public float[] InputGradient()
        {
            var gradient = Network.Training!.Passes[0].OutputGradient;
            return [.. Enumerable.Range(0, _samples).SelectMany(sample => gradient.Sample(sample).ToArray())];
        }

        public void Compare(string name, Span<float> values, float[] gradient)
        {
            const float H = 1f / 512;
            var (here, largest, every) = (Loss(), gradient.Max(MathF.Abs), Math.Max(1, values.Length / 150));
            var (looked, compared) = (0, 0);
            var wrong = new List<string>();
            for (var i = 0; i < values.Length; i += every, looked++)
            {
                double up = Moved(values, i, H) - here, down = here - Moved(values, i, -H);
                if (Math.Abs(up - down) <= 1e-2 * largest * H)
                {
                    compared++;
                    var difference = (up + down) / (2 * H);
                    if (Math.Abs(difference - gradient[i]) > 6e-3 * largest)
                    {
                        wrong.Add($"{name}[{i}]: {gradient[i]} instead of {difference}");
                    }
                }
            }
            Network.ParametersChanged();
            Assert.Empty(wrong);
            Assert.True(compared >= 0.5 * looked, $"{name}: {compared} of {looked} compared");
        }

        private double Moved(Span<float> values, int i, float by)
        {
            var value = values[i];
            values[i] = value + by;
            Network.ParametersChanged();
            var loss = Loss();
            values[i] = value;
            return loss;
        }

        private double Loss()
        {
            var output = Network.Forward(Input, _samples, _shape, threads: 1).AsSpan();
            double sum = 0;
            for (var i = 0; i < output.Length; i++)
            {
                sum += (double)output[i] * _weights[i];
            }
            return sum;
        }

        private static float[] Draw(ref SeededRandom random, int count)
        {
            var values = new float[count];
            foreach (ref var value in values.AsSpan())
            {
                value = (float)random.NextNormal();
            }
            return values;
        }
    }
}

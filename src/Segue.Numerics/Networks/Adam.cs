using System.Numerics;

namespace Segue.Numerics.Networks;

/// <summary>Steps of Adam (Kingma and Ba, ICLR 2015) with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.</summary>
internal static unsafe class Adam
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;
    private const int Block = 1 << 14;

    /// <param name="step">Steps so far, this one included; 1 or more.</param>
    public static void Step(Parameter parameter, long step, float rate, int threads)
    {
        var size = (float)(rate / (1 - Math.Pow(Beta1, step)));
        var root = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step)));
        float* values = parameter.Values, gradient = parameter.Gradient, first = parameter.FirstMoment, second = parameter.SecondMoment;
        Workers.For((parameter.Length + Block - 1) / Block, threads, block =>
        {
            var from = block * Block;
            Step(values + from, gradient + from, first + from, second + from, Math.Min(Block, parameter.Length - from), size, root);
        });
    }

    private static void Step(float* values, float* gradient, float* first, float* second, int count, float size, float root)
    {
        var i = 0;
        for (; i <= count - Lanes.Width; i += Lanes.Width)
        {
            var g = Lanes.Load(gradient + i);
            var m = Lanes.Load(first + i) * Beta1 + g * (1 - Beta1);
            var v = Lanes.Load(second + i) * Beta2 + g * g * (1 - Beta2);
            m.Store(first + i);
            v.Store(second + i);
            (Lanes.Load(values + i) - m * size / (Vector.SquareRoot(v) * root + new Vector<float>(Epsilon))).Store(values + i);
        }
        for (; i < count; i++)
        {
            first[i] = first[i] * Beta1 + gradient[i] * (1 - Beta1);
            second[i] = second[i] * Beta2 + gradient[i] * gradient[i] * (1 - Beta2);
            values[i] -= first[i] * size / (MathF.Sqrt(second[i]) * root + Epsilon);
        }
    }
}

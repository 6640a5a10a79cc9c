namespace Segue.Numerics.Networks;

/// <summary>y = x / |x| for each sample; a sample of zeros stays zero.</summary>
public sealed unsafe class UnitLength : Layer
{
    internal override SignalShape OutputFor(SignalShape input) => input;

    internal override void Forward(LayerPass pass)
    {
        var norms = pass.Kept.Room(pass.Input.Samples);
        for (var sample = 0; sample < pass.Input.Samples; sample++)
        {
            norms[sample] = Vectors.Norm(pass.Input.Sample(sample));
            Along(pass.Output.Sample(sample), pass.Input.Sample(sample), norms[sample] > 0 ? 1 / norms[sample] : 0);
        }
    }

    /// <remarks>dx = (dy − y (y·dy)) / |x|.</remarks>
    internal override void Backward(LayerPass pass)
    {
        for (var sample = 0; sample < pass.Input.Samples && pass.InputGradient is not null; sample++)
        {
            Span<float> y = pass.Output.Sample(sample), dy = pass.OutputGradient.Sample(sample), dx = pass.InputGradient.Sample(sample);
            var norm = pass.Kept.Start[sample];
            Along(dx, dy, norm > 0 ? 1 / norm : 0);
            Vectors.AddScaled(dx, y, norm > 0 ? -Vectors.Dot(y, dy) / norm : 0);
        }
    }

    private static void Along(Span<float> to, ReadOnlySpan<float> from, float factor)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = from[i] * factor;
        }
    }
}

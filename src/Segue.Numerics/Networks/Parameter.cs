using Segue.Numerics.Memory;

namespace Segue.Numerics.Networks;

/// <summary>Numbers of a layer: learnt by gradient, or gathered on the way, such as running means.</summary>
internal sealed unsafe class Parameter(string name, int length, bool learnt = true)
{
    private readonly FloatMemory _values = new(length);
    private readonly FloatMemory _gradient = new(), _first = new(), _second = new();

    public string Name { get; } = name;
    public int Length { get; } = length;

    /// <summary>False for what no gradient moves.</summary>
    public bool Learnt { get; } = learnt;

    public float* Values => _values.Start;

    public Span<float> Span => new(Values, Length);

    /// <summary>Set by each backward pass. Made when first asked for, as are the moments: by one thread.</summary>
    public float* Gradient => _gradient.Room(Length);

    public Span<float> GradientSpan => new(Gradient, Length);

    /// <summary>Adam's running mean of the gradient.</summary>
    public float* FirstMoment => _first.Room(Length);

    /// <summary>Adam's running mean of the squared gradient.</summary>
    public float* SecondMoment => _second.Room(Length);

    /// <summary>Normal numbers of mean 0 and a deviation of √(2 / <paramref name="fanIn"/>): He et al., ICCV 2015, for layers followed by rectifiers.</summary>
    public void Draw(int fanIn, ref SeededRandom random)
    {
        var deviation = Math.Sqrt(2.0 / fanIn);
        foreach (ref var value in Span)
        {
            value = (float)(deviation * random.NextNormal());
        }
    }

    /// <summary>Forgets the moments; who only infers never has any.</summary>
    public void ClearMoments()
    {
        _first.AsSpan().Clear();
        _second.AsSpan().Clear();
    }
}

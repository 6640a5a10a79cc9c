namespace Segue.Numerics.Networks;

/// <summary>All numbers of a network by name, for model files and checkpoints.</summary>
/// <remarks>Names are those of layers in order, such as <c>00.TimeConvolution.weights</c>; Adam's moments end in <c>.first-moment</c> and
/// <c>.second-moment</c>, and <c>step</c> counts the steps (exact below 2²⁴). What is given out are copies.</remarks>
public sealed class NetworkState
{
    private const string FirstMoment = ".first-moment", SecondMoment = ".second-moment", Step = "step";
    private readonly Network _network;

    internal NetworkState(Network network) => _network = network;

    /// <summary>Weights and running statistics: all that inference needs.</summary>
    public IReadOnlyList<(string Name, float[] Values)> Weights
    {
        get
        {
            List<(string, float[])> weights = [.. _network.NamedParameters.Select(named => (named.Name, named.Parameter.Span.ToArray()))];
            GC.KeepAlive(_network);
            return weights;
        }
    }

    /// <summary><see cref="Weights"/>, Adam's moments and the step: all that training needs to go on, beside the seed where there is dropout.</summary>
    public unsafe IReadOnlyList<(string Name, float[] Values)> All
    {
        get
        {
            var all = new List<(string, float[])>(Weights);
            foreach (var (name, parameter) in _network.NamedParameters.Where(named => named.Parameter.Learnt))
            {
                all.Add((name + FirstMoment, new Span<float>(parameter.FirstMoment, parameter.Length).ToArray()));
                all.Add((name + SecondMoment, new Span<float>(parameter.SecondMoment, parameter.Length).ToArray()));
            }
            all.Add((Step, [_network.Steps]));
            GC.KeepAlive(_network);
            return all;
        }
    }

    /// <summary>Takes over what <see cref="Weights"/> or <see cref="All"/> of a network of the same shape gave; with weights alone the optimizer starts anew.</summary>
    /// <exception cref="ArgumentException">A name is missing or unknown, a length differs, or a value is not finite; nothing was changed.</exception>
    public unsafe void Restore(IReadOnlyList<(string Name, float[] Values)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var given = values.ToDictionary(value => value.Name, value => value.Values);
        var withOptimizer = given.ContainsKey(Step);
        var expected = Expected(withOptimizer);
        Require(given, expected);
        foreach (var (name, parameter) in _network.NamedParameters)
        {
            given[name].CopyTo(parameter.Span);
            if (!parameter.Learnt)
            {
                continue;
            }
            parameter.ClearMoments();
            if (withOptimizer)
            {
                given[name + FirstMoment].CopyTo(new Span<float>(parameter.FirstMoment, parameter.Length));
                given[name + SecondMoment].CopyTo(new Span<float>(parameter.SecondMoment, parameter.Length));
            }
        }
        _network.Restored(withOptimizer ? (long)given[Step][0] : 0);
    }

    private Dictionary<string, int> Expected(bool withOptimizer)
    {
        var expected = _network.NamedParameters.ToDictionary(named => named.Name, named => named.Parameter.Length);
        if (withOptimizer)
        {
            foreach (var (name, parameter) in _network.NamedParameters.Where(named => named.Parameter.Learnt))
            {
                expected[name + FirstMoment] = expected[name + SecondMoment] = parameter.Length;
            }
            expected[Step] = 1;
        }
        return expected;
    }

    private static void Require(Dictionary<string, float[]> given, Dictionary<string, int> expected)
    {
        foreach (var (name, length) in expected)
        {
            if (!given.TryGetValue(name, out var values))
            {
                throw new ArgumentException($"The state has no '{name}'.");
            }
            if (values.Length != length)
            {
                throw new ArgumentException($"'{name}' has {values.Length} values; this network has {length}.");
            }
            if (Array.FindIndex(values, value => !float.IsFinite(value)) is var at and >= 0)
            {
                throw new ArgumentException($"Value {at} of '{name}' is {values[at]}; all must be finite.");
            }
        }
        if (given.Keys.FirstOrDefault(name => !expected.ContainsKey(name)) is { } unknown)
        {
            throw new ArgumentException($"This network has no '{unknown}'.");
        }
    }
}

using Segue.Numerics.Networks.Losses;

namespace Segue.Numerics.Tests.Networks.Losses;

/// <summary>Losses against float64 twins written from the formulas, and gradients against finite differences of the twins (h = 10⁻⁵).</summary>
public sealed class LossTests
{
    private const int N = 11, D = 5;
    private static readonly int[] Groups = [0, 1, 0, 2, 1, 0, 3, 4, 4, 5, 2];   // 3 and 5 are alone

    public static TheoryData<string> Names { get; } = ["squared", "cosine", "contrastive", "pairs in twos", "matched", "ranking", "logistic"];

    [Theory, MemberData(nameof(Names))]
    public void A_loss_and_its_gradient_are_those_of_the_formula(string name)
    {
        float[] x = Draw(1), y = Draw(2), gradient = new float[N * D];

        var loss = Fast(name, x, y, gradient);

        var exact = Array.ConvertAll(x, value => (double)value);
        Assert.Equal(Plain(name, exact, y), loss, 2e-6 * Math.Max(1, Math.Abs(loss)));
        for (var i = 0; i < x.Length; i++)
        {
            var value = exact[i];
            exact[i] = value + 1e-5;
            var up = Plain(name, exact, y);
            exact[i] = value - 1e-5;
            Assert.Equal((up - Plain(name, exact, y)) / 2e-5, gradient[i], 1e-5);
            exact[i] = value;
        }
    }

    [Fact]
    public void Known_answers()
    {
        var gradient = new float[4];
        Assert.Equal(3.5, MeanSquaredError.Loss([1, 2, 3, 4], [2, 0, 3, 1], gradient), 1e-6);
        Assert.Equal([-0.5f, 1, 0, 1.5f], gradient);
        Assert.Equal(0, CosineLoss.Loss([1, 2, 2, 0], [2, 4, 1, 0], 2, gradient), 1e-6);
        Assert.Equal(1, CosineLoss.Loss([0, 0, 1, 0], [2, 4, 0, 3], 2, gradient), 1e-6);
        // Two pairs of opposite directions: each anchor sees its own at 1 and two others at −1.
        Assert.Equal(Math.Log(1 + 2 * Math.Exp(-2)), ContrastiveLoss.Loss([1, 1, -1, -1], [7, 7, 9, 9], 1, 1, gradient), 1e-6);
        Assert.Equal(0, ContrastiveLoss.Loss([1, 1, -1, -1], [1, 2, 3, 4], 1, 1, gradient));
        Assert.Equal([0, 0, 0, 0], gradient);
        Assert.Equal(Math.Log(1 + Math.Exp(-2)), MatchedPairsLoss.Loss([3, -0.5f], [1, -1], 1, 1, gradient.AsSpan(0, 2)), 1e-6);
        Assert.Equal(Math.Log(2), PairwiseRankingLoss.Loss([4], [4], gradient.AsSpan(0, 1), gradient.AsSpan(1, 1)), 1e-6);
        Assert.Equal(1000, LogisticLoss.Loss([1000], [0], gradient.AsSpan(0, 1)));
        Assert.Equal(0, LogisticLoss.Loss([-1000], [0], gradient.AsSpan(0, 1)));
    }

    [Fact]
    public void Softmax_adds_to_one_and_leaves_out_what_is_impossible()
    {
        float[] x = [1000, 1001, float.NegativeInfinity];

        Assert.Equal(1001 + Math.Log(1 + Math.Exp(-1)), Softmax.Apply(x), 1e-9);
        Assert.Equal(1 / (1 + Math.E), x[0], 1e-6);
        Assert.Equal(1, x.Sum(), 1e-6);
        Assert.Equal(0, x[2]);
        float[] none = [float.NegativeInfinity];
        Assert.Equal(double.NegativeInfinity, Softmax.Apply(none));
        Assert.Equal([0f], none);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var four = new float[4];
        Assert.Throws<ArgumentException>(() => MeanSquaredError.Loss(four, new float[3], four));
        Assert.Throws<ArgumentException>(() => CosineLoss.Loss(four, four, 3, four));
        Assert.Throws<ArgumentException>(() => ContrastiveLoss.Loss(four, [1, 2, 3], 2, 1, four));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContrastiveLoss.Loss(four, [1, 2], 2, 0, four));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatchedPairsLoss.Loss(four, four, 2, -1, four));
        Assert.Throws<ArgumentException>(() => PairwiseRankingLoss.Loss(four, four, four, new float[3]));
        Assert.Throws<ArgumentException>(() => LogisticLoss.Loss(four, new float[3], four));
    }

    private static float Fast(string name, float[] x, float[] y, float[] gradient) => name switch
    {
        "squared" => MeanSquaredError.Loss(x, y, gradient),
        "cosine" => CosineLoss.Loss(x, y, D, gradient),
        "contrastive" => ContrastiveLoss.Loss(x, Groups, D, 0.7f, gradient),
        "pairs in twos" => ContrastiveLoss.Loss(x, [.. Groups.Select((_, i) => i / 2)], D, 0.7f, gradient),
        "matched" => MatchedPairsLoss.Loss(x, y, D, 0.5f, gradient),
        "ranking" => PairwiseRankingLoss.Loss(x, y, gradient, new float[N * D]),
        _ => LogisticLoss.Loss(x, [.. y.Select(value => value > 0 ? 1f : 0.25f)], gradient),
    };

    private static double Plain(string name, double[] x, float[] y) => name switch
    {
        "squared" => x.Select((value, i) => Math.Pow(value - y[i], 2)).Average(),
        "cosine" => Enumerable.Range(0, N).Average(i => 1 - Dot(x, i, Exact(y), i) / Math.Sqrt(Dot(x, i, x, i) * Dot(Exact(y), i, Exact(y), i))),
        "contrastive" => Contrastive(x, Groups, 0.7f),
        "pairs in twos" => Contrastive(x, [.. Groups.Select((_, i) => i / 2)], 0.7f),
        "matched" => Matched(x, Exact(y), 0.5),
        "ranking" => x.Select((value, i) => -Math.Log(1 / (1 + Math.Exp(y[i] - value)))).Average(),
        _ => x.Select((value, i) => (Target: y[i] > 0 ? 1 : 0.25, P: 1 / (1 + Math.Exp(-value)))).Average(pair => -pair.Target * Math.Log(pair.P) - (1 - pair.Target) * Math.Log(1 - pair.P)),
    };

    private static double Contrastive(double[] z, int[] groups, double temperature)
    {
        var losses = new List<double>();
        for (var i = 0; i < N; i++)
        {
            var others = Enumerable.Range(0, N).Where(a => a != i).ToList();
            var positives = others.Where(p => groups[p] == groups[i]).ToList();
            var all = others.Sum(a => Math.Exp(Dot(z, i, z, a) / temperature));
            if (positives.Count > 0)
            {
                losses.Add(-positives.Average(p => Math.Log(Math.Exp(Dot(z, i, z, p) / temperature) / all)));
            }
        }
        return losses.Average();
    }

    private static double Matched(double[] x, double[] y, double temperature)
    {
        double Similarity(int i, int j) => Math.Exp(Dot(x, i, y, j) / Math.Sqrt(Dot(x, i, x, i) * Dot(y, j, y, j)) / temperature);
        return Enumerable.Range(0, N).Average(i =>
            -Math.Log(Similarity(i, i) / Enumerable.Range(0, N).Sum(j => Similarity(i, j))) / 2
            - Math.Log(Similarity(i, i) / Enumerable.Range(0, N).Sum(j => Similarity(j, i))) / 2);
    }

    private static double Dot(double[] a, int i, double[] b, int j) => Enumerable.Range(0, D).Sum(f => a[i * D + f] * b[j * D + f]);

    private static double[] Exact(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static float[] Draw(ulong stream)
    {
        var random = new SeededRandom(4, stream);
        return [.. Enumerable.Range(0, N * D).Select(_ => (float)random.NextNormal() / 2)];
    }
}

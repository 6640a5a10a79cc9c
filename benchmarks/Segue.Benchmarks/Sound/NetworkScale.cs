using System.Globalization;
using Segue.Audio;
using Segue.Audio.Networks;
using Segue.Benchmarks.Taste;
using Segue.Numerics;
using Segue.Numerics.Products;

namespace Segue.Benchmarks.Sound;

/// <summary>Products and networks of sound: <c>networks [products|training] [ROUNDS]</c>.</summary>
/// <remarks>Seconds are the processor's, of one thread, the best of some rounds. Products take turns with OpenBLAS's, where it is installed, so that both meet
/// the same machine; it is given windows of a convolution as copies, for it takes no rows that overlap, and the time for the copies is not counted.</remarks>
internal static class NetworkScale
{
    private const int Batch = 32, Frames = 599;

    // Shapes of the large network at 599 frames, forward and (turned) for the gradients of weights.
    private static readonly Problem[] Problems =
    [
        new("convolution", 596, 256, 512, 128), new("convolution", 146, 256, 1024, 256), new("convolution", 70, 256, 1024, 256),
        new("convolution", 32, 512, 1024, 256), new("dense", 32, 2048, 1536, 1536), new("dense", 32, 2048, 2048, 2048), new("dense", 32, 40, 2048, 2048),
        new("gradient", 512, 256, 596, 128, Turned: true), new("gradient", 1024, 256, 146, 256, Turned: true),
        new("gradient", 1024, 512, 32, 256, Turned: true), new("gradient", 1536, 2048, 32, 1536, Turned: true), new("square", 512, 512, 512, 512),
    ];

    public static void Run(string[] args)
    {
        var rounds = args is [_, var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 8;
        if (args is not ["training", ..])
        {
            Products(rounds);
        }
        if (args is not ["products", ..])
        {
            Training(rounds);
        }
    }

    private static void Products(int rounds)
    {
        Console.WriteLine($"One core at best {CorePeaks.Measure().Flops / 1e9:F0} GFLOP/s; OpenBLAS {(OpenBlas.IsPresent ? "in turns" : "is not installed")}");
        foreach (var problem in Problems)
        {
            var operands = new Operands(problem);
            double ours = double.PositiveInfinity, theirs = double.PositiveInfinity;
            for (var round = 0; round < rounds; round++)
            {
                ours = Math.Min(ours, Seconds(operands.Multiply, problem.Flops));
                theirs = OpenBlas.IsPresent ? Math.Min(theirs, Seconds(operands.MultiplyByOpenBlas, problem.Flops)) : theirs;
            }
            var comparison = OpenBlas.IsPresent ? $", OpenBLAS {problem.Flops / theirs / 1e9,4:F0}: ratio {theirs / ours:F2}; largest difference {operands.Difference():E1}" : "";
            Console.WriteLine($"{problem.Name,-11} {problem.M,4} × {problem.N,4} × {problem.K,4}: {problem.Flops / ours / 1e9,4:F0} GFLOP/s{comparison}");
        }
    }

    // Of one product: the mean over as many as take some ten milliseconds.
    private static double Seconds(Action product, double flops)
    {
        var repeats = (int)Math.Max(1, 1e9 / flops);
        product();
        var before = CorePeaks.CpuSeconds();
        for (var n = 0; n < repeats; n++)
        {
            product();
        }
        return (CorePeaks.CpuSeconds() - before) / repeats;
    }

    private static void Training(int rounds)
    {
        var crops = Values(Batch * Frames * TrackFeatures.Bands, 1);
        var targets = Values(Batch * 40, 2);
        var groups = Enumerable.Range(0, Batch).Select(crop => crop / 2).ToArray();
        foreach (var (name, options) in new[] { ("large", new FactorNetworkOptions()), ("small", FactorNetworkOptions.Small) })
        {
            var network = new FactorNetwork(options, 1);
            var outputs = new float[Batch * options.Outputs];
            Report($"factor network, {name}", network.Weights, rounds,
                () => network.TrainStep(crops, Batch, Frames, targets, 1e-4f, 1), () => network.Predict(crops, Batch, Frames, outputs));
        }
        var encoder = new ContrastiveEncoder(new(), 1);
        var pooled = new float[Batch * encoder.Size];
        Report("contrastive encoder", encoder.Weights, rounds,
            () => encoder.TrainStep(crops, Batch, Frames, groups, 1e-4f, 1), () => encoder.Embed(crops, Batch, Frames, pooled));
        var autoencoder = new SpectrogramAutoencoder(new(), 1);
        var embeddings = new float[Batch * autoencoder.Size];
        Report("autoencoder", autoencoder.Weights, rounds,
            () => autoencoder.TrainStep(crops, Batch, Frames, 1e-4f, 1), () => autoencoder.Embed(crops, Batch, Frames, embeddings));
    }

    private static void Report(string name, long weights, int rounds, Action train, Action infer)
        => Console.WriteLine($"{name}, {weights / 1e6:F2} M weights, {Frames} frames: training step {Milliseconds(train, rounds):F2}, forward {Milliseconds(infer, rounds):F2} CPU ms a sample (batch {Batch})");

    private static double Milliseconds(Action step, int rounds)
    {
        var best = double.PositiveInfinity;
        for (var round = 0; round <= rounds; round++)   // the first is for the compiler
        {
            var before = CorePeaks.CpuSeconds();
            step();
            best = round == 0 ? best : Math.Min(best, CorePeaks.CpuSeconds() - before);
        }
        return best * 1e3 / Batch;
    }

    private static float[] Values(int count, ulong stream)
    {
        var random = new SeededRandom(1, stream);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextDouble() - 0.5f;
        }
        return values;
    }

    /// <param name="RowStep">From one row of A to the next; rows overlap where it is less than K. Of a turned A: from one element of a row to the next.</param>
    private sealed record Problem(string Name, int M, int N, int K, int RowStep, bool Turned = false)
    {
        public double Flops => 2.0 * M * N * K;
    }

    private sealed class Operands
    {
        private readonly Problem _problem;
        private readonly float[] _a, _copied, _b, _c, _other;

        public Operands(Problem problem)
        {
            _problem = problem;
            var (rows, columns) = problem.Turned ? (problem.K, problem.M) : (problem.M, problem.K);
            _a = Values((rows - 1) * problem.RowStep + columns, 1);
            _copied = new float[rows * columns];
            for (var row = 0; row < rows; row++)
            {
                _a.AsSpan(row * problem.RowStep, columns).CopyTo(_copied.AsSpan(row * columns));
            }
            _b = Values(problem.K * problem.N, 2);
            (_c, _other) = (new float[problem.M * problem.N], new float[problem.M * problem.N]);
        }

        public void Multiply()
        {
            var a = _problem.Turned
                ? new MatrixView(_a, _problem.K, _problem.M, _problem.RowStep).Transposed
                : new MatrixView(_a, _problem.M, _problem.K, _problem.RowStep);
            MatrixProduct.Multiply(a, new(_b, _problem.K, _problem.N, _problem.N), _c, _problem.N);
        }

        public void MultiplyByOpenBlas() => OpenBlas.Multiply(_problem.M, _problem.N, _problem.K, _copied, _problem.Turned, _b, _other);

        public float Difference() => _c.Zip(_other, (x, y) => MathF.Abs(x - y)).Max();
    }
}

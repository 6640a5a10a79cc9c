using System.Collections.Concurrent;
using Segue.Numerics.Factors;
using Segue.Numerics.Sparse;

namespace Segue.Numerics.Tests.Factors;

public sealed class RotatedCgTests
{
    public static TheoryData<string> Paths => FactorTableTests.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void With_enough_steps_a_row_is_that_of_elimination(string pathName)
    {
        for (ulong world = 0; world < 200; world++)
        {
            // Factors that bfloat16 holds: what is tested is the solver, not the rounding.
            var problem = new Problem(world, rounded: true);
            using var solver = new RotatedCg(problem.Table, problem.Spectrum, Enum.Parse<VectorPath>(pathName), problem.BufferBytes);
            var x = problem.Start();

            Assert.True(solver.Solve(problem.Columns, problem.Codes, problem.Codebook, problem.Penalty, 4 * problem.D + 20, x));

            AssertClose(problem.ByElimination(), x, world);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Refinement_gives_the_row_of_elimination_from_any_factors(string pathName)
    {
        for (ulong world = 0; world < 200; world++)
        {
            var problem = new Problem(world, rounded: false);
            using var solver = new RotatedCg(problem.Table, problem.Spectrum, Enum.Parse<VectorPath>(pathName), problem.BufferBytes);
            var x = problem.Start();

            Assert.True(solver.SolveExactly(problem.Columns, problem.Weights, problem.Targets, problem.Gram, problem.Penalty, x), $"world {world}");

            AssertClose(problem.ByElimination(), x, world);
        }
    }

    [Fact]
    public void A_row_system_gives_the_row_of_elimination()
    {
        for (ulong world = 0; world < 200; world++)
        {
            var problem = new Problem(world, rounded: false);
            using var system = new RowSystem(problem.D);
            var x = new float[problem.D];
            for (var again = 0; again < 2; again++)   // nothing is left over from the first
            {
                system.Begin(problem.Gram, 1, problem.Penalty);
                system.Add(problem.Table.ToDense(), problem.Columns, problem.Weights, problem.Targets);
                Assert.True(system.TrySolve(x));
                AssertClose(problem.ByElimination(), x, world);
            }
            system.Begin(problem.Gram, -1, -1);
            Assert.False(system.TrySolve(x));
        }
    }

    [Fact]
    public void Three_cold_steps_leave_a_few_hundredths_of_the_objective_and_never_raise_it()
    {
        var gaps = new List<double>();
        for (ulong world = 0; world < 200; world++)
        {
            var problem = new Problem(world, rounded: false);
            using var solver = new RotatedCg(problem.Table, problem.Spectrum);
            var x = problem.Start();
            var (before, least) = (problem.Objective(x), problem.Objective(problem.ByElimination()));

            Assert.True(solver.Solve(problem.Columns, problem.Codes, problem.Codebook, problem.Penalty, 3, x));

            Assert.True(problem.Objective(x) <= before * (1 + 1e-6), $"world {world} rose");
            gaps.Add((problem.Objective(x) - least) / before);
        }
        Assert.InRange(gaps.Max(), 0, 0.2);
        Assert.InRange(gaps.Average(), 0, 0.03);
    }

    [Fact]
    public void Numbers_beyond_float_are_told()
    {
        var problem = new Problem(5, rounded: true);
        using var solver = new RotatedCg(problem.Table, problem.Spectrum);
        var huge = new WeightCodebook([float.MaxValue], [1]);

        Assert.False(solver.Solve(problem.Columns, [], huge, 1e-9f, 3, problem.Start()));
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> x, ulong world)
    {
        double difference = 0, size = 0;
        for (var f = 0; f < expected.Length; f++)
        {
            difference += (x[f] - expected[f]) * (x[f] - expected[f]);
            size += expected[f] * expected[f];
        }
        Assert.True(Math.Sqrt(difference) <= 1e-4 * Math.Sqrt(size), $"world {world}: relative difference {Math.Sqrt(difference / size):E2}");
    }

    /// <summary>A row problem of random shape: d, number of entries, weights, targets of both signs, spectrum, penalty.</summary>
    private sealed class Problem
    {
        private static readonly ConcurrentDictionary<(ulong, bool), double[]> Solutions = [];
        private readonly DenseMatrix _y;
        private readonly (ulong, bool) _key;

        public Problem(ulong world, bool rounded)
        {
            _key = (world, rounded);
            var random = new SeededRandom(11, world);
            D = 8 + random.NextInt(world % 10 == 0 ? 250 : 90);
            var items = 20 + random.NextInt(300);
            _y = new DenseMatrix(items, D);
            foreach (ref var value in _y.AsSpan())
            {
                value = (float)(random.NextNormal() / Math.Sqrt(D));
                value = rounded ? BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000) : value;
            }
            Table = FactorTable.FromDense(_y);
            var share = random.NextDouble();
            Columns = [.. Enumerable.Range(0, items).Where(_ => random.NextBool(share)).DefaultIfEmpty(3)];
            float[] weights = [.. Enumerable.Range(0, 9).Select(_ => (float)(4 * random.NextDouble()))];
            float[] targets = [.. Enumerable.Range(0, 9).Select(n => n % 3 == 2 ? -(float)random.NextDouble() : 1f)];
            Codebook = new(weights, targets);
            Codes = [.. Columns.Select(_ => (byte)random.NextInt(9))];
            (Weights, Targets) = (new float[Columns.Length], new float[Columns.Length]);
            Codebook.Decode(Codes, Weights, Targets);
            Penalty = (float)Math.Exp(-3 + 4 * random.NextDouble());
            Spectrum = [.. Enumerable.Range(0, D).Select(f => (float)(3 * random.NextDouble() / (1 + f)))];
            Gram = new float[D * D];
            for (var f = 0; f < D; f++)
            {
                Gram[f * D + f] = Spectrum[f];
            }
            BufferBytes = world % 3 == 0 ? 64L * Table.Stride : 1 << 20;   // some rows do not fit the buffer
        }

        public int D { get; }
        public FactorTable Table { get; }
        public int[] Columns { get; }
        public byte[] Codes { get; }
        public WeightCodebook Codebook { get; }
        public float[] Weights { get; }
        public float[] Targets { get; }
        public float Penalty { get; }
        public float[] Spectrum { get; }
        public float[] Gram { get; }
        public long BufferBytes { get; }

        public float[] Start()
        {
            var x = new float[Table.Stride];
            for (var f = 0; f < D; f++)
            {
                x[f] = 0.01f * (f % 7);
            }
            return x;
        }

        public double Objective(ReadOnlySpan<float> x) => Objective(Array.ConvertAll(x[..D].ToArray(), value => (double)value));

        public double Objective(double[] x)
        {
            double sum = 0;
            for (var f = 0; f < D; f++)
            {
                sum += (Spectrum[f] + Penalty) * x[f] * x[f];
            }
            for (var n = 0; n < Columns.Length; n++)
            {
                double score = 0;
                for (var f = 0; f < D; f++)
                {
                    score += x[f] * _y.Row(Columns[n])[f];
                }
                sum += Weights[n] * (Targets[n] - score) * (Targets[n] - score);
            }
            return sum;
        }

        public double[] ByElimination() => Solutions.GetOrAdd(_key, _ => Eliminate());

        // Gauss in float64 on the normal equations.
        private double[] Eliminate()
        {
            var a = new double[D, D + 1];
            for (var f = 0; f < D; f++)
            {
                a[f, f] = (double)Spectrum[f] + Penalty;
            }
            for (var n = 0; n < Columns.Length; n++)
            {
                var y = _y.Row(Columns[n]);
                for (var f = 0; f < D; f++)
                {
                    var weighted = (double)Weights[n] * y[f];
                    a[f, D] += weighted * Targets[n];
                    for (var g = 0; g < D; g++)
                    {
                        a[f, g] += weighted * y[g];
                    }
                }
            }
            for (var p = 0; p < D; p++)   // positive definite: no pivoting needed
            {
                for (var row = p + 1; row < D; row++)
                {
                    var factor = a[row, p] / a[p, p];
                    for (var column = p; column <= D; column++)
                    {
                        a[row, column] -= factor * a[p, column];
                    }
                }
            }
            var x = new double[D];
            for (var row = D - 1; row >= 0; row--)
            {
                x[row] = a[row, D];
                for (var column = row + 1; column < D; column++)
                {
                    x[row] -= a[row, column] * x[column];
                }
                x[row] /= a[row, row];
            }
            return x;
        }
    }
}

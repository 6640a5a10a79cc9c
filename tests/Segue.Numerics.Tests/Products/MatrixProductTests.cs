using Segue.Numerics.Factors;
using Segue.Numerics.Products;
using Segue.Numerics.Tests.Factors;

namespace Segue.Numerics.Tests.Products;

public sealed unsafe class MatrixProductTests
{
    public static TheoryData<string> Paths => FactorTableTests.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Products_of_any_shape_and_step_are_three_plain_loops(string pathName)
    {
        for (ulong world = 0; world < 75; world++)
        {
            var problem = new Problem(world);
            var expected = problem.Plainly();

            var c = problem.Multiply(Enum.Parse<VectorPath>(pathName));

            Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), c.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_right_matrix_laid_out_before_gives_the_same(string pathName)
    {
        for (ulong world = 0; world < 50; world++)
        {
            var problem = new Problem(world);
            var panels = new RightPanels();
            var c = problem.C.ToArray();
            fixed (float* pa = problem.A, pb = problem.B, pc = c)
            {
                panels.Begin(problem.K, problem.N);
                var (first, b) = (problem.K / 3, new Strided(pb, problem.BRow, problem.BColumn));   // in two parts
                panels.Pack(0, first, b);
                panels.Pack(first, problem.K - first, b.From(first, 0));
                MatrixProduct.Run(Enum.Parse<VectorPath>(pathName), problem.M, new(pa, problem.ARow, problem.AColumn), panels, pc, problem.CRow, problem.Add);
            }
            Assert.Equal(problem.Plainly(), c);
        }
    }

    [Fact]
    public void Windows_of_a_convolution_are_rows_that_overlap()
    {
        // Two channels, windows of three steps, one filter that takes the first channel of the last step and one that adds all up.
        float[] x = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50];
        float[] filters = [0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1];
        var y = new float[6];

        MatrixProduct.Multiply(new(x, 3, 6, rowStep: 2), new(filters, 6, 2, rowStep: 2), y, 2);

        Assert.Equal([3, 66, 4, 99, 5, 132], y);
    }

    [Fact]
    public void A_product_over_nothing_is_zero_and_adds_nothing()
    {
        float[] c = [1, 2, 3, 4];

        MatrixProduct.Multiply(new([], 2, 0, 0), new([], 0, 2, 2), c, 2, add: true);
        Assert.Equal([1, 2, 3, 4], c);

        MatrixProduct.Multiply(new([], 2, 0, 0), new([], 0, 2, 2), c, 2);
        Assert.Equal([0, 0, 0, 0], c);

        MatrixProduct.Multiply(new([], 0, 5, 5), new(new float[10], 5, 2, 2), [], 2);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_told()
    {
        var five = new float[5];

        Assert.Contains("needs 6 values; there are 5", Assert.Throws<ArgumentException>(() => _ = new MatrixView(five, 2, 3, 3).Rows).Message);
        Assert.Contains("2 columns and B 1 rows", Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new(five, 2, 2, 2), new(five, 1, 2, 2), new float[4], 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Multiply(new(five, 2, 1, 1), new(five, 1, 2, 2), new float[3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Multiply(new(five, 2, 1, 1), new(five, 1, 2, 2), new float[4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new MatrixView(five, -1, 3, 3).Rows);
    }

    /// <summary>A product of random shape, with edges in all tiles and blocks, of matrices in random steps.</summary>
    private sealed class Problem
    {
        public Problem(ulong world)
        {
            var random = new SeededRandom(3, world);
            var large = world % 25 == 0;   // beyond one block
            (M, N, K) = (1 + random.NextInt(large ? 300 : 40), 1 + random.NextInt(large ? 600 : 90), 1 + random.NextInt(world % 5 == 0 ? 450 : 70));
            (ARow, AColumn) = Steps(ref random, M, K);
            (BRow, BColumn) = Steps(ref random, K, N);
            ARow = world % 4 == 0 && AColumn == 1 ? 1 + random.NextInt(K) : ARow;   // rows that overlap
            (CRow, Add) = (N + random.NextInt(5), world % 3 == 0);
            A = Values(ref random, (M - 1) * ARow + (K - 1) * AColumn + 1);
            B = Values(ref random, (K - 1) * BRow + (N - 1) * BColumn + 1);
            C = Values(ref random, M * CRow);
        }

        public int M { get; }
        public int N { get; }
        public int K { get; }
        public int ARow { get; }
        public int AColumn { get; }
        public int BRow { get; }
        public int BColumn { get; }
        public int CRow { get; }
        public bool Add { get; }
        public float[] A { get; }
        public float[] B { get; }
        public float[] C { get; }

        public float[] Multiply(VectorPath path)
        {
            var c = C.ToArray();
            fixed (float* pa = A, pb = B, pc = c)
            {
                MatrixProduct.Run(path, M, N, K, new(pa, ARow, AColumn), new(pb, BRow, BColumn), pc, CRow, Add);
            }
            return c;
        }

        public float[] Plainly()
        {
            var c = C.ToArray();
            for (var i = 0; i < M; i++)
            {
                for (var j = 0; j < N; j++)
                {
                    var sum = Add ? c[i * CRow + j] : 0;
                    for (var k = 0; k < K; k++)
                    {
                        sum = MathF.FusedMultiplyAdd(A[i * ARow + k * AColumn], B[k * BRow + j * BColumn], sum);
                    }
                    c[i * CRow + j] = sum;
                }
            }
            return c;
        }

        private static (int Row, int Column) Steps(ref SeededRandom random, int rows, int columns) => random.NextInt(4) switch
        {
            0 => (columns + random.NextInt(3), 1),
            1 => (1, rows + random.NextInt(3)),
            2 => (columns + 600, 1),
            _ => (2 * columns, 2),
        };

        private static float[] Values(ref SeededRandom random, int count)
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

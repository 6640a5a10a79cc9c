using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class FactorTableTests
{
    public static TheoryData<string> Paths { get; } = [.. Enum.GetValues<VectorPath>().Where(VectorPaths.Has).Select(path => path.ToString())];

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(100)]
    public void Rows_come_back_bit_for_bit(int d)
    {
        var dense = Random(37, d, 1);
        dense.Row(0)[0] = -0f;
        dense.Row(1)[0] = float.MaxValue / 4;
        dense.Row(2)[0] = 1e-40f;

        using var table = FactorTable.FromDense(dense);

        Assert.Equal(dense.AsSpan().ToArray().Select(BitConverter.SingleToUInt32Bits), table.ToDense().AsSpan().ToArray().Select(BitConverter.SingleToUInt32Bits));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Gram_and_rotation_are_the_products_written_out(string pathName)
    {
        foreach (var (rows, d) in new[] { (1, 1), (70, 8), (300, 33), (700, 64) })
        {
            using var table = new FactorTable(rows, d, Enum.Parse<VectorPath>(pathName));
            var dense = Random(rows, d, 2);
            for (var row = 0; row < rows; row++)
            {
                table.Write(row, dense.Row(row));
            }
            var q = Random(d, d, 3);

            var gram = table.Gram(2);
            table.Rotate(q.AsSpan(), 2);

            var turned = table.ToDense();
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    var expected = Enumerable.Range(0, rows).Sum(row => (double)dense.Row(row)[i] * dense.Row(row)[j]);
                    Assert.Equal(expected, gram[i * d + j], 1e-5 * rows);
                }
                for (var row = 0; row < rows; row += 13)
                {
                    Assert.Equal(Enumerable.Range(0, d).Sum(f => (double)dense.Row(row)[f] * q.Row(i)[f]), turned.Row(row)[i], 1e-4);
                }
            }
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_equal_bits()
    {
        using var table = FactorTable.FromDense(Random(5_000, 40, 4));
        var gram = table.Gram(1);

        Assert.Equal(gram, table.Gram(2));
        Assert.Equal(gram, table.Gram(3));
    }

    [Fact]
    public void What_was_written_to_a_stream_is_read_from_it()
    {
        using var table = FactorTable.FromDense(Random(600, 20, 5));
        using var stream = new MemoryStream();
        table.WriteTo(stream);
        stream.Position = 0;
        using var other = new FactorTable(600, 20);

        other.ReadFrom(stream);

        Assert.Equal(table.ToDense().AsSpan().ToArray(), other.ToDense().AsSpan().ToArray());
        Assert.Throws<EndOfStreamException>(() => other.ReadFrom(stream));
    }

    [Fact]
    public void No_columns_or_a_row_outside_are_refused()
    {
        using var table = new FactorTable(2, 3);

        Assert.Throws<ArgumentOutOfRangeException>(() => new FactorTable(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Write(2, new float[3]));
        Assert.Throws<ArgumentException>(() => table.Write(0, new float[2]));
    }

    internal static DenseMatrix Random(int rows, int columns, ulong seed)
    {
        var random = new SeededRandom(seed);
        var matrix = new DenseMatrix(rows, columns);
        foreach (ref var value in matrix.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return matrix;
    }
}

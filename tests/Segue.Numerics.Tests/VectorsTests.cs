namespace Segue.Numerics.Tests;

public sealed class VectorsTests
{
    private const int MaxLength = 130;

    private static float[] Draw(int length, ulong stream)
    {
        var random = new SeededRandom(77, stream, (ulong)length);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextNormal())];
    }

    private static Span<float> AtOffset(float[] values, int offset)
    {
        var wide = new float[values.Length + offset];
        values.CopyTo(wide, offset);
        return wide.AsSpan(offset);
    }

    [Fact]
    public void Dot_agrees_with_a_plain_sum_for_every_length()
    {
        for (var length = 0; length <= MaxLength; length++)
        {
            var (a, b) = (Draw(length, 1), Draw(length, 2));
            double expected = 0, size = 0;
            for (var i = 0; i < length; i++)
            {
                expected += (double)a[i] * b[i];
                size += Math.Abs((double)a[i] * b[i]);
            }

            Assert.Equal(expected, Vectors.Dot(a, b), 1e-6 * size + 1e-30);
        }
    }

    [Fact]
    public void Dot_gives_equal_bits_wherever_the_vectors_lie()
    {
        for (var length = 0; length <= MaxLength; length++)
        {
            var (a, b) = (Draw(length, 3), Draw(length, 4));
            var expected = BitConverter.SingleToInt32Bits(Vectors.Dot(a, b));
            for (var offset = 0; offset < 17; offset++)
            {
                Assert.Equal(expected, BitConverter.SingleToInt32Bits(Vectors.Dot(AtOffset(a, offset), AtOffset(b, (offset * 7 + 3) % 16))));
            }
        }
    }

    [Fact]
    public void Dot_is_symmetric_to_the_bit()
    {
        for (var length = 0; length <= MaxLength; length++)
        {
            var (a, b) = (Draw(length, 5), Draw(length, 6));

            Assert.Equal(BitConverter.SingleToInt32Bits(Vectors.Dot(a, b)), BitConverter.SingleToInt32Bits(Vectors.Dot(b, a)));
        }
    }

    [Fact]
    public void AddScaled_agrees_with_a_plain_loop_and_touches_nothing_else()
    {
        for (var length = 0; length <= MaxLength; length++)
        {
            for (var offset = 0; offset < 5; offset++)
            {
                var (target, source) = (Draw(length, 7), Draw(length, 8));
                var wide = new float[length + offset + 9];
                Array.Fill(wide, 123);
                target.CopyTo(wide, offset);

                Vectors.AddScaled(wide.AsSpan(offset, length), AtOffset(source, 3), -0.7f);

                for (var i = 0; i < wide.Length; i++)
                {
                    var inside = i >= offset && i < offset + length;
                    Assert.Equal(inside ? MathF.FusedMultiplyAdd(source[i - offset], -0.7f, target[i - offset]) : 123, wide[i]);
                }
            }
        }
    }

    [Fact]
    public void Norm_and_cosine_of_known_vectors()
    {
        Assert.Equal(5, Vectors.Norm([3, 4]));
        Assert.Equal(0, Vectors.Norm([]));
        Assert.Equal(1, Vectors.Cosine([1, 2, 3], [2, 4, 6]), 1e-6);
        Assert.Equal(-1, Vectors.Cosine([1, 2, 3], [-2, -4, -6]), 1e-6);
        Assert.Equal(0, Vectors.Cosine([1, 0], [0, 1]));
        Assert.Equal(0, Vectors.Cosine([0, 0], [0, 1]));
    }

    [Fact]
    public void A_cosine_never_leaves_its_range()
    {
        for (var length = 1; length <= MaxLength; length++)
        {
            var a = Draw(length, 9);

            Assert.InRange(Vectors.Cosine(a, a), 0.99999f, 1);
        }
    }

    [Fact]
    public void The_diagonal_alone_is_raised()
    {
        float[] square = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Vectors.AddToDiagonal(square, 10);

        Assert.Equal([11, 2, 3, 4, 15, 6, 7, 8, 19], square);
    }

    [Fact]
    public void Shapes_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Vectors.Dot([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => Vectors.AddScaled(new float[2], [1], 1));
        Assert.Throws<ArgumentException>(() => Vectors.AddToDiagonal(new float[5], 1));
        Assert.Throws<ArgumentException>(() => Vectors.Cosine([1], []));
    }
}

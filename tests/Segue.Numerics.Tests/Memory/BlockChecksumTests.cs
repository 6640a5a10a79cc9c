using System.Text;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Tests.Memory;

public sealed class BlockChecksumTests
{
    private static uint Of(byte[] bytes, int threads = 1)
        => BlockChecksum.Of(bytes.Length, (from, target) => bytes.AsSpan((int)from, target.Length).CopyTo(target), threads);

    private static byte[] Draw(int length)
    {
        var random = new SeededRandom(8, (ulong)length);
        var bytes = new byte[length];
        foreach (ref var one in bytes.AsSpan())
        {
            one = (byte)random.NextInt(256);
        }
        return bytes;
    }

    /// <summary>The check value of every table of such codes, and a vector of RFC 3720, appendix B.4.</summary>
    [Fact]
    public void The_code_of_known_bytes_is_the_published_one()
    {
        Assert.Equal(0xE3069283, BlockChecksum.Crc32C(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AA, BlockChecksum.Crc32C(new byte[32]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockChecksum.Block)]
    [InlineData(BlockChecksum.Block + 1)]
    [InlineData(3 * BlockChecksum.Block - 5)]
    public void Threads_change_nothing_and_each_bit_counts(int length)
    {
        var bytes = Draw(length);
        var whole = Of(bytes);

        Assert.Equal(whole, Of(bytes, threads: 3));
        Assert.NotEqual(whole, Of([.. bytes, 0]));
        foreach (var place in new[] { 0, length / 3, length / 2, length - 1 }.Where(place => place >= 0 && place < length).Distinct())
        {
            bytes[place] ^= 16;
            Assert.NotEqual(whole, Of(bytes));
            bytes[place] ^= 16;
        }
    }
}

using Segue.Numerics.Memory;

namespace Segue.Numerics.Tests.Memory;

public sealed class MemoryNeedTests
{
    [Fact]
    public void Too_little_memory_is_said_with_both_sizes()
    {
        var fault = Assert.Throws<TooLittleMemoryException>(() => MemoryNeed.Require(5L << 20, "a test", 3L << 20));

        Assert.Contains("a test: 5 MiB needed, 3 MiB available", fault.Message, StringComparison.Ordinal);
        MemoryNeed.Require(5L << 20, "a test", 5L << 20);
    }

    [Fact]
    public void Some_memory_is_available_here() => Assert.InRange(MemoryNeed.Available(), 1, 1L << 50);

    [Fact]
    public void A_buffer_is_zero_and_knows_its_bounds()
    {
        using var buffer = new NativeBuffer<int>(3_000_000);

        Assert.Equal(0, buffer.Span(2_999_990, 10).ToArray().Sum());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Span(2_999_991, 10).Length);
    }
}

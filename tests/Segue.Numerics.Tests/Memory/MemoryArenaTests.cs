using Segue.Numerics.Memory;

namespace Segue.Numerics.Tests.Memory;

public sealed class MemoryArenaTests
{
    [Fact]
    public void Parts_of_any_length_are_nobody_elses()
    {
        var arena = new MemoryArena();
        var random = new SeededRandom(3);
        MemoryStretch[] parts = [.. Enumerable.Range(0, 200).Select(n => arena.Take(n % 50 == 49 ? 17 << 20 : n % 10 == 9 ? 1 + random.NextInt(3 << 20) : random.NextInt(2000)))];

        for (var n = 0; n < parts.Length; n++)
        {
            parts[n].Span(0, (int)Math.Min(parts[n].Length, 3000)).Fill((byte)n);
            parts[n].Fetch(0, (int)Math.Min(parts[n].Length, 512));   // a hint
        }

        for (var n = 0; n < parts.Length; n++)
        {
            Assert.Equal(-1, parts[n].Span(0, (int)Math.Min(parts[n].Length, 3000)).IndexOfAnyExcept((byte)n));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => parts[0].Fetch(parts[0].Length, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Take(-1));
    }
}

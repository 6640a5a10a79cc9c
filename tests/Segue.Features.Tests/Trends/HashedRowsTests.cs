using Segue.Features.Trends;
using Segue.Numerics;

namespace Segue.Features.Tests.Trends;

public sealed class HashedRowsTests
{
    [Fact]
    public void Every_hash_has_the_row_that_it_was_given_last_and_others_have_none()
    {
        var (rows, plain, random) = (new HashedRows(), new Dictionary<ulong, int>(), new SeededRandom(3));
        for (var n = 0; n < 5000; n++)
        {
            var hash = SeededRandom.Mix((ulong)random.NextInt(3000)) & ~0xFFUL;   // many that begin at one slot
            rows.Set(hash, n);
            plain[hash] = n;
        }

        Assert.All(plain, pair => Assert.Equal(pair.Value, rows.Find(pair.Key)));
        Assert.Equal(-1, rows.Find(1));
        Assert.Equal(-1, new HashedRows().Find(0));
    }
}

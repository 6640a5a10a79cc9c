using Segue.Models.Sittings;
using Segue.Numerics;

namespace Segue.Models.Tests.Sittings;

public sealed class TouchedSumsTests
{
    [Fact]
    public void Sums_agree_with_a_dictionary_and_come_in_the_order_of_first_touch()
    {
        var sums = new TouchedSums();
        for (ulong world = 0; world < 30; world++)
        {
            var random = new SeededRandom(3, world);
            var (expected, order) = (new Dictionary<int, float>(), new List<int>());
            for (var n = random.NextInt(6000); n > 0; n--)
            {
                var (number, value) = (random.NextInt(world % 2 == 0 ? 50 : int.MaxValue), (float)random.NextNormal());
                sums.Add(number, value);
                if (!expected.TryAdd(number, value))
                {
                    expected[number] += value;
                }
                else
                {
                    order.Add(number);
                }
            }

            Assert.Equal(order.Select(number => (number, expected[number])), Enumerable.Range(0, sums.Count).Select(sums.At));
            Assert.Equal(Math.Max(0, expected.Values.DefaultIfEmpty().Max()), sums.Largest());
            sums.Clear();
            Assert.Equal(0, sums.Count);
        }
    }
}

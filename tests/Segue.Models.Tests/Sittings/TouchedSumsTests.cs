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

    [Fact]
    public void Adding_to_many_numbers_together_is_adding_to_one_after_the_other()
    {
        var (together, one) = (new TouchedSums(), new TouchedSums());
        var random = new SeededRandom(5);
        for (var round = 0; round < 20; round++)
        {
            int[] numbers = [.. Enumerable.Range(0, 400).Select(_ => random.NextInt(3_000))];
            together.AddAll(numbers, round + 0.5f);
            foreach (var number in numbers)
            {
                one.Add(number, round + 0.5f);
            }
        }

        Assert.Equal(Enumerable.Range(0, one.Count).Select(one.At), Enumerable.Range(0, together.Count).Select(together.At));
    }

    [Fact]
    public void Scaling_multiplies_all_sums_and_by_zero_empties_them()
    {
        var sums = new TouchedSums();
        sums.AddAll([7, 3], 2);
        sums.Add(3, 1);

        sums.Scale(0.5f);

        Assert.Equal([(7, 1f), (3, 1.5f)], Enumerable.Range(0, sums.Count).Select(sums.At));
        sums.Scale(0);
        sums.Add(3, 4);
        Assert.Equal([(3, 4f)], Enumerable.Range(0, sums.Count).Select(sums.At));
    }
}

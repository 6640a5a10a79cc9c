using Segue.Numerics.Tables;

namespace Segue.Numerics.Tests.Tables;

public class RowTableTests
{
    [Fact]
    public void It_holds_what_a_dictionary_holds_while_it_grows()
    {
        for (ulong world = 0; world < 20; world++)
        {
            var random = new SeededRandom(world, 1);
            var (table, plain) = (new RowTable<float>((int)world), new Dictionary<int, float>());
            for (var n = 0; n < 2000; n++)
            {
                var row = random.NextInt(world % 2 == 0 ? 300 : int.MaxValue);
                table.At(row) += n;
                plain[row] = plain.GetValueOrDefault(row) + n;
            }

            var walked = new Dictionary<int, float>();
            foreach (var (row, value) in table)
            {
                walked.Add(row, value);
            }
            Assert.Equal(plain.OrderBy(pair => pair.Key), walked.OrderBy(pair => pair.Key));
            Assert.Equal(plain.Count, table.Count);
            Assert.All(plain, pair => Assert.Equal((pair.Value, true), (table[pair.Key], table.Contains(pair.Key))));
        }
    }

    [Fact]
    public void An_emptied_table_holds_nothing_and_takes_rows_again()
    {
        var table = new RowTable<int>(4);
        for (var row = 0; row < 100; row++)
        {
            table.At(row) = row;
        }

        table.Clear();
        table.At(50)++;

        Assert.Equal((1, 1, 0, false), (table.Count, table[50], table[51], table.Contains(51)));
    }

    [Fact]
    public void A_row_that_is_not_there_has_the_default_and_is_not_put_in_by_looking()
    {
        var table = new RowTable<int>(4);
        table.At(7, out var wasThere) = 3;

        Assert.False(wasThere);
        Assert.Equal((0, false, 1), (table[8], table.Contains(8), table.Count));
        table.At(7, out wasThere);
        Assert.True(wasThere);
        Assert.Equal(3, table[7]);
    }

    [Fact]
    public void A_row_below_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RowTable<int>(4).At(-1) = 1);
}

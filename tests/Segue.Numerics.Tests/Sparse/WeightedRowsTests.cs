using System.Runtime.InteropServices;
using Segue.Numerics.Sparse;

namespace Segue.Numerics.Tests.Sparse;

public sealed class WeightedRowsTests
{
    private static readonly WeightCodebook Two = new([1, 2], [1, -1]);

    // Row 0: 1, 3; row 1: none; row 2: 0, 1, 2.
    private static WeightedRows Sample() => WeightedRows.Create(4, [0, 2, 2, 5], Two, (row, columns, codes) =>
    {
        (int[] Columns, byte[] Codes) filled = row switch { 0 => ([1, 3], [0, 1]), 2 => ([0, 1, 2], [1, 1, 0]), _ => ([], []) };
        filled.Columns.CopyTo(columns);
        filled.Codes.CopyTo(codes);
    });

    [Fact]
    public void Rows_give_back_what_was_filled_in()
    {
        using var rows = Sample();

        Assert.Equal((3, 4, 5L), (rows.Rows, rows.Columns, rows.Count));
        Assert.Equal([1, 3], rows.ColumnsOf(0));
        Assert.Equal(0, rows.CountOf(1));
        Assert.Equal([1, 1, 0], rows.CodesOf(2).ToArray());
        Assert.Equal(5 * 5 + 8 * 4, rows.Bytes);
    }

    [Fact]
    public void Transposing_exchanges_rows_and_columns_and_twice_changes_nothing()
    {
        using var rows = Sample();
        using var turned = rows.Transpose();
        using var back = turned.Transpose();

        Assert.Equal((4, 3, 5L), (turned.Rows, turned.Columns, turned.Count));
        Assert.Equal([0, 2], turned.ColumnsOf(1));
        Assert.Equal([0, 1], turned.CodesOf(1).ToArray());
        Assert.Equal([2], turned.ColumnsOf(0));
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(rows.ColumnsOf(row), back.ColumnsOf(row));
            Assert.Equal(rows.CodesOf(row).ToArray(), back.CodesOf(row).ToArray());
        }
    }

    [Fact]
    public void Memory_of_another_keeper_is_read_where_it_lies()
    {
        long[] starts = [0, 1, 3];
        int[] columns = [2, 0, 1];
        var (pinnedStarts, pinnedColumns) = (GCHandle.Alloc(starts, GCHandleType.Pinned), GCHandle.Alloc(columns, GCHandleType.Pinned));
        using var owner = new Owner();
        using (var rows = new WeightedRows(2, 3, pinnedStarts.AddrOfPinnedObject(), pinnedColumns.AddrOfPinnedObject(), 0, WeightCodebook.Ones, owner))
        {
            rows.Check();
            Assert.Equal([0, 1], rows.ColumnsOf(1));
            Assert.True(rows.CodesOf(1).IsEmpty);
            columns[0] = 3;
            Assert.Contains("column 3 of 3", Assert.Throws<InvalidDataException>(rows.Check).Message, StringComparison.Ordinal);
            columns[0] = -1;
            Assert.Throws<InvalidDataException>(rows.Check);
            (columns[0], columns[2]) = (2, 0);
            Assert.Throws<InvalidDataException>(rows.Check);
            (columns[2], starts[1]) = (1, 4);
            Assert.Contains("Row 1", Assert.Throws<InvalidDataException>(rows.Check).Message, StringComparison.Ordinal);
        }
        pinnedStarts.Free();
        pinnedColumns.Free();
        Assert.True(owner.IsDisposed);
    }

    [Fact]
    public void A_code_beyond_the_codebook_or_no_codes_at_all_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => WeightedRows.Create(1, [0, 1], Two, (_, _, codes) => codes[0] = 2));
        Assert.Throws<ArgumentException>(() => new WeightedRows(0, 0, 0, 0, 0, Two));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample().ColumnsOf(3));
    }

    private sealed class Owner : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}

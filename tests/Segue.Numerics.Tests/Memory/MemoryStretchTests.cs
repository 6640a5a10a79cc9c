using Segue.Numerics.Memory;

namespace Segue.Numerics.Tests.Memory;

public sealed class MemoryStretchTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"segue-stretch-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_mapped_file_and_its_parts_show_its_bytes_though_it_is_deleted_and_collected_for()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, 200).Select(n => (byte)n)]);
        var part = MemoryStretch.Map(_path).Slice(64, 100).Slice(6, 4);
        File.Delete(_path);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal([70, 71, 72, 73], part.Span(0, 4).ToArray());
        GC.KeepAlive(part);
    }

    [Fact]
    public void An_empty_file_is_an_empty_stretch()
    {
        File.WriteAllBytes(_path, []);

        Assert.Equal(0, MemoryStretch.Map(_path).Length);
    }

    [Fact]
    public void A_part_outside_is_refused()
    {
        var stretch = MemoryStretch.Allocate(100);

        foreach (var (from, length) in new[] { (-1, 1), (0, 101), (101, 0), (100, 1), (3, -1), (int.MaxValue, int.MaxValue) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => stretch.Slice(from, length));
            Assert.Throws<ArgumentOutOfRangeException>(() => stretch.Span(from, length));
        }
        Assert.Equal(0, stretch.Slice(100, 0).Length);
    }

    [Fact]
    public void Bytes_are_a_matrix_in_place_where_shape_and_alignment_agree()
    {
        var stretch = MemoryStretch.Allocate(64);
        var matrix = stretch.AsMatrix(2, 8);
        matrix.Row(1)[0] = 1;

        Assert.Equal([0, 0, 128, 63], stretch.Span(32, 4).ToArray());
        Assert.Equal(64, stretch.Span(0, 64).Length);
        Assert.Throws<ArgumentException>(() => stretch.AsMatrix(2, 7));
        Assert.Throws<ArgumentException>(() => stretch.Slice(1, 32).AsMatrix(1, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => stretch.AsMatrix(-2, -8));
    }
}

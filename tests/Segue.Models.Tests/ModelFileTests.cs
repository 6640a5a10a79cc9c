using System.Buffers.Binary;
using Segue.Numerics;

namespace Segue.Models.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"segue-model-{Guid.NewGuid():N}.model");

    public void Dispose() => File.Delete(_path);

    private static ModelFile Sample()
    {
        var file = new ModelFile("kind", 2, 3, new Dictionary<string, double> { ["b"] = 0.1, ["a"] = 1e-9 });
        file.Add("x", [1.5f, -2, float.Epsilon]);
        file.Add<int>("y", []);
        file.Add("z", new DenseMatrix(2, 3, [1, 2, 3, 4, 5, 6]));
        return file;
    }

    private static byte[] Bytes(ModelFile file)
    {
        using var stream = new MemoryStream();
        file.WriteTo(stream);
        return stream.ToArray();
    }

    private static ModelFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return ModelFile.ReadFrom(stream);
    }

    private ModelFile Open(byte[] bytes)
    {
        File.Delete(_path);   // a new file: an earlier one may be mapped still
        File.WriteAllBytes(_path, bytes);
        return ModelFile.Open(_path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read(bool inPlace)
    {
        var file = inPlace ? Open(Bytes(Sample())) : Read(Bytes(Sample()));

        Assert.Equal(("kind", 2, 3), (file.Kind, file.Users, file.Items));
        Assert.Equal(new Dictionary<string, double> { ["a"] = 1e-9, ["b"] = 0.1 }, file.Settings);
        Assert.Equal([1.5f, -2, float.Epsilon], file.Get<float>("x", 3));
        Assert.Empty(file.Get<int>("y"));
        Assert.Equal([4, 5, 6], file.GetMatrix("z", 2, 3).Row(1));
        Assert.True(file.Has("z") && !file.Has("w"));
        file.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(Sample()), Bytes(file));
    }

    [Fact]
    public void Every_section_begins_at_a_multiple_of_64_and_the_file_ends_at_one()
    {
        var bytes = Bytes(Sample());
        var y = bytes.AsSpan().IndexOf(new byte[] { 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64 });   // 1, 2, 3

        Assert.Equal((0, 0), (bytes.Length % 64, y % 64));
    }

    [Fact]
    public void The_order_of_the_settings_does_not_change_the_bytes()
        => Assert.Equal(
            Bytes(new("k", 0, 0, new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 })),
            Bytes(new("k", 0, 0, new Dictionary<string, double> { ["b"] = 2, ["a"] = 1 })));

    [Fact]
    public void An_array_that_is_absent_or_of_another_length_is_named()
    {
        Assert.Contains("'w'", Assert.Throws<InvalidDataException>(() => Sample().Get<float>("w")).Message, StringComparison.Ordinal);
        Assert.Contains("3 elements; 4", Assert.Throws<InvalidDataException>(() => Sample().Get<float>("x", 4)).Message, StringComparison.Ordinal);
        Assert.Contains("1.5 elements; a whole number", Assert.Throws<InvalidDataException>(() => Sample().Get<long>("x")).Message, StringComparison.Ordinal);
        Assert.Contains("6 elements; 9", Assert.Throws<InvalidDataException>(() => Sample().GetMatrix("z", 3, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Sample().Add("x", [1f]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("SEGUEMDL")]
    [InlineData("This is some other file of more than sixteen bytes.")]
    public void Another_file_is_refused(string text)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);

        Assert.Throws<InvalidDataException>(() => Read(bytes));
        Assert.Throws<InvalidDataException>(() => Open(bytes));
    }

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        var bytes = Bytes(Sample());
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 3);

        foreach (var read in new Func<byte[], ModelFile>[] { Read, Open })
        {
            Assert.Contains("format 3; this program reads formats 1 to 2", Assert.Throws<InvalidDataException>(() => read(bytes)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_mapped_file_is_found_at_the_latest_when_it_is_verified()
    {
        var bytes = Bytes(Sample());
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => Open(bytes).Verify(TestContext.Current.CancellationToken));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Open(bytes).Verify(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_mapped_file_that_is_cut_short_or_longer_is_refused_when_it_is_opened()
    {
        var bytes = Bytes(Sample());

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Throws<InvalidDataException>(() => Open(bytes[..length])));
        Assert.Throws<InvalidDataException>(() => Open([.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => Open([.. bytes, .. new byte[64]]));
    }

    [Fact]
    public void Damage_in_an_array_that_is_copied_is_found_at_once_and_in_one_in_place_by_its_name_later()
    {
        var bytes = Bytes(Sample());
        bytes[bytes.AsSpan().IndexOf(new byte[] { 0, 0, 192, 63, 0, 0, 0, 192 })] ^= 1;   // 1.5, -2
        bytes[bytes.AsSpan().IndexOf(new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 })] ^= 1;   // 1, 2

        var file = Open(bytes);

        Assert.Contains("'x'", Assert.Throws<InvalidDataException>(() => file.Get<float>("x")).Message, StringComparison.Ordinal);
        Assert.NotEqual(1, file.GetMatrix("z", 2, 3).Row(0)[0]);
        Assert.Contains("'x'", Assert.Throws<InvalidDataException>(() => file.Verify(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_several_blocks_and_a_part_is_written_and_read_whole()
    {
        var matrix = new DenseMatrix(700_001, 3);   // outside the collected heap, and no multiple of a block
        for (var row = 0; row < matrix.Rows; row++)
        {
            matrix.Row(row).Fill(row);
        }
        var written = new ModelFile("kind", 0, 0, new Dictionary<string, double>());
        written.Add("matrix", matrix);
        written.Add("list", Enumerable.Range(0, 300_001).ToArray());

        var file = Open(Bytes(written));

        file.Verify(TestContext.Current.CancellationToken);
        var read = file.GetMatrix("matrix", 700_001, 3);
        Assert.All(Enumerable.Range(0, 700_001).Where(row => row % 1000 == 1 || row == 700_000), row => Assert.Equal(matrix.Row(row), read.Row(row)));
        Assert.Equal(Enumerable.Range(0, 300_001), file.Get<int>("list"));
    }

    [Fact]
    public void An_array_of_more_than_two_gigabytes_is_written_opened_and_proved()
    {
        const int Rows = 8_400_000, Columns = 64;
        const long Last = 4L * Rows * Columns - 4;
        var written = new ModelFile("kind", 0, 0, new Dictionary<string, double>());
        written.Add("matrix", Last + 4, (from, target) =>
        {
            target.Clear();
            if (from + target.Length > Last)
            {
                BinaryPrimitives.WriteSingleLittleEndian(target[(int)(Last - from)..], 7);
            }
        });
        using (var file = File.Create(_path))
        using (var holes = new HoleWriter(file))
        {
            written.WriteTo(holes);
            file.SetLength(file.Position);
        }

        var read = ModelFile.Open(_path);

        read.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(7, read.GetMatrix("matrix", Rows, Columns).Row(Rows - 1)[Columns - 1]);
        using (var file = File.OpenWrite(_path))
        {
            file.Position = file.Length - 1;
            file.WriteByte(1);
        }
        Assert.Throws<InvalidDataException>(() => ModelFile.Open(_path).Verify(TestContext.Current.CancellationToken));
    }

    /// <summary>Leaves holes in the file where zeros are written: they take no disk.</summary>
    private sealed class HoleWriter(FileStream file) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.ContainsAnyExcept((byte)0))
            {
                file.Write(buffer);
            }
            else
            {
                file.Position += buffer.Length;
            }
        }
    }

    [Fact]
    public void A_file_that_is_deleted_or_replaced_while_it_is_looked_at_stays_as_it_was()
    {
        var matrix = Open(Bytes(Sample())).GetMatrix("z", 2, 3);
        File.Delete(_path);
        File.WriteAllBytes(_path, new byte[4096]);
        for (var n = 0; n < 3; n++)
        {
            GC.Collect();   // who holds the matrix holds the map
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], matrix.AsSpan());
    }

    [Fact]
    public void A_write_to_a_mapped_array_does_not_reach_the_file()
    {
        var bytes = Bytes(Sample());

        Open(bytes).GetMatrix("z", 2, 3).Row(0).Clear();

        Assert.Equal(bytes, File.ReadAllBytes(_path));
    }
}

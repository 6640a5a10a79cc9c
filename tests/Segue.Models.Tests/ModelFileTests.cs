namespace Segue.Models.Tests;

public sealed class ModelFileTests
{
    private static ModelFile Sample()
    {
        var file = new ModelFile("kind", 2, 3, new Dictionary<string, double> { ["b"] = 0.1, ["a"] = 1e-9 });
        file.Add<float>("x", [1.5f, -2, float.Epsilon]);
        file.Add<int>("y", []);
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

    [Fact]
    public void What_was_written_is_read()
    {
        var file = Read(Bytes(Sample()));

        Assert.Equal(("kind", 2, 3), (file.Kind, file.Users, file.Items));
        Assert.Equal(new Dictionary<string, double> { ["a"] = 1e-9, ["b"] = 0.1 }, file.Settings);
        Assert.Equal([1.5f, -2, float.Epsilon], file.Get<float>("x", 3));
        Assert.Empty(file.Get<int>("y"));
    }

    [Fact]
    public void The_order_of_the_settings_does_not_change_the_bytes()
        => Assert.Equal(
            Bytes(new("k", 0, 0, new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 })),
            Bytes(new("k", 0, 0, new Dictionary<string, double> { ["b"] = 2, ["a"] = 1 })));

    [Fact]
    public void An_array_that_is_absent_or_of_another_length_is_named()
    {
        Assert.Contains("'z'", Assert.Throws<InvalidDataException>(() => Sample().Get<float>("z")).Message, StringComparison.Ordinal);
        Assert.Contains("3 elements; 4", Assert.Throws<InvalidDataException>(() => Sample().Get<float>("x", 4)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("SEGUEMDL")]
    [InlineData("This is some other file of more than sixteen bytes.")]
    public void Another_file_is_refused(string text)
        => Assert.Throws<InvalidDataException>(() => Read(System.Text.Encoding.ASCII.GetBytes(text)));
}

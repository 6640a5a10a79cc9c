using System.Text.Json;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Models.Sound;
using Segue.Numerics.Networks;

namespace Segue.Models.Tests.Sound;

public sealed class SoundModelFileTests
{
    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "Sound", name);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_that_was_written_makes_the_vectors_it_made(bool hasEncoder)
    {
        var model = SoundWorld.Model(hasEncoder);

        var (read, settings) = SoundWorld.Read(SoundWorld.Bytes(model));

        Assert.Equal(7, settings["steps"]);
        Assert.Equal(hasEncoder ? 1 : 0, read.Encoders.Count);
        Assert.All(Enumerable.Range(0, 5), track => Assert.Equal(model.VectorOf(SoundWorld.Track((ulong)track)), read.VectorOf(SoundWorld.Track((ulong)track))));
        Assert.Equal(SoundWorld.Bytes(model), SoundWorld.Bytes(read));
    }

    [Fact]
    public void A_file_of_an_earlier_program_makes_the_vectors_it_made_then()
    {
        var (model, settings) = SoundWorld.Read(File.ReadAllBytes(Golden("sound-2.model")));
        var expected = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(Golden("sound.vectors.json")))!;

        Assert.Equal(7, settings["steps"]);
        Assert.Equal(3, expected.Length);
        Assert.Equal(File.ReadAllBytes(Golden("sound-2.model")), SoundWorld.Bytes(model));
        Assert.All(Enumerable.Range(0, expected.Length), track =>   // processors of another vector width add in another order
            Assert.All(model.VectorOf(SoundWorld.Track((ulong)track)).Zip(expected[track]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f)));
    }

    [Fact]
    public void Every_damaged_byte_and_every_cut_is_told()
    {
        var bytes = SoundWorld.Bytes(SoundWorld.Model());
        for (var at = 0; at < bytes.Length; at += 61)
        {
            bytes[at] ^= 8;
            Assert.Throws<InvalidDataException>(() => SoundWorld.Read(bytes));
            bytes[at] ^= 8;
        }
        for (var length = 0; length < bytes.Length; length += 797)
        {
            Assert.Throws<InvalidDataException>(() => SoundWorld.Read(bytes[..length]));
        }
        Assert.Equal(SoundWorld.Dimensions, SoundWorld.Read(bytes).Model.Dimensions);
    }

    [Fact]
    public void Another_kind_of_model_and_another_form_are_refused_by_name()
    {
        var stream = new MemoryStream();
        new ModelFile("als", 0, 0, new Dictionary<string, double>()).WriteTo(stream);
        Assert.Contains("of the kind 'als', not a sound model", Assert.Throws<InvalidDataException>(() => SoundWorld.Read(stream.ToArray())).Message, StringComparison.Ordinal);

        var empty = new MemoryStream();
        new ModelFile(SoundModelFile.Kind, 0, 0, new Dictionary<string, double>()).WriteTo(empty);
        Assert.Throws<InvalidDataException>(() => SoundWorld.Read(empty.ToArray()));

        var form = new ModelFile(SoundModelFile.Kind, 0, 0, new Dictionary<string, double>());
        form.Add<int>("projection.blocks", [2]);
        form.Add<float>("projection.weights", [1]);
        foreach (var name in (string[])["mean", "scale", "center", "directions"])
        {
            form.Add<float>("projection." + name, [1, 2]);
        }
        form.Add("bandMeans", new float[128]);
        form.Add<float>("deviation", [1]);
        var other = new MemoryStream();
        form.WriteTo(other);
        Assert.Contains("another form", Assert.Throws<InvalidDataException>(() => SoundWorld.Read(other.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_that_a_file_cannot_keep_is_refused_before_anything_is_written()
    {
        var own = new OwnEncoder();
        var features = SoundModel.BlocksOf([own]).Sum();
        var model = new SoundModel([own], new(new float[128], 1), new(SoundModel.BlocksOf([own]), SoundModel.WeightsOf([own]), new float[features], new float[features], new float[features], new(2, features)));
        using var stream = new MemoryStream();

        Assert.Contains(nameof(OwnEncoder), Assert.Throws<NotSupportedException>(() => SoundModelFile.Write(model, new Dictionary<string, double>(), stream)).Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    private sealed class OwnEncoder : ISoundEncoder
    {
        public int Size => 2;
        public NetworkState State => new ContrastiveEncoder(new(), 1).State;
        public void Embed(ReadOnlySpan<float> crops, int count, int frames, Span<float> embeddings, int threads = 1) => embeddings.Clear();
    }
}

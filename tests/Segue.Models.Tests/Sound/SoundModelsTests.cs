using System.Security.Cryptography;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Audio.Onnx;
using Segue.Models.Sound;

namespace Segue.Models.Tests.Sound;

public sealed class SoundModelsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("segue-sound-models-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private SoundModels Models => new(Path.Combine(_directory, "models"));

    private static SoundModelCard Card(int steps) => new(
        "abc", Tracks: 40, Albums: 5, steps, CpuSeconds: 1.5, WarmFrom: "sound-000001", new Dictionary<string, double> { ["steps"] = steps }, new Dictionary<string, double> { ["sound.map"] = 0.5 });

    [Fact]
    public void A_published_model_comes_back_with_its_card()
    {
        Assert.Equal((null, true), (Models.Current(), Models.LoadCurrent() is null));

        Assert.Equal("sound-000001", Models.Publish(SoundWorld.Model(), Card(3)));
        Assert.Equal("sound-000002", Models.Publish(SoundWorld.Model(seed: 2), Card(4)));

        var (version, model, card) = Models.LoadCurrent()!.Value;
        Assert.Equal(("sound-000002", "sound-000002"), (Models.Current(), version));
        Assert.Equal(SoundWorld.Model(seed: 2).VectorOf(SoundWorld.Track(1)), model.VectorOf(SoundWorld.Track(1)));
        Assert.Equal(Card(4) with { Settings = card.Settings, Evaluation = card.Evaluation }, card);
        Assert.Equal((4, 0.5), (card.Settings["steps"], card.Evaluation["sound.map"]));
    }

    [Fact]
    public void A_backbone_is_copied_beside_its_model_and_another_file_is_refused()
    {
        var (file, other) = (Path.Combine(_directory, "mine.onnx"), Path.Combine(_directory, "other.onnx"));
        File.WriteAllText(file, "a model of one's own");
        File.WriteAllText(other, "another");
        var backbone = new BackboneDescription(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), 20, OnnxInput.LogMel, Dimensions: 3);
        var model = SoundWorld.Model(backbone: backbone);

        Assert.Contains(backbone.Sha256, Assert.Throws<InvalidDataException>(() => Models.Publish(model, Card(1), backboneFile: other)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Models.Publish(model, Card(1)));
        Assert.Null(Models.Current());
        var version = Models.Publish(model, Card(1), backboneFile: file);

        var read = Models.LoadCurrent()!.Value.Model;
        Assert.Equal(backbone, read.Backbone);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Models.BackboneFile(version)));
        var track = SoundWorld.Track(1) with { Layer = [1, -2, 3] };
        Assert.Equal(model.VectorOf(track), read.VectorOf(track));
        Assert.NotEqual(model.VectorOf(track), model.VectorOf(track with { Layer = [3, 2, 1] }));
        Assert.Contains("a layer of 0 numbers; the model's backbone gives 3", Assert.Throws<ArgumentException>(() => model.VectorOf(SoundWorld.Track(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_a_version_is_made_before_it_is_current_and_anew_when_another_was_published_meanwhile()
    {
        var told = new List<(string Next, string? Current)>();

        var version = Models.Publish(SoundWorld.Model(), Card(3), next =>
        {
            told.Add((next, Models.Current()));
            if (told.Count == 1)
            {
                Models.Publish(SoundWorld.Model(seed: 2), Card(4));   // another process: the lock is free meanwhile
            }
        });

        Assert.Equal([("sound-000001", null), ("sound-000002", "sound-000001")], told);
        Assert.Equal(("sound-000002", 3), (version, Models.LoadCurrent()!.Value.Card.Steps));
    }

    [Fact]
    public void Old_versions_go_and_the_one_in_use_stays()
    {
        for (var n = 1; n <= 4; n++)
        {
            Models.Publish(SoundWorld.Model(hasEncoder: false), Card(n));
        }

        Assert.Equal(["sound-000001", "sound-000002"], Models.Prune(2));
        Assert.Empty(Models.Prune(2));
        Assert.Equal(4, Models.LoadCurrent()!.Value.Card.Steps);
    }

    [Theory]
    [InlineData("sound.model")]
    [InlineData("card.json")]
    public void Damage_is_told_with_the_path_of_the_file(string name)
    {
        Models.Publish(SoundWorld.Model(), Card(3));
        var path = Path.Combine(_directory, "models", "000001", name);
        var bytes = File.ReadAllBytes(path);

        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Models.LoadCurrent()).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Models.LoadCurrent()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_brings_the_encoder_back_with_the_state_of_its_training()
    {
        var (trained, crops) = (SoundWorld.Encoder(), new float[4 * Audio.TrackFeatures.WindowBytes]);
        for (var n = 0; n < crops.Length; n++)
        {
            crops[n] = MathF.Sin(n * 0.37f + n / Audio.TrackFeatures.WindowBytes);
        }
        void Step(ContrastiveEncoder encoder) => encoder.TrainStep(crops, 4, Audio.TrackFeatures.FramesOfWindow, [0, 0, 1, 1], 1e-2f, 1);
        Step(trained);
        var checkpoint = new SoundCheckpoint(Path.Combine(_directory, "sound.checkpoint"), recipe: 5);
        checkpoint.Save(trained, step: 1);
        var restored = SoundWorld.Encoder(seed: 3);

        Assert.Equal(1, checkpoint.Restore(restored));
        Step(trained);
        Step(restored);   // with the moments of the first step

        Assert.Equal(State(trained), State(restored));
    }

    [Fact]
    public void A_checkpoint_that_is_anothers_or_damaged_is_passed_over()
    {
        var path = Path.Combine(_directory, "sound.checkpoint");
        new SoundCheckpoint(path, recipe: 5).Save(SoundWorld.Encoder(), step: 3);
        var (encoder, before) = (SoundWorld.Encoder(seed: 2), State(SoundWorld.Encoder(seed: 2)));

        Assert.Equal(0, new SoundCheckpoint(path, recipe: 6).Restore(encoder));
        Assert.Equal(0, new SoundCheckpoint(path, recipe: 5).Restore(new ContrastiveEncoder(new() { Channels = [2, 3, 2, 5], Projection = 5 }, 1)));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(0, new SoundCheckpoint(path, recipe: 5).Restore(encoder));
        File.WriteAllBytes(path, bytes[..100]);
        Assert.Equal(0, new SoundCheckpoint(path, recipe: 5).Restore(encoder));

        Assert.Equal(before, State(encoder));
    }

    private static float[] State(ContrastiveEncoder encoder) => [.. encoder.State.All.SelectMany(part => part.Values)];
}

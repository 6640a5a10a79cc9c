using Segue.Audio;
using Segue.Audio.Onnx;
using Segue.Audio.Tests.Onnx;
using Segue.Features.Sound;
using Segue.Models.Sound;
using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

/// <summary>Trainings with an ONNX model that somebody brings.</summary>
public sealed class BackboneTrainingTests : IDisposable
{
    private static readonly SoundTrainingOptions Short = new() { Steps = 2, Batch = 8, Threads = 1 };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-backbone-training-");
    private readonly SoundLibrary _library;
    private readonly HeardLibrary _heard;

    public BackboneTrainingTests()
    {
        Assert.SkipUnless(OnnxLibrary.IsPresent, "ONNX Runtime's library is not on this machine: build/natives/onnx/fetch gets it (about 115 MB).");
        _library = new(In("music.db"));
        _heard = new(_library, In("files"));
        for (var n = 0; n < 12; n++)
        {
            _heard.Add(new($"t{n:D3}"), n / 4, $"album {n / 4}");
        }
    }

    public void Dispose()
    {
        _library?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SoundModels Models => new(In("models"));

    private SoundTrainer Trainer => new(_library, Models, In("work"));

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, byte[] model)
    {
        File.WriteAllBytes(In(name), model);
        return In(name);
    }

    private static byte[] OfSpectra(int outputs)
        => TinyOnnx.MeanOfRelu(-1, TrackFeatures.Bands, [.. Enumerable.Range(0, outputs * TrackFeatures.Bands).Select(n => MathF.Sin(n))]);

    [Fact]
    public void A_training_takes_a_backbone_in_the_next_goes_on_with_it_and_one_that_is_told_to_leaves_it()
    {
        var file = Write("mine.onnx", OfSpectra(6));

        var (version, _) = Trainer.Train(Short with { BackboneFile = file }, [], hear: Deaf, cancellation: Cancellation);
        File.Delete(file);   // the store is whole

        var model = Models.LoadCurrent()!.Value.Model;
        Assert.Equal((6, model.Projection.Features), (model.Backbone!.Dimensions, SoundBlocks(model)));
        Assert.Equal(12, _library.ReadVectors(version).Count());
        Assert.Empty(_library.TracksWithoutLayer(model.Backbone.Sha256));
        var (next, card) = Trainer.Train(Short, [], hear: Deaf, cancellation: Cancellation);
        Assert.Equal((version, model.Backbone), (card.WarmFrom, Models.LoadCurrent()!.Value.Model.Backbone));
        Assert.True(File.Exists(Models.BackboneFile(next)));
        Trainer.Train(Short with { LeaveBackbone = true }, [], hear: Deaf, cancellation: Cancellation);
        Assert.Null(Models.LoadCurrent()!.Value.Model.Backbone);
        Assert.Equal(12, _library.TracksWithoutLayer(model.Backbone.Sha256).Count);
    }

    [Fact]
    public void A_new_track_gets_its_layer_and_its_vector_and_layers_that_are_there_need_no_runtime()
    {
        var (version, _) = Trainer.Train(Short with { BackboneFile = Write("mine.onnx", OfSpectra(6)) }, [], hear: Deaf, cancellation: Cancellation);
        var model = Models.LoadCurrent()!.Value.Model;
        _heard.Add(new("new"), 1);

        Assert.Equal((1, 0), Trainer.EmbedAll(version, model, Deaf, threads: 1, cancellation: Cancellation));

        File.Delete(Models.BackboneFile(version));
        _library.KeepVectorsOf();
        Assert.Equal((13, 0), Trainer.EmbedAll(version, model, Deaf, threads: 2, cancellation: Cancellation));
        _heard.Add(new("newer"), 1);
        Assert.Contains(version, Assert.Throws<InvalidDataException>(() => Trainer.EmbedAll(version, model, Deaf, threads: 1, cancellation: Cancellation)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("newer", _library.ReadVectors(version).Select(vector => vector.Track.Value));
    }

    [Fact]
    public void A_backbone_of_samples_hears_every_file_once()
    {
        var file = Write("samples.onnx", TinyOnnx.ReluOf(22_050, new float[22_050]));
        var heard = new List<string>();
        TrackFeatures? Hear(string path, Audio.Embedding.Backbone? backbone, CancellationToken cancellation)
        {
            Assert.Equal(OnnxInput.Samples, backbone!.Description.Input);
            lock (heard)
            {
                heard.Add(path);
            }
            return HeardLibrary.Features(new("any"), 1) with { Layer = [path.Length] };
        }

        Trainer.Train(Short with { BackboneFile = file }, [], hear: Hear, cancellation: Cancellation);
        Assert.Equal(12, heard.Distinct(StringComparer.Ordinal).Count());
        Trainer.Train(Short, [], hear: Hear, cancellation: Cancellation);
        Assert.Equal(12, heard.Count);
    }

    [Fact]
    public void A_backbone_that_fails_at_every_track_is_told_with_its_fault_and_one_that_does_not_fit_with_its_shape_and_nothing_is_published()
    {
        var failing = Write("failing.onnx", TinyOnnx.InverseOfMean());
        HearAgain fails = (_, backbone, _) => throw new OnnxException("gave a number that is not finite");

        Assert.Contains("has 0 of which the backbone makes a layer: gave a number", Assert.Throws<TooFewTracksException>(
            () => Trainer.Train(Short with { BackboneFile = failing }, [], hear: fails, cancellation: Cancellation)).Message, StringComparison.Ordinal);
        var wide = Write("wide.onnx", TinyOnnx.MeanOfRelu(-1, 96, new float[96]));
        Assert.Contains("[1 × frames × 96]", Assert.Throws<OnnxException>(
            () => Trainer.Train(Short with { BackboneFile = wide }, [], hear: Deaf, cancellation: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Null(Models.Current());
    }

    private static TrackFeatures? Deaf(string path, Audio.Embedding.Backbone? backbone, CancellationToken cancellation) => null;

    private static int SoundBlocks(Audio.Embedding.SoundModel model) => Audio.Embedding.SoundModel.BlocksOf(model.Encoders).Sum() + 6;
}

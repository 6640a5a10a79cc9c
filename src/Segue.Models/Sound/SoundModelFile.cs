using System.Globalization;
using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Audio.Onnx;
using Segue.Numerics;

namespace Segue.Models.Sound;

/// <summary>A sound model in the container of all models.</summary>
/// <remarks>Holds what makes vectors, not the state of the optimizer: a later training begins from the weights.</remarks>
public static class SoundModelFile
{
    public const string Kind = "sound";
    private const string AutoencoderKind = "sound-autoencoder", Sizes = "sizes", Projection = "projection.", Encoder = "encoder", Backbone = "backbone.";

    /// <param name="settings">What the training was set to, by name.</param>
    public static void Write(SoundModel model, IReadOnlyDictionary<string, double> settings, Stream stream)
    {
        var file = new ModelFile(Kind, users: 0, items: 0, settings);
        var projection = model.Projection;
        file.Add<int>(Projection + "blocks", [.. projection.Blocks]);
        file.Add<float>(Projection + "weights", [.. projection.Weights]);
        file.Add(Projection + "mean", projection.Mean.ToArray());
        file.Add(Projection + "scale", projection.Scale.ToArray());
        file.Add(Projection + "center", projection.Center.ToArray());
        file.Add(Projection + "directions", projection.Directions);
        file.Add("bandMeans", model.Scale.Means);
        file.Add<float>("deviation", [model.Scale.Deviation]);
        for (var n = 0; n < model.Encoders.Count; n++)
        {
            var encoder = model.Encoders[n] as ContrastiveEncoder
                ?? throw new NotSupportedException($"A model file keeps contrastive encoders only, not a {model.Encoders[n].GetType().Name}.");
            file.Add<int>(NameOf(n, "channels"), [.. encoder.Options.Channels, encoder.Options.Projection]);
            foreach (var (name, values) in encoder.State.Weights)
            {
                file.Add(NameOf(n, name), values);
            }
        }
        if (model.Backbone is { } backbone)
        {
            file.Add<byte>(Backbone + "sha256", Convert.FromHexString(backbone.Sha256));
            file.Add<long>(Backbone + "shape", [backbone.Bytes, (long)backbone.Input, backbone.Dimensions]);
        }
        file.WriteTo(stream);
    }

    /// <exception cref="InvalidDataException">The file is damaged, or holds no sound model of this program's networks.</exception>
    public static (SoundModel Model, IReadOnlyDictionary<string, double> Settings) Read(Stream stream)
    {
        var file = ModelFile.ReadFrom(stream);
        if (file.Kind != Kind)
        {
            throw new InvalidDataException($"The file holds a model of the kind '{file.Kind}', not a sound model.");
        }
        try
        {
            var encoders = new List<ISoundEncoder>();
            while (file.Has(NameOf(encoders.Count, "channels")))
            {
                encoders.Add(ReadEncoder(file, encoders.Count));
            }
            var mean = file.Get<float>(Projection + "mean");
            var directions = file.Get<float>(Projection + "directions");
            var projection = new SoundProjection(
                file.Get<int>(Projection + "blocks"), file.Get<float>(Projection + "weights"), mean, file.Get<float>(Projection + "scale", mean.Length),
                file.Get<float>(Projection + "center", mean.Length), new DenseMatrix(directions.Length / Math.Max(1, mean.Length), mean.Length, directions));
            var scale = new SpectrumScale(file.Get<float>("bandMeans", TrackFeatures.Bands), file.Get<float>("deviation", 1)[0]);
            return (new(encoders, scale, projection, ReadBackbone(file)), file.Settings);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"The file holds a sound model of another form: {fault.Message}", fault);
        }
    }

    /// <summary>Writes an autoencoder, which a model competes with.</summary>
    public static void WriteAutoencoder(SpectrogramAutoencoder autoencoder, Stream stream)
    {
        var file = new ModelFile(AutoencoderKind, users: 0, items: 0, new Dictionary<string, double>());
        file.Add<int>(Sizes, [autoencoder.Options.Channels, autoencoder.Options.Bottleneck]);
        foreach (var (name, values) in autoencoder.State.Weights)
        {
            file.Add(name, values);
        }
        file.WriteTo(stream);
    }

    /// <exception cref="InvalidDataException">The file is damaged, or holds something else.</exception>
    public static SpectrogramAutoencoder ReadAutoencoder(Stream stream)
    {
        var file = ModelFile.ReadFrom(stream);
        if (file.Kind != AutoencoderKind)
        {
            throw new InvalidDataException($"The file holds a model of the kind '{file.Kind}', not an autoencoder.");
        }
        try
        {
            var sizes = file.Get<int>(Sizes, 2);
            var autoencoder = new SpectrogramAutoencoder(new() { Channels = sizes[0], Bottleneck = sizes[1] }, seed: 0);
            autoencoder.State.Restore([.. autoencoder.State.Weights.Select(part => (part.Name, file.Get<float>(part.Name, part.Values.Length)))]);
            return autoencoder;
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"The file holds an autoencoder of another form: {fault.Message}", fault);
        }
    }

    private static BackboneDescription? ReadBackbone(ModelFile file)
    {
        if (!file.Has(Backbone + "sha256"))
        {
            return null;
        }
        var shape = file.Get<long>(Backbone + "shape", 3);
        return new(Convert.ToHexStringLower(file.Get<byte>(Backbone + "sha256", 32)), shape[0], (OnnxInput)shape[1], checked((int)shape[2]));
    }

    private static ContrastiveEncoder ReadEncoder(ModelFile file, int n)
    {
        var channels = file.Get<int>(NameOf(n, "channels"), 5);
        var encoder = new ContrastiveEncoder(new() { Channels = channels[..4], Projection = channels[4] }, seed: 0);
        encoder.State.Restore([.. encoder.State.Weights.Select(part => (part.Name, file.Get<float>(NameOf(n, part.Name), part.Values.Length)))]);
        return encoder;
    }

    private static string NameOf(int encoder, string part) => string.Create(CultureInfo.InvariantCulture, $"{Encoder}{encoder}.{part}");
}

using System.Security.Cryptography;
using System.Text.Json;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Audio.Onnx;
using Segue.Events.Files;
using Segue.Models.Registry;

namespace Segue.Models.Sound;

/// <summary>What is known of a published sound model.</summary>
/// <param name="DataHash">SHA-256 over what it was trained on: the tracks' ids, albums and sounds.</param>
/// <param name="Tracks">Tracks it was trained on.</param>
/// <param name="Albums">Albums that told what is alike.</param>
/// <param name="Steps">Training steps, those of the models it went on from included.</param>
/// <param name="CpuSeconds">Processor time of the training.</param>
/// <param name="WarmFrom">The version it went on from; null when it began anew.</param>
/// <param name="Settings">What the training was set to, by name.</param>
/// <param name="Evaluation">Figures by the name of the measure; empty where too few albums are known.</param>
public sealed record SoundModelCard(
    string DataHash, int Tracks, int Albums, int Steps, double CpuSeconds, string? WarmFrom,
    IReadOnlyDictionary<string, double> Settings, IReadOnlyDictionary<string, double> Evaluation);

/// <summary>The published sound models of a store, in numbered folders: never changed, exchanged by one rename.</summary>
public sealed class SoundModels(string directory)
{
    /// <summary>Versions of sound models begin so, that none is taken for one of taste.</summary>
    private const string Prefix = "sound-";

    private const string ModelName = "sound.model", CardName = "card.json", BackboneName = "backbone.onnx", AutoencoderName = "autoencoder.model";
    private readonly VersionedFolders _folders = new(directory);

    /// <summary>The version in use, such as <c>sound-000002</c>; null when there is none.</summary>
    public string? Current() => _folders.Current() is { } version ? Prefix + version : null;

    /// <summary>Writes a model and makes it the current one.</summary>
    /// <param name="prepare">Told the version before it is current: vectors may be made under it, so that whoever takes it up finds them. When it throws, nothing is published.</param>
    /// <param name="backboneFile">The file of the model's backbone, which is copied beside it; null where it has none.</param>
    /// <param name="autoencoder">Kept beside the model, for the next training of challengers to go on from; null: none.</param>
    /// <returns>Its version.</returns>
    /// <exception cref="InvalidDataException">The backbone's file is not the one that the model was fitted with; nothing is published.</exception>
    /// <exception cref="IOException">Another process publishes for longer than a minute, or the disk failed; what was in use is in use still.</exception>
    public string Publish(SoundModel model, SoundModelCard card, Action<string>? prepare = null, string? backboneFile = null, SpectrogramAutoencoder? autoencoder = null)
    {
        for (string? prepared = null; ;)   // what takes long is done while others may publish
        {
            using (_folders.Alone())
            {
                var next = _folders.Next();
                if (prepare is null || prepared == next)
                {
                    return Prefix + _folders.Publish(folder =>
                    {
                        Write(folder, model, card);
                        if (model.Backbone is { } backbone)
                        {
                            Copy(backboneFile ?? throw new ArgumentException("A model with a backbone is published with its file.", nameof(backboneFile)), folder, backbone);
                        }
                        if (autoencoder is not null)
                        {
                            DurableFile.Replace(Path.Combine(folder, AutoencoderName), file => SoundModelFile.WriteAutoencoder(autoencoder, file));
                        }
                    });
                }
                prepared = next;
            }
            prepare(Prefix + prepared);
        }
    }

    /// <summary>The same of a model without backbone, unless another was published since.</summary>
    /// <param name="seen">The version that was in use when the model was decided on; null for none.</param>
    /// <returns>Null where another version is in use.</returns>
    /// <exception cref="IOException">Another process publishes for longer than a minute, or the disk failed; what was in use is in use still.</exception>
    public string? PublishAfter(string? seen, SoundModel model, SoundModelCard card)
    {
        using var alone = _folders.Alone();
        return Current() == seen ? Prefix + _folders.Publish(folder => Write(folder, model, card)) : null;
    }

    private static void Write(string folder, SoundModel model, SoundModelCard card)
    {
        DurableFile.Replace(Path.Combine(folder, ModelName), file => SoundModelFile.Write(model, card.Settings, file));
        DurableFile.Replace(Path.Combine(folder, CardName), file => JsonSerializer.Serialize(file, card, JsonSerializerOptions.Web));
    }

    /// <summary>Loads the model in use, and proves every byte of it.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public (string Version, SoundModel Model, SoundModelCard Card)? LoadCurrent()
    {
        if (_folders.Current() is not { } version)
        {
            return null;
        }
        var (model, card) = (Path.Combine(_folders.PathOf(version), ModelName), Path.Combine(_folders.PathOf(version), CardName));
        try
        {
            using var file = File.OpenRead(model);
            return (Prefix + version, SoundModelFile.Read(file).Model,
                JsonSerializer.Deserialize<SoundModelCard>(File.ReadAllBytes(card), JsonSerializerOptions.Web) ?? throw new JsonException("it is null"));
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            throw new InvalidDataException($"{(fault is JsonException ? card : model)}: {fault.Message}", fault);
        }
    }

    /// <summary>When the model in use was published; null when there is none.</summary>
    public DateTimeOffset? PublishedAt()
        => _folders.Current() is { } version ? new(File.GetLastWriteTimeUtc(Path.Combine(_folders.PathOf(version), CardName))) : null;

    /// <summary>The file of a version's backbone.</summary>
    public string BackboneFile(string version) => Path.Combine(_folders.PathOf(version[Prefix.Length..]), BackboneName);

    /// <summary>Opens the backbone of a version; the caller disposes of it.</summary>
    /// <exception cref="OnnxMissingException">ONNX Runtime's library is not on this machine.</exception>
    /// <exception cref="InvalidDataException">The file is missing or damaged.</exception>
    public Backbone OpenBackbone(string version, BackboneDescription wanted)
    {
        var path = BackboneFile(version);
        try
        {
            var backbone = Backbone.Open(path);
            if (backbone.Description == wanted)
            {
                return backbone;
            }
            backbone.Dispose();
            throw Damaged(path, wanted);
        }
        catch (Exception fault) when (fault is FileNotFoundException or OnnxException)
        {
            throw new InvalidDataException($"The backbone of {version} cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>The autoencoder that was kept beside a version; null where none was, and where its file is damaged: it is only compared with.</summary>
    public SpectrogramAutoencoder? LoadAutoencoder(string version)
    {
        var path = Path.Combine(_folders.PathOf(version[Prefix.Length..]), AutoencoderName);
        if (!File.Exists(path))
        {
            return null;
        }
        try
        {
            using var file = File.OpenRead(path);
            return SoundModelFile.ReadAutoencoder(file);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static InvalidDataException Damaged(string path, BackboneDescription wanted)
        => new($"{path} is not the backbone that the model was fitted with, whose SHA-256 is {wanted.Sha256}.");

    private static void Copy(string from, string folder, BackboneDescription wanted)
    {
        var path = Path.Combine(folder, BackboneName);
        using (var source = File.OpenRead(from))
        {
            DurableFile.Replace(path, source.CopyTo);
        }
        using var copy = File.OpenRead(path);
        if (Convert.ToHexStringLower(SHA256.HashData(copy)) != wanted.Sha256)
        {
            throw Damaged(from, wanted);
        }
    }

    /// <inheritdoc cref="ModelRegistry.Prune"/>
    public IReadOnlyList<string> Prune(int keep) => [.. _folders.Prune(keep).Select(version => Prefix + version)];
}

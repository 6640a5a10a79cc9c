using System.Text.Json;
using Segue.Audio.Embedding;
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

    private const string ModelName = "sound.model", CardName = "card.json";
    private readonly VersionedFolders _folders = new(directory);

    /// <summary>The version in use, such as <c>sound-000002</c>; null when there is none.</summary>
    public string? Current() => _folders.Current() is { } version ? Prefix + version : null;

    /// <summary>Writes a model and makes it the current one.</summary>
    /// <param name="prepare">Told the version before it is current: vectors may be made under it, so that whoever takes it up finds them. When it throws, nothing is published.</param>
    /// <returns>Its version.</returns>
    /// <exception cref="IOException">Another process publishes for longer than a minute, or the disk failed; what was in use is in use still.</exception>
    public string Publish(SoundModel model, SoundModelCard card, Action<string>? prepare = null)
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
                        DurableFile.Replace(Path.Combine(folder, ModelName), file => SoundModelFile.Write(model, card.Settings, file));
                        DurableFile.Replace(Path.Combine(folder, CardName), file => JsonSerializer.Serialize(file, card, JsonSerializerOptions.Web));
                    });
                }
                prepared = next;
            }
            prepare(Prefix + prepared);
        }
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

    /// <inheritdoc cref="ModelRegistry.Prune"/>
    public IReadOnlyList<string> Prune(int keep) => [.. _folders.Prune(keep).Select(version => Prefix + version)];
}

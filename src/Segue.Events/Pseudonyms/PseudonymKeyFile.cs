using System.Text.Json;
using System.Text.Json.Serialization;
using Segue.Events.Storage;

namespace Segue.Events.Pseudonyms;

/// <summary>The content of the key file, version 1: JSON with the keys in base 64.</summary>
/// <param name="Keys">The chain, oldest first; at least one.</param>
/// <param name="Pending">The key of a rotation that is not completed; null else.</param>
internal sealed record PseudonymKeyFile(int Version, IReadOnlyList<byte[]> Keys, byte[]? Pending)
{
    public const int CurrentVersion = 1;
    public const int KeyBytes = 32;

    /// <exception cref="StoreException">The content is damaged or of a newer version. Neither the message nor an inner exception quotes
    /// it.</exception>
    public static PseudonymKeyFile Parse(ReadOnlySpan<byte> content, string path)
    {
        PseudonymKeyFile? file;
        try
        {
            file = JsonSerializer.Deserialize(content, PseudonymKeyJson.Default.PseudonymKeyFile);
        }
        catch (JsonException)
        {
            file = null;   // its message could quote a key
        }
        if (file?.Version > CurrentVersion)
        {
            throw new StoreException($"{path} has version {file.Version}, and this program knows version {CurrentVersion}.");
        }
        return file is { Version: CurrentVersion, Keys.Count: > 0 }
            && file.Keys.Append(file.Pending ?? file.Keys[0]).All(key => key?.Length == KeyBytes)
                ? file
                : throw new StoreException(
                    $"{path} is no key file, or damaged. Restore it from its backup: pseudonyms cannot be made again without it.");
    }

    public byte[] Format() => JsonSerializer.SerializeToUtf8Bytes(this, PseudonymKeyJson.Default.PseudonymKeyFile);

    /// <summary>No key: a record would print them.</summary>
    public override string ToString() => $"key file of {Keys.Count} keys";
}

// By metadata: the faster generated writer was seen to write "" for an array that is null.
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PseudonymKeyFile))]
internal sealed partial class PseudonymKeyJson : JsonSerializerContext;

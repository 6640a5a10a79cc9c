using System.Security.Cryptography;
using System.Text.Json;

namespace Segue.Events.Storage;

/// <summary>A file as it was written.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">64 figures of lower-case hexadecimal.</param>
public sealed record StoreFile(string Name, long Length, string Sha256);

/// <summary>What a store says of itself: the content of <c>store.json</c>.</summary>
/// <param name="Source">Where the data came from, in words.</param>
/// <param name="CreatedAt">In UTC.</param>
/// <param name="Tracks">Entries of the catalogue, those made for <paramref name="ItemsWithoutCatalogueEntry"/> included.</param>
/// <param name="ItemsWithoutCatalogueEntry">Items met in interactions only; their entries know nothing but the id.</param>
/// <param name="UsersWithoutProfile">Users met in interactions only; their profiles know nothing but the id.</param>
/// <param name="Checksum">SHA-256 of the manifest itself, written with an empty checksum.</param>
public sealed record StoreManifest(
    int FormatVersion,
    string Source,
    DateTimeOffset CreatedAt,
    long Tracks,
    long Listeners,
    long Interactions,
    long ItemsWithoutCatalogueEntry,
    long UsersWithoutProfile,
    IReadOnlyList<StoreFile> Files,
    string Checksum = "")
{
    /// <summary>The newest version of the format, and so far the only one.</summary>
    public const int CurrentFormatVersion = 1;

    internal const string FileName = "store.json";

    /// <summary>The manifest in JSON, with its checksum filled in.</summary>
    internal byte[] ToJson()
        => JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = ComputeChecksum() }, StoreFormat.Indented.StoreManifest);

    /// <exception cref="StoreException">The text is no manifest, is damaged or of a newer version.</exception>
    internal static StoreManifest Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using (var document = JsonDocument.Parse(json))   // the version first: a newer manifest may have other fields
            {
                var version = document.RootElement.GetProperty("formatVersion").GetInt32();
                if (version > CurrentFormatVersion)
                {
                    throw new StoreException(
                        $"{path} is of format version {version}; this Segue knows versions up to {CurrentFormatVersion}.");
                }
            }
            var manifest = JsonSerializer.Deserialize(json.Span, StoreFormat.Indented.StoreManifest);
            return manifest is not null && manifest.Checksum == manifest.ComputeChecksum()
                ? manifest
                : throw new StoreException($"{path} is damaged: its checksum does not agree with its content.");
        }
        catch (Exception malformed)
            when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new StoreException($"{path} is damaged: it is not the manifest of a store.", malformed);
        }
    }

    private string ComputeChecksum()
        => Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = "" }, StoreFormat.Indented.StoreManifest)));
}

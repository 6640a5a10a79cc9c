using Segue.Events.Files;
using Segue.Events.Objects;

namespace Segue.Features.Snapshots;

/// <summary>One table of a snapshot.</summary>
/// <param name="ObjectName">Name in the object store.</param>
/// <param name="Sha256">Of the file, 64 hexadecimal digits.</param>
public sealed record FeatureFile(string Group, string ObjectName, long Rows, long Bytes, string Sha256);

/// <summary>What a snapshot was made of: equal inputs give the same snapshot, to the byte.</summary>
/// <param name="Events">Over the compacted days that were read; later days do not count.</param>
/// <param name="Accounts">Of the accounts, sorted.</param>
/// <param name="Catalogue">Of the catalogue, sorted.</param>
/// <param name="Definitions">Of the SQL files.</param>
/// <param name="Engine">Version of DuckDB.</param>
public sealed record FeatureInputs(string Events, string Accounts, string Catalogue, string Definitions, string Engine);

/// <summary>A snapshot of all features as of one moment.</summary>
/// <param name="AsOf">Nothing that happened at or after it was seen.</param>
/// <param name="From">Nothing that happened before it was seen; null: all.</param>
public sealed record FeatureManifest(
    int Schema, string Version, DateTimeOffset AsOf, DateTimeOffset? From, FeatureInputs Inputs, IReadOnlyList<FeatureFile> Files)
{
    public const int CurrentSchema = 1;
    public const string Prefix = "features/";

    public static string NameOf(string version) => $"{Prefix}{version}/manifest.json";

    /// <exception cref="FileNotFoundException">There is no such snapshot.</exception>
    /// <exception cref="InvalidDataException">The manifest is damaged, or of another version.</exception>
    public static async Task<FeatureManifest> ReadAsync(IObjectStore objects, string version, CancellationToken cancellation)
    {
        var manifest = await ReadAsync<FeatureManifest>(objects, NameOf(version), cancellation);
        return manifest.Schema == CurrentSchema
            ? manifest
            : throw new InvalidDataException($"Feature snapshot {version} has version {manifest.Schema}; this program reads {CurrentSchema}.");
    }

    internal FeatureFile File(string group) => Files.First(file => file.Group == group);

    internal static async Task<T> ReadAsync<T>(IObjectStore objects, string name, CancellationToken cancellation)
        where T : class
    {
        await using var stream = await objects.OpenAsync(name, cancellation);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, cancellation);
        return SealedJson.Read<T>(memory.ToArray(), name);
    }
}

/// <summary>The snapshot in use.</summary>
/// <param name="Offset">The log's offset up to which events were compacted when it was built: a live side takes, beside events from
/// <see cref="FeatureManifest.AsOf"/> on, those of the log from here on.</param>
public sealed record CurrentFeatures(string Version, long Offset)
{
    public const string Name = FeatureManifest.Prefix + "current";
}

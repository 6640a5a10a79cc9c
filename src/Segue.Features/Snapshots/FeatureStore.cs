using System.Security.Cryptography;
using Segue.Core;
using Segue.Events.Analytics;
using Segue.Events.Compaction;
using Segue.Events.Files;
using Segue.Events.Objects;

namespace Segue.Features.Snapshots;

/// <summary>The snapshots of an object store: which there are, which is in use, whether they are whole, who is taken out of them.</summary>
/// <param name="workFolder">For this store alone: what lies in it is removed.</param>
public sealed class FeatureStore(IObjectStore objects, string workFolder)
{
    /// <summary>Snapshots kept when nothing else is said: a week of daily ones.</summary>
    public const int UsualKept = 7;

    /// <summary>Versions of the finished snapshots, the oldest moment first.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(CancellationToken cancellation = default)
    {
        var versions = new List<string>();
        await foreach (var found in objects.ListAsync(FeatureManifest.Prefix, cancellation))
        {
            if (found.Name.EndsWith("/manifest.json", StringComparison.Ordinal))
            {
                versions.Add(found.Name.Split('/')[1]);
            }
        }
        return versions;
    }

    /// <summary>The snapshot in use; null when none was published.</summary>
    /// <exception cref="InvalidDataException">The pointer is damaged.</exception>
    public async Task<CurrentFeatures?> CurrentAsync(CancellationToken cancellation = default)
    {
        try
        {
            return await FeatureManifest.ReadAsync<CurrentFeatures>(objects, CurrentFeatures.Name, cancellation);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a snapshot the one in use, in one step.</summary>
    /// <exception cref="FileNotFoundException">There is no such snapshot.</exception>
    public async Task PublishAsync(CurrentFeatures current, CancellationToken cancellation = default)
    {
        await FeatureManifest.ReadAsync(objects, current.Version, cancellation);
        if (await CurrentAsync(cancellation) != current)
        {
            await ObjectFiles.PutBytesAsync(objects, CurrentFeatures.Name, SealedJson.Write(current), workFolder, cancellation);
        }
    }

    /// <summary>Reads every byte of a snapshot and compares it with its manifest: finds every flipped bit.</summary>
    public async Task<IReadOnlyList<ObjectFault>> VerifyAsync(string version, CancellationToken cancellation = default)
    {
        try
        {
            var manifest = await FeatureManifest.ReadAsync(objects, version, cancellation);
            return await ObjectFiles.VerifyAsync(objects, manifest.Files.Select(file => (file.ObjectName, file.Sha256)), cancellation);
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
        {
            return [new(FeatureManifest.NameOf(version), fault.Message)];
        }
    }

    /// <summary>Deletes all but the newest snapshots, by their moments, and the one in use, and what unfinished builds left.</summary>
    /// <param name="keep">How many of the newest stay, not negative.</param>
    public async Task PruneAsync(int keep, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        var current = (await CurrentAsync(cancellation))?.Version;
        var kept = (await VersionsAsync(cancellation)).TakeLast(keep).Append(current).ToHashSet();
        await ObjectFiles.DeleteAsync(
            objects, FeatureManifest.Prefix, name => name != CurrentFeatures.Name && !kept.Contains(name.Split('/')[1]), cancellation);
    }

    /// <summary>Deletes every snapshot: after a change of the pseudonyms, which needs a new build.</summary>
    public async Task ClearAsync(CancellationToken cancellation = default)
        => await ObjectFiles.DeleteAsync(objects, FeatureManifest.Prefix, _ => true, cancellation);

    /// <summary>Takes the rows of listeners out of every snapshot. What they added to the counts of tracks and artists stays: it names nobody.</summary>
    /// <returns>How many rows went.</returns>
    public async Task<long> EraseAsync(IReadOnlyCollection<ListenerId> listeners, CancellationToken cancellation = default)
    {
        var versions = await VersionsAsync(cancellation);
        // Tables of builds that were cut off are in no manifest: gone whole.
        await ObjectFiles.DeleteAsync(
            objects, FeatureManifest.Prefix, name => name != CurrentFeatures.Name && !versions.Contains(name.Split('/')[1]), cancellation);
        if (listeners.Count == 0 || versions.Count == 0)
        {
            return 0;
        }
        using var database = DuckDbDatabase.Open(new() { Threads = 1 });
        using var connection = database.Connect();
        var rows = 0L;
        foreach (var version in versions)
        {
            rows += await EraseAsync(connection, version, DuckDbConnection.Literal(listeners.Select(listener => listener.Value)), cancellation);
        }
        return rows;
    }

    internal static string FileName(string version, string group, string hash) => $"{FeatureManifest.Prefix}{version}/{group}.{hash[..16]}.parquet";

    internal static void WriteSorted(DuckDbConnection connection, string sql, string key, string file, CancellationToken cancellation)
        => connection.Execute(
            $"COPY (FROM ({sql}) ORDER BY {key}) TO {DuckDbConnection.Literal(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)", cancellation);

    internal static Task PutManifestAsync(IObjectStore objects, FeatureManifest manifest, string workFolder, CancellationToken cancellation)
        => ObjectFiles.PutBytesAsync(objects, FeatureManifest.NameOf(manifest.Version), SealedJson.Write(manifest), workFolder, cancellation);

    private async Task<long> EraseAsync(DuckDbConnection connection, string version, string names, CancellationToken cancellation)
    {
        var manifest = await FeatureManifest.ReadAsync(objects, version, cancellation);
        var files = new List<FeatureFile>();
        foreach (var file in manifest.Files)
        {
            files.Add(FeatureGroup.All.First(group => group.Name == file.Group).IsPersonal
                ? await EraseAsync(connection, version, file, names, cancellation)
                : file);
        }
        var rows = manifest.Files.Sum(file => file.Rows) - files.Sum(file => file.Rows);
        if (rows > 0)
        {
            await PutManifestAsync(objects, manifest with { Files = files }, workFolder, cancellation);
        }
        var named = files.Select(file => file.ObjectName).Append(FeatureManifest.NameOf(version)).ToHashSet();
        await ObjectFiles.DeleteAsync(objects, $"{FeatureManifest.Prefix}{version}/", name => !named.Contains(name), cancellation);
        return rows;
    }

    private async Task<FeatureFile> EraseAsync(DuckDbConnection connection, string version, FeatureFile file, string names, CancellationToken cancellation)
    {
        var source = $"read_parquet({DuckDbConnection.Literal(await objects.LocalFileAsync(file.ObjectName, cancellation))})";
        var gone = connection.Count($"SELECT count(*) FROM {source} WHERE listener IN {names}", cancellation);
        if (gone == 0)
        {
            return file;
        }
        Directory.CreateDirectory(workFolder);
        var draft = Path.Combine(workFolder, $"{file.Group}.parquet");
        try
        {
            WriteSorted(connection, $"FROM {source} WHERE listener NOT IN {names}", FeatureGroup.All.First(group => group.Name == file.Group).Key, draft, cancellation);
            var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(draft, cancellation)));
            var name = FileName(version, file.Group, hash);
            await objects.PutAsync(name, draft, cancellation);
            return new(file.Group, name, file.Rows - gone, new FileInfo(draft).Length, hash);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}

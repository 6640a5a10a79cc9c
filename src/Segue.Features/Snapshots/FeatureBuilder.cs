using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Segue.Events.Analytics;
using Segue.Events.Compaction;
using Segue.Events.Objects;

namespace Segue.Features.Snapshots;

/// <summary>What a build may use; changes no byte of the result.</summary>
public sealed record FeatureBuilderOptions
{
    /// <summary>Memory of DuckDB, in MiB; the rest spills into the work folder.</summary>
    public int MemoryMiB { get; init; } = 2048;

    /// <summary>Threads of the queries; null: one a core.</summary>
    public int? Threads { get; init; }
}

/// <summary>Builds snapshots of features out of compacted events.</summary>
/// <remarks>
/// <para>A snapshot as of T sees events with At &lt; T alone: an event at T itself belongs to the future. Equal inputs give equal bytes under
/// an equal name, so a build whose snapshot is there does nothing, and one that was cut off goes on after its last finished table.</para>
/// <para>One build at a time in a work folder, and no compaction of the same store meanwhile.</para>
/// </remarks>
/// <param name="workFolder">For this builder alone: what lies in it is removed.</param>
public sealed class FeatureBuilder(IObjectStore objects, string workFolder, FeatureBuilderOptions? options = null)
{
    private readonly FeatureBuilderOptions _options = options ?? new();

    /// <summary>Builds the snapshot, or finds it there.</summary>
    /// <param name="asOf">In whole milliseconds.</param>
    /// <param name="from">Earliest event to look at; null: all.</param>
    /// <exception cref="InvalidDataException">The manifest of the events is damaged.</exception>
    /// <exception cref="DuckDbException">A file of events is damaged, or the disk is full.</exception>
    public async Task<FeatureManifest> BuildAsync(
        DateTimeOffset asOf, DateTimeOffset? from, FeatureSources sources, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        Clean();
        Directory.CreateDirectory(workFolder);
        try
        {
            using var database = DuckDbDatabase.Open(new()
            {
                File = Path.Combine(workFolder, "features.db"),
                MemoryMiB = _options.MemoryMiB,
                SpillFolder = Path.Combine(workFolder, "spill"),
                Threads = _options.Threads,
            });
            using var connection = database.Connect();
            progress?.Report(new("inputs", 0, FeatureGroup.All.Count + 1));
            var events = await CompactedEvents.OpenAsync(objects, cancellation);
            var inputs = await LoadInputsAsync(connection, events, from, asOf, sources, cancellation);
            var version = VersionOf(asOf, from, inputs);
            if (await FindAsync(version, cancellation) is { } finished)
            {
                return finished;
            }
            connection.Execute($"CREATE VIEW events AS FROM {await events.SourceAsync(from, asOf, cancellation)}", cancellation);
            connection.Execute($"CREATE MACRO as_of() AS {DuckDbConnection.Literal(asOf)};{FeatureGroup.Views}", cancellation);
            var files = await BuildGroupsAsync(connection, version, progress, cancellation);
            var manifest = new FeatureManifest(FeatureManifest.CurrentSchema, version, asOf.ToUniversalTime(), from?.ToUniversalTime(), inputs, files);
            await FeatureStore.PutManifestAsync(objects, manifest, workFolder, cancellation);
            return manifest;
        }
        finally
        {
            Clean();
        }
    }

    private async Task<FeatureInputs> LoadInputsAsync(
        DuckDbConnection connection, CompactedEvents events, DateTimeOffset? from, DateTimeOffset asOf, FeatureSources sources, CancellationToken cancellation)
    {
        connection.Execute($"{FeatureSources.AccountsSql};{FeatureSources.CatalogueSql}", cancellation);
        await sources.LoadAccountsAsync(connection, cancellation);
        await sources.LoadCatalogueAsync(connection, cancellation);
        var accounts = await WriteInputAsync("accounts", $"SELECT * FROM accounts_in WHERE registered_on IS NULL OR registered_on < {DuckDbConnection.Literal(asOf)}", "listener");
        var catalogue = await WriteInputAsync("catalogue", $"SELECT * REPLACE ({FeatureSources.SplitSql("tags")} AS tags) FROM catalogue_in", "track");
        var days = string.Concat(events.DaysBetween(from, asOf).Select(day => $"{day.Day:yyyy-MM-dd} {day.Sha256}\n"));
        return new(HashOf(days), accounts, catalogue, FeatureGroup.DefinitionHash, DuckDbDatabase.Version);

        async Task<string> WriteInputAsync(string name, string sql, string key)
        {
            var file = Path.Combine(workFolder, $"{name}.parquet");
            Write(connection, sql, key, file, cancellation);
            connection.Execute($"DROP TABLE {name}_in; CREATE VIEW {name} AS FROM read_parquet({DuckDbConnection.Literal(file)})", cancellation);
            return await HashOfFileAsync(file, cancellation);
        }
    }

    private async Task<List<FeatureFile>> BuildGroupsAsync(
        DuckDbConnection connection, string version, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var files = new List<FeatureFile>();
        foreach (var group in FeatureGroup.All)
        {
            progress?.Report(new(group.Name, files.Count + 1, FeatureGroup.All.Count + 1));
            var file = await FindStepAsync(version, group, cancellation) ?? await BuildGroupAsync(connection, version, group, cancellation);
            var path = await objects.LocalFileAsync(file, cancellation);
            connection.Execute($"CREATE VIEW {group.Name} AS FROM read_parquet({DuckDbConnection.Literal(path)})", cancellation);
            files.Add(new(
                group.Name,
                file,
                connection.Count($"SELECT count(*) FROM {group.Name}", cancellation),
                new FileInfo(path).Length,
                await HashOfFileAsync(path, cancellation)));
        }
        progress?.Report(new("done", files.Count + 1, FeatureGroup.All.Count + 1));
        return files;
    }

    private async Task<string> BuildGroupAsync(DuckDbConnection connection, string version, FeatureGroup group, CancellationToken cancellation)
    {
        var file = Path.Combine(workFolder, $"{group.Name}.parquet");
        connection.Execute($"CREATE TEMP TABLE result AS {group.Sql}", cancellation);
        Write(connection, "FROM result", group.Key, file, cancellation);
        connection.Execute("DROP TABLE result", cancellation);
        var name = FeatureStore.FileName(version, group.Name, await HashOfFileAsync(file, cancellation));
        await objects.PutAsync(name, file, cancellation);
        File.Delete(file);
        return name;
    }

    // One thread writes: the bytes must not depend on how threads share the work.
    private void Write(DuckDbConnection connection, string sql, string key, string file, CancellationToken cancellation)
    {
        connection.Execute("SET threads = 1", cancellation);
        FeatureStore.WriteSorted(connection, sql, key, file, cancellation);
        connection.Execute($"SET threads = {_options.Threads ?? Environment.ProcessorCount}", cancellation);
    }

    private async Task<FeatureManifest?> FindAsync(string version, CancellationToken cancellation)
    {
        try
        {
            return await FeatureManifest.ReadAsync(objects, version, cancellation);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // A table of a build that was cut off counts only when its bytes are those that its name promises.
    private async Task<string?> FindStepAsync(string version, FeatureGroup group, CancellationToken cancellation)
    {
        await foreach (var found in objects.ListAsync($"{FeatureManifest.Prefix}{version}/{group.Name}.", cancellation))
        {
            var path = await objects.LocalFileAsync(found.Name, cancellation);
            if (FeatureStore.FileName(version, group.Name, await HashOfFileAsync(path, cancellation)) == found.Name)
            {
                return found.Name;
            }
        }
        return null;
    }

    private static string VersionOf(DateTimeOffset asOf, DateTimeOffset? from, FeatureInputs inputs)
    {
        var hash = HashOf($"{FeatureManifest.CurrentSchema} {asOf.ToUniversalTime():O} {from?.ToUniversalTime():O} {inputs}");
        return $"{asOf.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}-{hash[..16]}";
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task<string> HashOfFileAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    private void Clean()
    {
        if (Directory.Exists(workFolder))
        {
            Directory.Delete(workFolder, recursive: true);
        }
    }
}

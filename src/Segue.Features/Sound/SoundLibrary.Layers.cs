using System.Runtime.InteropServices;
using Dapper;

namespace Segue.Features.Sound;

/// <summary>What is made of contents again and again: vectors of models, layers of a backbone.</summary>
public sealed partial class SoundLibrary
{
    /// <summary>Tracks without a vector of a version, by id in ordinal order: what is new since it was made.</summary>
    public IReadOnlyList<TrackContent> TracksWithoutVector(string version) => Without("vector", "version", version);

    /// <summary>Tracks without a layer of a backbone, by id in ordinal order.</summary>
    /// <param name="backbone">SHA-256 of its file.</param>
    public IReadOnlyList<TrackContent> TracksWithoutLayer(string backbone) => Without("layer", "backbone", backbone);

    /// <summary>Descriptors of a content; null where it has none any more.</summary>
    public float[]? FindDescriptors(long sound) => Find<float>("SELECT value FROM descriptors WHERE sound = @sound", new { sound });

    /// <summary>What a backbone made of a content; null where it was not asked yet.</summary>
    /// <param name="backbone">SHA-256 of its file.</param>
    public float[]? FindLayer(string backbone, long sound) => Find<float>("SELECT value FROM layer WHERE backbone = @backbone AND sound = @sound", new { backbone, sound });

    /// <summary>Keeps what a backbone made of contents; those that were analyzed anew or forgotten meanwhile are left out. One transaction, so give many at once.</summary>
    /// <param name="backbone">SHA-256 of its file.</param>
    public void UpsertLayers(string backbone, IReadOnlyCollection<SoundLayer> layers) => Write(() =>
    {
        foreach (var layer in layers)
        {
            _connection.Execute(
                """
                INSERT INTO layer (backbone, sound, value) SELECT @backbone, @Sound, @value WHERE EXISTS (SELECT 1 FROM descriptors WHERE sound = @Sound)
                ON CONFLICT (backbone, sound) DO UPDATE SET value = excluded.value
                """,
                new { backbone, layer.Sound, value = MemoryMarshal.AsBytes(layer.Values.AsSpan()).ToArray() });
        }
        return true;
    });

    /// <summary>Lets go of the layers of all backbones but one.</summary>
    /// <param name="backbone">SHA-256 of its file; null: of all.</param>
    public void KeepLayersOf(string? backbone)
        => Write(() => _connection.Execute("DELETE FROM layer WHERE backbone IS NOT @backbone", new { backbone }));

    /// <summary>The analysis that most tracks had; null where there are none.</summary>
    public string? UsualAnalysis()
    {
        using var connection = OpenToRead();
        return connection.QueryFirstOrDefault<string>("SELECT analysis FROM sound WHERE leads = 1 GROUP BY analysis ORDER BY count(*) DESC, analysis LIMIT 1");
    }

    private IReadOnlyList<TrackContent> Without(string table, string column, string value)
    {
        using var connection = OpenToRead();
        return [.. connection.Query<(string Track, long Sound)>(
            $"""
            SELECT sound.track, sound.id FROM sound JOIN descriptors ON descriptors.sound = sound.id
            WHERE sound.leads = 1 AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = @value AND {table}.sound = sound.id) ORDER BY sound.track
            """,
            new { value }).Select(row => new TrackContent(new(row.Track), row.Sound))];
    }

    private T[]? Find<T>(string sql, object parameters)
        where T : unmanaged
    {
        using var connection = OpenToRead();
        return connection.QueryFirstOrDefault<byte[]>(sql, parameters) is { } bytes ? Cast<T>(bytes) : null;
    }
}

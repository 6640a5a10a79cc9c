using System.Security.Cryptography;
using System.Text;

namespace Segue.Features.Snapshots;

/// <summary>One table of a snapshot: its SQL stands in <c>Sql/NAME.sql</c> and may use the groups before it.</summary>
/// <param name="Key">The columns that a row is known and sorted by.</param>
internal sealed record FeatureGroup(string Name, string Key)
{
    /// <summary>In the order in which they are built.</summary>
    public static IReadOnlyList<FeatureGroup> All { get; } =
    [
        new("listener_track", "listener, track"),
        new("listener_artist", "listener, artist"),
        new("sessions", "listener, number"),
        new("track", "track"),
        new("artist", "artist"),
        new("listener_profile", "listener"),
        new("listener_listening", "listener"),
        new("listener_last_tracks", "listener, place"),
        new("listener_last_artists", "listener, place"),
    ];

    /// <summary>Views and macros that every group uses.</summary>
    public static string Views { get; } = Load("_views");

    public string Sql { get; } = Load(Name);

    /// <summary>Whether rows belong to listeners, and go with them.</summary>
    public bool IsPersonal => Key.StartsWith("listener", StringComparison.Ordinal);

    /// <summary>Changes whenever the definition of a feature does.</summary>
    public static string DefinitionHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Views + string.Concat(All.Select(group => group.Name + group.Key + group.Sql)))));

    private static string Load(string name)
    {
        using var stream = typeof(FeatureGroup).Assembly.GetManifestResourceStream($"{name}.sql")
            ?? throw new InvalidOperationException($"The program lacks its own {name}.sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

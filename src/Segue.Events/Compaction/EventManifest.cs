using Segue.Events.Files;
using Segue.Events.Objects;

namespace Segue.Events.Compaction;

/// <summary>One day of compacted events.</summary>
/// <param name="Day">The UTC day of the events' <see cref="ListenerEvent.At"/>.</param>
/// <param name="ObjectName">Name in the object store.</param>
/// <param name="Sha256">Of the file, 64 hexadecimal digits.</param>
public sealed record EventDay(DateOnly Day, string ObjectName, long Rows, long Bytes, string Sha256);

/// <summary>Which compacted files hold: what is not named here is not there.</summary>
/// <param name="Schema">Version of the files' columns.</param>
/// <param name="Offset">Events of the log before this offset are in the files.</param>
/// <param name="Keys">How many keys the pseudonyms have passed; see <see cref="EventCompactor.RekeyAsync"/>.</param>
/// <param name="Days">In order of time.</param>
public sealed record EventManifest(int Schema, long Offset, int Keys, IReadOnlyList<EventDay> Days)
{
    public const int CurrentSchema = 1;
    public const string Prefix = "events/";
    public const string Name = Prefix + "manifest.json";

    public static EventManifest Empty { get; } = new(CurrentSchema, 0, 1, []);

    /// <summary>The manifest of a store; <see cref="Empty"/> where nothing was compacted yet.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public static async Task<EventManifest> ReadAsync(IObjectStore objects, CancellationToken cancellation)
    {
        byte[] bytes;
        try
        {
            await using var stream = await objects.OpenAsync(Name, cancellation);
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory, cancellation);
            bytes = memory.ToArray();
        }
        catch (FileNotFoundException)
        {
            return Empty;
        }
        var manifest = SealedJson.Read<EventManifest>(bytes, Name);
        return manifest.Schema == CurrentSchema
            ? manifest
            : throw new InvalidDataException($"{Name} has version {manifest.Schema}; this program reads {CurrentSchema}.");
    }

    internal byte[] ToBytes() => SealedJson.Write(this);
}

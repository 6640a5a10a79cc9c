using System.Security.Cryptography;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Files;
using Segue.Events.Storage;
using Segue.Features.Interactions;

namespace Segue.Models.Registry;

/// <summary>What a model set was trained on: which item and which user each row is, and how far the event log was read. Kept with the set,
/// because catalogue, listeners and log grow on after it was trained.</summary>
/// <param name="Items">By row.</param>
/// <param name="Users">Pseudonymous ids by row.</param>
/// <param name="LogEnd">Events of the log before this offset were learnt; what came later is for the radio to take in.</param>
/// <param name="Fingerprints">Of what was learnt of each row, so that a later look tells which changed; null for a set from before there were any.</param>
/// <param name="Part">Which part of what happened taste was learnt from, for a person; null: all.</param>
public sealed record ModelRows(IReadOnlyList<Track> Items, IReadOnlyList<string> Users, long LogEnd = 0, RowFingerprints? Fingerprints = null, string? Part = null)
{
    private const string ItemsFile = "items.jsonl", UsersFile = "users.txt", FingerprintsFile = "fingerprints.bin", ManifestFile = "rows.json";

    /// <summary>Whether the row's user was erased.</summary>
    public bool IsErased(int row) => row < Users.Count && Users[row] == ErasedName(row);

    // A row keeps its number; the id says nothing but that nobody is there.
    internal static string ErasedName(int row) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"erased-{row}");

    internal void Save(string directory)
    {
        DurableFile.Replace(Path.Combine(directory, ItemsFile), file => CatalogueLines.Write(file, Items));
        DurableFile.Replace(Path.Combine(directory, UsersFile), file =>
        {
            using var writer = new StreamWriter(file, leaveOpen: true) { NewLine = "\n" };
            foreach (var user in Users)
            {
                writer.WriteLine(user);
            }
        });
        if (Fingerprints is { } fingerprints)
        {
            DurableFile.Replace(Path.Combine(directory, FingerprintsFile), file =>
            {
                Write(file, fingerprints.Users);
                Write(file, fingerprints.Items);
            });
        }
        var manifest = new Manifest(
            LogEnd, Sha256(directory, ItemsFile), Sha256(directory, UsersFile), Fingerprints is null ? null : Sha256(directory, FingerprintsFile), Part);
        DurableFile.Replace(Path.Combine(directory, ManifestFile), file => JsonSerializer.Serialize(file, manifest, JsonSerializerOptions.Web));
    }

    /// <summary>Null for a set that was published without its rows.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    internal static ModelRows? Load(string directory)
    {
        var path = Path.Combine(directory, ManifestFile);
        if (!File.Exists(path))
        {
            return null;
        }
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
            if (manifest is null || manifest.Items != Sha256(directory, ItemsFile) || manifest.Users != Sha256(directory, UsersFile)
                || (manifest.Fingerprints is { } hash && hash != Sha256(directory, FingerprintsFile)))
            {
                throw new InvalidDataException($"{path} does not agree with the files beside it: one of them is damaged.");
            }
            using var items = File.OpenRead(Path.Combine(directory, ItemsFile));
            return new(CatalogueLines.Read(items), File.ReadAllLines(Path.Combine(directory, UsersFile)), manifest.LogEnd,
                manifest.Fingerprints is null ? null : ReadFingerprints(Path.Combine(directory, FingerprintsFile)), manifest.Part);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is damaged: {fault.Message}", fault);
        }
    }

    private static string Sha256(string directory, string name)
    {
        using var file = File.OpenRead(Path.Combine(directory, name));
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Write(Stream stream, IReadOnlyList<uint> numbers)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(numbers.Count);
        foreach (var number in numbers)
        {
            writer.Write(number);
        }
    }

    private static RowFingerprints ReadFingerprints(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        uint[] Read()
        {
            var numbers = new uint[reader.ReadInt32()];
            for (var n = 0; n < numbers.Length; n++)
            {
                numbers[n] = reader.ReadUInt32();
            }
            return numbers;
        }

        return new(Read(), Read());
    }

    private sealed record Manifest(long LogEnd, string Items, string Users, string? Fingerprints = null, string? Part = null);
}

using System.Security.Cryptography;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Files;
using Segue.Events.Storage;

namespace Segue.Models.Registry;

/// <summary>What a model set was trained on: which item and which user each row is, and how far the event log was read. Kept with the set,
/// because catalogue, listeners and log grow on after it was trained.</summary>
/// <param name="Items">By row.</param>
/// <param name="Users">Pseudonymous ids by row.</param>
/// <param name="LogEnd">Events of the log before this offset were learnt; what came later is for the radio to take in.</param>
public sealed record ModelRows(IReadOnlyList<Track> Items, IReadOnlyList<string> Users, long LogEnd = 0)
{
    private const string ItemsFile = "items.jsonl", UsersFile = "users.txt", ManifestFile = "rows.json";

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
        var manifest = new Manifest(LogEnd, Sha256(directory, ItemsFile), Sha256(directory, UsersFile));
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
            if (manifest is null || manifest.Items != Sha256(directory, ItemsFile) || manifest.Users != Sha256(directory, UsersFile))
            {
                throw new InvalidDataException($"{path} does not agree with the files beside it: one of them is damaged.");
            }
            using var items = File.OpenRead(Path.Combine(directory, ItemsFile));
            return new(CatalogueLines.Read(items), File.ReadAllLines(Path.Combine(directory, UsersFile)), manifest.LogEnd);
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

    private sealed record Manifest(long LogEnd, string Items, string Users);
}

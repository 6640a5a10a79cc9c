using System.Security.Cryptography;
using Segue.Events.Objects;

namespace Segue.Events.Compaction;

/// <summary>Steps that every set of objects under a manifest needs.</summary>
public static class ObjectFiles
{
    /// <summary>Writes a small object by way of a file in <paramref name="workFolder"/>.</summary>
    public static async Task PutBytesAsync(IObjectStore objects, string name, byte[] bytes, string workFolder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(workFolder);
        var file = Path.Combine(workFolder, $"{Guid.NewGuid():N}.put");
        try
        {
            await File.WriteAllBytesAsync(file, bytes, cancellation);
            await objects.PutAsync(name, file, cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Deletes the objects below a prefix that a rule names; returns them.</summary>
    public static async Task<IReadOnlyList<string>> DeleteAsync(IObjectStore objects, string prefix, Func<string, bool> isGone, CancellationToken cancellation)
    {
        var gone = new List<string>();
        await foreach (var found in objects.ListAsync(prefix, cancellation))
        {
            if (isGone(found.Name))
            {
                gone.Add(found.Name);
            }
        }
        foreach (var name in gone)
        {
            await objects.DeleteAsync(name, cancellation);
        }
        return gone;
    }

    /// <summary>Names the objects that are absent or whose SHA-256 (64 lower-case hexadecimal digits) is another.</summary>
    public static async Task<IReadOnlyList<ObjectFault>> VerifyAsync(
        IObjectStore objects, IEnumerable<(string Name, string Sha256)> expected, CancellationToken cancellation)
    {
        var faults = new List<ObjectFault>();
        foreach (var (name, hash) in expected)
        {
            try
            {
                await using var stream = await objects.OpenAsync(name, cancellation);
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)) != hash)
                {
                    faults.Add(new(name, "its bytes are not those that were written"));
                }
            }
            catch (FileNotFoundException)
            {
                faults.Add(new(name, "it is missing"));
            }
        }
        return faults;
    }
}

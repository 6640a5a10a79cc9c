using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Segue.Events.Files;

namespace Segue.Features.Matrices;

/// <summary>One array of one orientation.</summary>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record MatrixFile(string Name, long Bytes, string Sha256);

/// <summary>What matrices hold and what they were made of. Has no time, machine or path: equal recipes give equal bytes.</summary>
/// <param name="Count">Entries, the same in both orientations.</param>
/// <param name="Occurrences">How many were read.</param>
/// <param name="Kept">How many of them were within the horizon, of actions that weigh something.</param>
/// <param name="Weights">Of the codebook, one for each code; see <see cref="Segue.Numerics.Sparse.WeightCodebook"/>.</param>
/// <param name="Targets">One for each code.</param>
/// <param name="IsExact">True when every pair of weight and target has a code of its own.</param>
public sealed record MatrixManifest(
    int Format,
    MatrixRecipe Recipe,
    long Count,
    long Occurrences,
    long Kept,
    IReadOnlyList<float> Weights,
    IReadOnlyList<float> Targets,
    bool IsExact,
    IReadOnlyList<MatrixFile> Files)
{
    public const int CurrentFormat = 1;
    public const string Name = "manifest.json";

    /// <exception cref="FileNotFoundException">There is none in the folder.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or of another format.</exception>
    public static MatrixManifest Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{folder} holds no matrices: {Name} is missing.", path);
        }
        var bytes = File.ReadAllBytes(path);
        return FormatOf(bytes) is { } format && format != CurrentFormat
            ? throw new InvalidDataException($"{path} has format {format}; this program reads {CurrentFormat}.")
            : SealedJson.Read<MatrixManifest>(bytes, path);
    }

    internal byte[] ToBytes() => SealedJson.Write(this);

    // Null when it cannot be told: then the checksum speaks.
    private static int? FormatOf(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.GetProperty("content").GetProperty("format").GetInt32();
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>The arrays of a folder.</summary>
internal sealed class MatrixFiles(string folder)
{
    public const string ByUser = "by-user", ByItem = "by-item", Starts = ".starts", Columns = ".columns", Codes = ".codes";

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>Names and sizes of all arrays.</summary>
    public static IEnumerable<(string Name, long Bytes)> Layout(int users, int items, long count, bool hasCodes)
    {
        foreach (var (side, rows) in new[] { (ByUser, users), (ByItem, items) })
        {
            yield return (side + Starts, 8 * (rows + 1L));
            yield return (side + Columns, 4 * count);
            if (hasCodes)
            {
                yield return (side + Codes, count);
            }
        }
    }

    public SafeFileHandle Create(string name) => File.OpenHandle(this[name], FileMode.Create, FileAccess.ReadWrite);

    public string Hash(string name, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(this[name]);
        var bytes = new BlockReader<byte>(file, 0, RandomAccess.GetLength(file));
        for (var block = bytes.TakeBlock(); !block.IsEmpty; block = bytes.TakeBlock())
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(block);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

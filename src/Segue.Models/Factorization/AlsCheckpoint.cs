using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Segue.Numerics.Sparse;

namespace Segue.Models.Factorization;

/// <summary>The factors after a half-step, in a file, so that an interrupted training goes on where it was.</summary>
/// <remarks>Magic, half-steps done, a fingerprint of data, options (without the number of sweeps), seed and start, both tables, SHA-256 of all before. Written beside and
/// renamed: the file is always whole. 4 bytes a factor.</remarks>
internal sealed class AlsCheckpoint(string path, ImplicitAlsOptions options, WeightedRows byUser, WeightedRows byItem, ulong seed, AlsFactors? start = null)
{
    private static readonly byte[] Magic = "SEGUEAL1"u8.ToArray();

    public void Save(AlsFactors factors)
    {
        var partial = path + ".partial";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        using (var hash = SHA256.Create())
        {
            using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
            {
                hashed.Write(Head(factors.HalfSteps));
                factors.Users.WriteTo(hashed);
                factors.Items.WriteTo(hashed);
            }
            file.Write(hash.Hash!);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>The factors that were saved; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ForeignCheckpointException">The file is of other data, options, seed or start.</exception>
    public AlsFactors? Load()
    {
        if (!File.Exists(path))
        {
            return null;
        }
        AlsFactors? factors = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            var head = new byte[Head(0).Length];
            file.ReadExactly(head);
            var halfSteps = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(Magic.Length));
            if (!head.AsSpan().SequenceEqual(Head(halfSteps)))
            {
                throw new ForeignCheckpointException($"The checkpoint {path} belongs to other data, options, seed or start; delete it to begin anew.");
            }
            factors = new(new(byUser.Rows, options.Factors), new(byUser.Columns, options.Factors), halfSteps);
            factors.Users.ReadFrom(file);
            factors.Items.ReadFrom(file);
            RequireHash(file);
            return factors;
        }
        catch (Exception fault) when (fault is EndOfStreamException or InvalidDataException or ForeignCheckpointException)
        {
            factors?.Dispose();
            if (fault is EndOfStreamException)
            {
                throw new InvalidDataException($"The checkpoint {path} is cut short; delete it to begin anew.", fault);
            }
            throw;
        }
    }

    private void RequireHash(FileStream file)
    {
        var length = file.Length - SHA256.HashSizeInBytes;
        file.Position = 0;
        using var running = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var left = length; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            running.AppendData(buffer, 0, read);
            left -= read;
        }
        var stored = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(stored);
        if (!stored.AsSpan().SequenceEqual(running.GetHashAndReset()))
        {
            throw new InvalidDataException($"The checkpoint {path} was changed after it was written; delete it to begin anew.");
        }
    }

    private byte[] Head(int halfSteps)
    {
        var head = new byte[Magic.Length + sizeof(int) + 32];
        Magic.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length), halfSteps);
        Fingerprint.CopyTo(head, Magic.Length + sizeof(int));
        return head;
    }

    private byte[] Fingerprint => field ??= MakeFingerprint();

    // Starts, columns and codes of the users' rows; the items' rows hold the same.
    private byte[] MakeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var settings = options.ToSettings().Where(setting => setting.Key != "sweeps").OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Key}={setting.Value:R}"));
        hash.AppendData(Encoding.UTF8.GetBytes($"{byUser.Rows} {byUser.Columns} {byItem.Count} {seed} {string.Join(' ', settings)}"));
        foreach (var rows in new[] { byUser, byItem })
        {
            hash.AppendData(MemoryMarshal.AsBytes(rows.Codebook.Weights));
            hash.AppendData(MemoryMarshal.AsBytes(rows.Codebook.Targets));
        }
        for (var row = 0; row < byUser.Rows; row++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(byUser.ColumnsOf(row)));
            hash.AppendData(byUser.CodesOf(row));
            hash.AppendData([0xFF]);
        }
        foreach (var table in start is null ? [] : new[] { start.Users, start.Items })
        {
            using var sha = SHA256.Create();
            using (var into = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
            {
                table.WriteTo(into);
            }
            hash.AppendData(sha.Hash!);
        }
        return hash.GetHashAndReset();
    }
}

/// <summary>A checkpoint belongs to another training.</summary>
public sealed class ForeignCheckpointException(string message) : Exception(message);

using System.Security.Cryptography;
using System.Text;

namespace Segue.Events.Relational.Rows;

/// <summary>Remembers the rows of an import by hashes, about 60 B each, to tell a row that is there twice from two that contradict each
/// other.</summary>
internal sealed class RowsSeen
{
    private readonly Dictionary<UInt128, UInt128> _content = [];

    public enum Verdict
    {
        New,
        Equal,
        Different,
    }

    /// <param name="content">All that is kept of the row.</param>
    public Verdict Add(string key, string content)
    {
        var (row, hash) = (Hash(key), Hash(content));
        return _content.TryAdd(row, hash) ? Verdict.New : _content[row] == hash ? Verdict.Equal : Verdict.Different;
    }

    private static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}

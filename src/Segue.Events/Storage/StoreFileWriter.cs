using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Segue.Events.Storage;

/// <summary>Writes one new file of a store, line by line, and measures it on the way.</summary>
internal sealed class StoreFileWriter : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _pending = new(FlushAt * 2);
    private long _length;

    public StoreFileWriter(string directory, string name)
    {
        Name = name;
        _file = new(Path.Combine(directory, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    public string Name { get; }

    public void WriteLine(ReadOnlySpan<char> line)
    {
        Encoding.UTF8.GetBytes(line, _pending);
        EndLine();
    }

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        _pending.Write(line);
        EndLine();
    }

    /// <summary>Brings everything to the disk itself and closes the file.</summary>
    public StoreFile Finish()
    {
        Flush();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        return new(Name, _length, Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private void EndLine()
    {
        _pending.Write("\n"u8);
        if (_pending.WrittenCount >= FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _file.Write(_pending.WrittenSpan);
        _hash.AppendData(_pending.WrittenSpan);
        _length += _pending.WrittenCount;
        _pending.ResetWrittenCount();
    }
}

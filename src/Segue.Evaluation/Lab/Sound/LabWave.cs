using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>A track of a lab world as a WAV file in memory: its loop once, and how often it sounds. Immutable; any number of readers at once.</summary>
public sealed class LabWave
{
    private readonly byte[] _header;
    private readonly short[] _loop;
    private readonly int _samples;

    internal LabWave(byte[] header, short[] loop, int samples)
    {
        (_header, _loop, _samples) = (header, loop, samples);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);   // tells the length too
        hash.AppendData(MemoryMarshal.AsBytes(loop.AsSpan()));
        Checksum = Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>32 hexadecimal digits, equal for equal files alone.</summary>
    public string Checksum { get; }

    /// <summary>The file, from its beginning; the stream can seek, and ends with nothing to give back.</summary>
    public Stream Open() => new WaveLoopStream(_header, _loop, _samples);
}

using System.Security.Cryptography;

namespace Segue.Events.Sources;

/// <summary>How far an object was read, and by which bytes it is known again.</summary>
/// <param name="Position">Bytes read, unzipped.</param>
/// <param name="Line">Lines read, blank ones counted.</param>
/// <param name="LineStart">Where the last line begins when it has no end yet; equal to <paramref name="Position"/> else.</param>
/// <param name="AtEnd">The object had no further bytes.</param>
/// <param name="Head">Digest of the first bytes.</param>
/// <param name="Tail">Digest of the bytes before <paramref name="Position"/>.</param>
public sealed record SourceCheckpoint(
    string Name, string Version, long Position, long Line, long LineStart, bool AtEnd, PartDigest Head, PartDigest Tail);

/// <summary>SHA-256 of a few bytes, and how many they are.</summary>
public readonly record struct PartDigest(int Bytes, string Hex)
{
    /// <summary>Most bytes that a digest covers: enough that two logs differ in them, few enough to cost nothing.</summary>
    internal const int MaxBytes = 4096;

    internal static PartDigest Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    internal bool IsOf(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes && Of(bytes) == this;
}

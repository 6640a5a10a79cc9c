using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Segue.Events.Normalizing;

/// <summary>A quick hash of UTF-8 text for tables in memory. Not for what a sender may choose freely and that makes chains grow.</summary>
internal static class Utf8Hash
{
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)text.Length * Odd;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(text))
        {
            hash = (hash ^ word) * Odd;
            hash ^= hash >> 32;
        }
        foreach (var rest in text[(text.Length & ~7)..])
        {
            hash = (hash ^ rest) * Odd;
        }
        return hash ^ (hash >> 32);
    }
}

/// <summary>Compares strings by their characters, and finds them by their UTF-8 without making a string.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const int OnStack = 256;

    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode([DisallowNull] string obj)
    {
        Span<byte> utf8 = stackalloc byte[OnStack];
        return GetHashCode(Encoding.UTF8.TryGetBytes(obj, utf8, out var written) ? utf8[..written] : Encoding.UTF8.GetBytes(obj));
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Utf8Hash.Of(alternate);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other)
        || (Encoding.UTF8.GetByteCount(other) == alternate.Length && alternate.SequenceEqual(Encoding.UTF8.GetBytes(other)));

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}

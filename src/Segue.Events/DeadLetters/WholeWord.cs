using System.Buffers.Text;
using System.Text;

namespace Segue.Events.DeadLetters;

/// <summary>A text that is looked for in raw bytes where no letter or digit touches it: the id 52 is in <c>"52"</c>, not in 1520. One of less than
/// six characters may be any number, so it must stand between quotes.</summary>
/// <remarks>The bytes may be broken JSON, so that no parser is asked: escapes are undone one by one wherever they stand.</remarks>
internal sealed class WholeWord
{
    private const int ShortestBare = 6;
    private readonly byte[] _text;
    private readonly bool _isQuoted;

    /// <exception cref="ArgumentException">The text is empty: it would be everywhere.</exception>
    internal WholeWord(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        (_text, _isQuoted) = (Encoding.UTF8.GetBytes(text), text.Length < ShortestBare);
    }

    internal bool IsIn(DeadLetter letter)
        => IsIn(letter.Raw.Span) || (letter.Detail is { } detail && IsIn(Encoding.UTF8.GetBytes(detail))) || IsIn(Encoding.UTF8.GetBytes(letter.Source));

    internal bool IsIn(ReadOnlySpan<byte> bytes) => Finds(bytes) || (bytes.Contains((byte)'\\') && Finds(WithoutEscapes(bytes)));

    private bool Finds(ReadOnlySpan<byte> bytes)
    {
        for (var from = 0; bytes[from..].IndexOf(_text) is >= 0 and var found; from += found + 1)
        {
            var (before, after) = (from + found - 1, from + found + _text.Length);
            var isApart = _isQuoted
                ? before >= 0 && bytes[before] == '"' && after < bytes.Length && bytes[after] == '"'
                : (before < 0 || !IsWord(bytes[before])) && (after >= bytes.Length || !IsWord(bytes[after]));
            if (isApart)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsWord(byte one) => char.IsAsciiLetterOrDigit((char)one) || one >= 0x80;

    private static ReadOnlySpan<byte> WithoutEscapes(ReadOnlySpan<byte> bytes)
    {
        var plain = new byte[bytes.Length];
        var length = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var (rune, taken) = bytes[at] == (byte)'\\' ? Escape(bytes[at..]) : (null, 0);
            if (rune is { } one)
            {
                length += one.EncodeToUtf8(plain.AsSpan(length));
                at += taken;
            }
            else
            {
                plain[length++] = bytes[at++];
            }
        }
        return plain.AsSpan(0, length);
    }

    /// <returns>What an escape stands for, and its bytes; null for none.</returns>
    private static (Rune? Rune, int Taken) Escape(ReadOnlySpan<byte> bytes)
    {
        if (Unit(bytes) is not { } first)
        {
            return bytes.Length > 1 && "\"\\/bfnrt".IndexOf((char)bytes[1], StringComparison.Ordinal) is >= 0 and var at
                ? (new Rune("\"\\/\b\f\n\r\t"[at]), 2)
                : (null, 0);
        }
        return Rune.TryCreate(first, out var rune) ? (rune, 6)
            : Unit(bytes[6..]) is { } second && Rune.TryCreate(first, second, out var pair) ? (pair, 12)
            : (null, 0);
    }

    private static char? Unit(ReadOnlySpan<byte> bytes)
        => bytes.Length >= 6 && bytes.StartsWith("\\u"u8) && Utf8Parser.TryParse(bytes.Slice(2, 4), out ushort unit, out var read, 'x') && read == 4
            ? (char)unit
            : null;
}

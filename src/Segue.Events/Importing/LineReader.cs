using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Segue.Events.Importing;

/// <summary>Gives the lines of a text one at a time; memory does not grow with the text, only with its longest allowed line.</summary>
/// <remarks>A line ends with LF or CR LF; the last one need not. A byte order mark of UTF-8 at the start is skipped.</remarks>
internal sealed class LineReader : IDisposable
{
    /// <summary>With longer ones the buffer, which doubles, would pass the length of an array.</summary>
    internal const int LongestLineBytes = 1 << 29;

    private const int Chunk = 1 << 16;

    private readonly Stream _stream;
    private readonly TextEncoding _encoding;
    private readonly int _maxLineBytes;
    private readonly IProgress<long>? _progress;
    private readonly CancellationToken _cancellation;
    private byte[] _bytes = new byte[Chunk];
    private char[] _chars = new char[Chunk];
    private int _from, _to, _lineStart, _lineLength, _charCount;
    private long _bytesRead;
    private bool _atEnd;

    public LineReader(TextSource source, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(source.MaxLineBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.MaxLineBytes, LongestLineBytes);
        (Name, _encoding, _maxLineBytes) = (source.Name, source.Encoding, source.MaxLineBytes);
        (_progress, _cancellation) = (progress, cancellation);
        _stream = source.Open();
    }

    public string Name { get; }

    /// <summary>Number of the current line, from 1; 0 before the first.</summary>
    public long Line { get; private set; }

    /// <summary>Why the current line could not be decoded; null when it was.</summary>
    public string? Fault { get; private set; }

    /// <summary>The current line without its end, valid until the next call of <see cref="Read"/>; empty for a fault.</summary>
    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _charCount);

    /// <summary>The bytes of <see cref="Text"/>, as they stand in the source.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(_lineStart, _lineLength);

    /// <summary>Moves to the next line.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="ImportException">The text is UTF-16.</exception>
    public bool Read()
    {
        var searched = 0;
        (_charCount, _lineLength, Fault) = (0, 0, null);
        while (true)
        {
            var end = _bytes.AsSpan(_from + searched, _to - _from - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                Take(searched + end);
                _from = _lineStart + searched + end + 1;
                return true;
            }
            searched = _to - _from;
            if (searched > _maxLineBytes + 1)   // one more for the CR
            {
                SkipLine();
                return true;
            }
            if (!Fill())
            {
                Take(searched);
                _from = _to;
                return searched > 0;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Take(int length)
    {
        _lineStart = _from;
        if (length == 0 && _atEnd && _from == _to)
        {
            return;
        }
        Line++;
        var line = _bytes.AsSpan(_from, length);
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        if (line.Length > _maxLineBytes)
        {
            Fault = TooLong;
            return;
        }
        _lineLength = line.Length;
        Decode(line);
    }

    private string TooLong => $"is longer than {_maxLineBytes} bytes";

    private void Decode(ReadOnlySpan<byte> line)
    {
        if (_chars.Length < line.Length)
        {
            _chars = new char[line.Length];
        }
        if (_encoding == TextEncoding.Latin1)
        {
            _charCount = Encoding.Latin1.GetChars(line, _chars);
        }
        else if (Utf8.ToUtf16(line, _chars, out var good, out _charCount, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            Fault = $"is broken UTF-8 at byte {good + 1} of the line (0x{line[good]:X2})";
            (_charCount, _lineLength) = (0, 0);
        }
    }

    private void SkipLine()
    {
        Line++;
        Fault = TooLong;
        int end;
        do
        {
            _from = _to = 0;
            if (!Fill())
            {
                return;
            }
            end = _bytes.AsSpan(0, _to).IndexOf((byte)'\n');
        }
        while (end < 0);
        _from = end + 1;
    }

    private bool Fill()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_from > 0)
        {
            _bytes.AsSpan(_from, _to - _from).CopyTo(_bytes);
            (_from, _to) = (0, _to - _from);
        }
        if (_bytes.Length - _to < Chunk / 2)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
        var first = _bytesRead == 0;
        var count = first ? _stream.ReadAtLeast(_bytes, 3, throwOnEndOfStream: false) : _stream.Read(_bytes, _to, _bytes.Length - _to);
        (_to, _bytesRead, _atEnd) = (_to + count, _bytesRead + count, count == 0);
        _progress?.Report(_bytesRead);
        if (first && _encoding == TextEncoding.Utf8)
        {
            SkipByteOrderMark();
        }
        return count > 0;
    }

    private void SkipByteOrderMark()
    {
        var start = _bytes.AsSpan(0, _to);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new ImportException($"{Name} is UTF-16; convert it to UTF-8 first.");
        }
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            _from = 3;
        }
    }
}

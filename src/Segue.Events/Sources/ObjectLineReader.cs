using System.Runtime.CompilerServices;

namespace Segue.Events.Sources;

/// <summary>Cuts the bytes of one object into batches of lines. Memory: one buffer of a batch and a longest line for each batch in use.</summary>
internal sealed class ObjectLineReader
{
    private readonly Stream _stream;
    private readonly SourceObject _source;
    private readonly SourceReaderOptions _options;
    private readonly bool _holdOpenLine;
    private byte[] _carry = [];
    private int _carried, _blank;
    private bool _inLongLine, _atEnd;
    private long _base, _line, _longStart;
    private SourceCheckpoint _last;

    /// <param name="stream">Stands at the position of <paramref name="from"/>.</param>
    /// <param name="holdOpenLine">A last line without an end is left for later: somebody may be writing it.</param>
    internal ObjectLineReader(Stream stream, SourceObject source, SourceCheckpoint from, SourceReaderOptions options, bool holdOpenLine)
    {
        (_stream, _source, _options, _holdOpenLine) = (stream, source, options, holdOpenLine);
        (_base, _line, _last) = (from.Position, from.Line, from);
    }

    internal async IAsyncEnumerable<LineBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (!_atEnd)
        {
            var buffer = new SharedBuffer(_options.BatchBytes + _options.MaxLineBytes + 2);
            try
            {
                _carry.AsSpan(0, _carried).CopyTo(buffer.Bytes);
                var read = await _stream.ReadAtLeastAsync(
                    buffer.Bytes.AsMemory(_carried, _options.BatchBytes), _options.BatchBytes, throwOnEndOfStream: false, cancellation);
                _atEnd = read < _options.BatchBytes;
                foreach (var batch in Cut(buffer, _carried + read))
                {
                    yield return batch;
                }
            }
            finally
            {
                buffer.Release();
            }
        }
    }

    private List<LineBatch> Cut(SharedBuffer buffer, int filled)
    {
        var solid = _inLongLine ? _carried : 0;   // before it lies the beginning of a line whose middle is gone
        var rest = FindLines(buffer, filled, solid);
        var openFrom = -1;
        if (_atEnd && rest < filled && !_holdOpenLine)
        {
            openFrom = rest;
            AddLine(buffer, rest, filled, filled);
            rest = filled;
        }
        var batches = Batches(buffer, rest, solid, openFrom, complete: _atEnd && rest == filled);
        Carry(buffer.Bytes.AsSpan(rest, filled - rest), filled);
        return batches;
    }

    /// <returns>Where the first line without an end begins.</returns>
    private int FindLines(SharedBuffer buffer, int filled, int solid)
    {
        var start = _base == 0 && buffer.Bytes.AsSpan(0, filled).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        var searched = Math.Max(start, solid);
        while (true)
        {
            var length = buffer.Bytes.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (length < 0)
            {
                return start;
            }
            var end = searched + length;
            AddLine(buffer, start, end, end + 1);
            start = searched = end + 1;
        }
    }

    private void AddLine(SharedBuffer buffer, int start, int textEnd, int end)
    {
        _line++;
        if (_inLongLine)
        {
            _inLongLine = false;
            buffer.Add(new(_line, _longStart, start, Math.Min(_carried, _options.KeptBytesOfLongLine), end, LineDefect.TooLong));
            return;
        }
        var text = buffer.Bytes.AsSpan(start, textEnd - start);
        text = text.EndsWith("\r"u8) ? text[..^1] : text;
        if (text.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0)
        {
            _blank++;
            return;
        }
        var tooLong = text.Length > _options.MaxLineBytes;
        var kept = tooLong ? Math.Min(text.Length, _options.KeptBytesOfLongLine) : text.Length;
        buffer.Add(new(_line, _base + start, start, kept, end, tooLong ? LineDefect.TooLong : LineDefect.None));
    }

    private List<LineBatch> Batches(SharedBuffer buffer, int rest, int solid, int openFrom, bool complete)
    {
        var batches = new List<LineBatch>();
        for (var first = 0; buffer.LineCount - first > _options.BatchLines; first += _options.BatchLines)
        {
            ref readonly var last = ref buffer.Lines[first + _options.BatchLines - 1];
            batches.Add(new(_source, buffer, first, _options.BatchLines, Checkpoint(buffer, last.End, solid, last.Number)));
        }
        var done = batches.Count * _options.BatchLines;
        if (buffer.LineCount > done || complete || (_atEnd && _blank > 0))
        {
            var checkpoint = Checkpoint(buffer, rest, solid, _line) with { AtEnd = complete };
            checkpoint = openFrom < 0 ? checkpoint : checkpoint with { LineStart = OpenLineStart(buffer, openFrom) };
            batches.Add(new(_source, buffer, done, buffer.LineCount - done, checkpoint) { BlankLines = _blank });
            _blank = 0;
        }
        return batches;
    }

    private long OpenLineStart(SharedBuffer buffer, int openFrom)
        => buffer.LineCount > 0 && buffer.Lines[buffer.LineCount - 1] is { Defect: LineDefect.TooLong } last && last.Start == openFrom ? last.Offset : _base + openFrom;

    private SourceCheckpoint Checkpoint(SharedBuffer buffer, int end, int solid, long line)
    {
        var position = _base + end;
        var tail = buffer.Bytes.AsSpan(solid, Math.Max(0, end - solid));
        tail = tail.Length > PartDigest.MaxBytes ? tail[^PartDigest.MaxBytes..] : tail;
        var head = _last.Position == 0 && _base == 0 ? PartDigest.Of(buffer.Bytes.AsSpan(0, Math.Min(end, PartDigest.MaxBytes))) : _last.Head;
        return _last = _last with
        {
            Version = _source.Version,
            Position = position,
            Line = line,
            LineStart = position,
            Head = head,
            Tail = tail.IsEmpty ? _last.Tail : PartDigest.Of(tail),
        };
    }

    private void Carry(ReadOnlySpan<byte> rest, int filled)
    {
        if (_inLongLine || rest.Length > _options.MaxLineBytes + 1)   // one more for the CR
        {
            _longStart = _inLongLine ? _longStart : _base + filled - rest.Length;
            _inLongLine = true;
            rest = rest[..Math.Min(rest.Length, _options.KeptBytesOfLongLine)];
        }
        if (_carry.Length < rest.Length)
        {
            _carry = new byte[Math.Max(rest.Length, 4096)];
        }
        rest.CopyTo(_carry);
        _carried = rest.Length;
        _base += filled - _carried;
    }
}

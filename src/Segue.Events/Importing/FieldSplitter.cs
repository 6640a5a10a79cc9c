namespace Segue.Events.Importing;

/// <summary>What stands between two fields of a line.</summary>
public enum FieldSeparator
{
    Tab,

    /// <summary>A comma, with fields quoted as in RFC 4180; line breaks inside quotes are not supported.</summary>
    Comma,
    DoubleColon,

    /// <summary>A run of spaces and tabs; those at either end of a line are ignored.</summary>
    Whitespace,
}

/// <summary>Cuts one line after the other into fields; keeps its buffers from line to line.</summary>
internal sealed class FieldSplitter(FieldSeparator separator)
{
    private readonly List<Range> _fields = [];
    private char[] _text = [];
    private int _length;

    public int Count => _fields.Count;

    /// <summary>A field of the last line, valid until the next call of <see cref="Split"/>.</summary>
    public ReadOnlySpan<char> this[int field] => _text.AsSpan(_fields[field]);

    /// <returns>Null, or why the line cannot be cut.</returns>
    public string? Split(ReadOnlySpan<char> line)
    {
        _fields.Clear();
        _length = 0;
        if (_text.Length < line.Length)
        {
            _text = new char[line.Length * 2];
        }
        switch (separator)
        {
            case FieldSeparator.Comma:
                return SplitQuoted(line);
            case FieldSeparator.Whitespace:
                line.CopyTo(_text);
                SplitRuns(line);
                return null;
            default:
                line.CopyTo(_text);
                SplitAt(line, separator == FieldSeparator.Tab ? "\t" : "::");
                return null;
        }
    }

    private void SplitAt(ReadOnlySpan<char> line, ReadOnlySpan<char> mark)
    {
        var from = 0;
        int length;
        while ((length = line[from..].IndexOf(mark)) >= 0)
        {
            _fields.Add(from..(from + length));
            from += length + mark.Length;
        }
        _fields.Add(from..line.Length);
    }

    private void SplitRuns(ReadOnlySpan<char> line)
    {
        var from = 0;
        while (true)
        {
            var skip = line[from..].IndexOfAnyExcept(' ', '\t');
            if (skip < 0)
            {
                return;
            }
            from += skip;
            var length = line[from..].IndexOfAny(' ', '\t');
            var to = length < 0 ? line.Length : from + length;
            _fields.Add(from..to);
            from = to;
        }
    }

    private string? SplitQuoted(ReadOnlySpan<char> line)
    {
        while (true)
        {
            var start = _length;
            var fault = line.StartsWith('"') ? TakeQuoted(ref line) : TakePlain(ref line);
            if (fault is not null)
            {
                return fault;
            }
            _fields.Add(start.._length);
            if (line.IsEmpty)
            {
                return null;
            }
            line = line[1..];   // the comma
        }
    }

    private string? TakePlain(ref ReadOnlySpan<char> line)
    {
        var comma = line.IndexOf(',');
        var field = comma < 0 ? line : line[..comma];
        if (field.Contains('"'))
        {
            return $"a quote stands inside the unquoted field {Count + 1}";
        }
        Append(field);
        line = line[field.Length..];
        return null;
    }

    private string? TakeQuoted(ref ReadOnlySpan<char> line)
    {
        line = line[1..];
        while (true)
        {
            var quote = line.IndexOf('"');
            if (quote < 0)
            {
                return $"the quoted field {Count + 1} is not closed on its line; line breaks inside quotes are not supported";
            }
            Append(line[..quote]);
            line = line[(quote + 1)..];
            if (!line.StartsWith('"'))
            {
                return line.IsEmpty || line[0] == ',' ? null : $"text follows the closing quote of field {Count + 1}";
            }
            Append("\"");
            line = line[1..];
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }
}

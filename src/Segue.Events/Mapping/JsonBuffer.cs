namespace Segue.Events.Mapping;

/// <summary>Growing bytes of JSON under construction, whose end can be taken back.</summary>
internal sealed class JsonBuffer
{
    private byte[] _bytes = new byte[1024];

    /// <summary>Bytes written; set lower to take the rest back.</summary>
    internal int Length { get; set; }

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        Length += bytes.Length;
    }

    internal void Write(byte one)
    {
        Free(1)[0] = one;
        Length++;
    }

    /// <summary>Room for at least so many bytes after the end.</summary>
    internal Span<byte> Free(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
        return _bytes.AsSpan(Length);
    }

    /// <summary>Writes well-formed UTF-8 as the inside of a JSON string.</summary>
    internal void WriteEscaped(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var special = IndexOfSpecial(text);
            Write(special < 0 ? text : text[..special]);
            if (special < 0)
            {
                return;
            }
            var one = text[special];
            Write((byte)'\\');
            if (one is (byte)'"' or (byte)'\\')
            {
                Write(one);
            }
            else
            {
                Write("u00"u8);
                Write((byte)"0123456789abcdef"[one >> 4]);
                Write((byte)"0123456789abcdef"[one & 15]);
            }
            text = text[(special + 1)..];
        }
    }

    private static int IndexOfSpecial(ReadOnlySpan<byte> text)
    {
        var control = text.IndexOfAnyInRange((byte)0, (byte)0x1F);
        var quote = text.IndexOfAny((byte)'"', (byte)'\\');
        return control < 0 ? quote : quote < 0 ? control : Math.Min(control, quote);
    }
}

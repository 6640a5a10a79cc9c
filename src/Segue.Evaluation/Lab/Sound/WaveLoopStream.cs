using System.Runtime.InteropServices;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>A WAV file whose samples are a loop, repeated: read from anywhere, held once.</summary>
internal sealed class WaveLoopStream : Stream
{
    private readonly byte[] _header;
    private readonly short[] _loop;
    private long _position;

    /// <param name="loop">Not empty.</param>
    /// <param name="samples">Of the file, not of the loop.</param>
    public WaveLoopStream(byte[] header, short[] loop, int samples)
    {
        (_header, _loop) = (header, loop);
        Length = header.Length + 2L * samples;
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The position is not negative.");
    }

    public override int Read(Span<byte> buffer)
    {
        var left = buffer[..(int)Math.Clamp(Length - _position, 0, buffer.Length)];
        var read = left.Length;
        while (left.Length > 0)
        {
            var piece = Piece();
            var count = Math.Min(left.Length, piece.Length);
            piece[..count].CopyTo(left);
            left = left[count..];
            _position += count;
        }
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("The stream is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read only.");

    // From the position to where the bytes lie elsewhere.
    private ReadOnlySpan<byte> Piece()
    {
        if (_position < _header.Length)
        {
            return _header.AsSpan((int)_position);
        }
        var loop = MemoryMarshal.AsBytes(_loop.AsSpan());
        return loop[(int)((_position - _header.Length) % loop.Length)..];
    }
}

namespace Segue.Numerics.Memory;

/// <summary>Floats outside the collected heap, aligned to 64 bytes, that grow when more are asked for and go when nobody holds them.</summary>
/// <remarks>Who works through <see cref="Start"/> keeps this object alive meanwhile.</remarks>
internal sealed unsafe class FloatMemory
{
    private IDisposable? _keeper;

    /// <summary>All zero.</summary>
    public FloatMemory(long length = 0) => Room(length);

    public float* Start { get; private set; }

    public long Length { get; private set; }

    /// <summary>Makes room for at least <paramref name="length"/>; where it grows, what was there is lost and all is zero.</summary>
    public float* Room(long length)
    {
        if (length > Length)
        {
            _keeper?.Dispose();
            var buffer = new NativeBuffer<float>(length);
            (_keeper, Length) = (buffer, length);
            Start = buffer.Start;
        }
        return Start;
    }

    /// <summary>All of it.</summary>
    /// <exception cref="OverflowException">There are more than a span holds.</exception>
    public Span<float> AsSpan() => new(Start, checked((int)Length));
}

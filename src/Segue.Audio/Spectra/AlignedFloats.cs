using System.Runtime.CompilerServices;

namespace Segue.Audio.Spectra;

/// <summary>Work space of kernels: zeroed, at a fixed address that is a multiple of 64.</summary>
/// <remarks>Who uses <see cref="Start"/> keeps the object alive.</remarks>
internal sealed unsafe class AlignedFloats
{
    private const int Alignment = 64 / sizeof(float);
    private readonly float[] _memory;
    private readonly int _offset;

    public AlignedFloats(int length)
    {
        _memory = GC.AllocateArray<float>(length + Alignment - 1, pinned: true);
        Length = length;
        var address = (nint)Unsafe.AsPointer(ref _memory[0]);
        _offset = (int)((64 - address % 64) % 64) / sizeof(float);
        Start = (float*)address + _offset;
    }

    public AlignedFloats(ReadOnlySpan<float> values)
        : this(values.Length)
        => values.CopyTo(Span);

    public int Length { get; }

    public float* Start { get; }

    public Span<float> Span => _memory.AsSpan(_offset, Length);
}

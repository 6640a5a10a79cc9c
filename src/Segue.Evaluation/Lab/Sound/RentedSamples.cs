using System.Buffers;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>Work space of the shared pool, silent at first: fresh memory would cost as much as the music.</summary>
internal readonly ref struct RentedSamples : IDisposable
{
    private readonly float[] _rented;

    public RentedSamples(int length)
    {
        _rented = ArrayPool<float>.Shared.Rent(length);
        Span = _rented.AsSpan(0, length);
        Span.Clear();
    }

    public Span<float> Span { get; }

    public void Dispose() => ArrayPool<float>.Shared.Return(_rented);
}

using System.Runtime.InteropServices;

namespace Segue.Events.Wire;

/// <summary>Remembers what was made of a text that comes again and again, found by its UTF-8 bytes without making a string.</summary>
/// <remarks>Each text has one slot and a newcomer takes it over: bounded memory, constant time, and no sender can make chains grow.
/// Thread-safe without locks, for a slot is one reference to an immutable entry.</remarks>
/// <param name="slots">Rounded up to a power of two.</param>
internal sealed class Utf8Cache<T>(int slots)
{
    private readonly Entry?[] _slots = new Entry?[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)slots)];

    public bool TryGet(ReadOnlySpan<byte> text, out T value)
    {
        var entry = Volatile.Read(ref _slots[Slot(text)]);
        if (entry is not null && text.SequenceEqual(entry.Text))
        {
            value = entry.Value;
            return true;
        }
        value = default!;
        return false;
    }

    public void Set(ReadOnlySpan<byte> text, T value) => Volatile.Write(ref _slots[Slot(text)], new(text.ToArray(), value));

    private int Slot(ReadOnlySpan<byte> text)
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
        return (int)((hash ^ (hash >> 32)) & (ulong)(_slots.Length - 1));
    }

    private sealed record Entry(byte[] Text, T Value);
}

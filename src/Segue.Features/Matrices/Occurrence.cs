using System.Runtime.InteropServices;
using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Features.Matrices;

/// <summary>One thing that one user did to one item.</summary>
/// <param name="User">Its row, in [0, users).</param>
/// <param name="Item">Its row, in [0, items).</param>
/// <param name="Amount">How often or how strongly, above 0 and finite; see <see cref="PairAction"/>.</param>
/// <param name="Age">Days before the moment of training, at least 0 and finite.</param>
public readonly record struct Occurrence(int User, int Item, InteractionAction Action, float Amount, float Age);

/// <summary>What happened, in any order, to be read again from the start after a build was cut off.</summary>
/// <param name="Occurrences">The same in the same order each time that they are enumerated, as long as the fingerprint is the same.</param>
/// <param name="Fingerprint">Names the content: a hash of what it is read from, say. Part of the manifest.</param>
/// <param name="AtMost">An upper bound of their number, by which the disk is asked before the work begins; 0 where it is not known.</param>
public sealed record OccurrenceSource(IAsyncEnumerable<Occurrence> Occurrences, string Fingerprint, long AtMost = 0);

/// <summary>An occurrence in 16 bytes. In the order of (<see cref="High"/>, <see cref="Low"/>) it stands by user, item, action, amount and age.</summary>
/// <remarks>The numbers are not negative, so each of the four of 32 bits spares its sign: room for three bits of the action.
/// High: user 31, item 31, two bits of the action; Low: the third, amount 31, an empty bit, age 31.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PackedOccurrence(ulong High, ulong Low)
{
    /// <summary>Actions that have room.</summary>
    public const int MaxActions = 8;

    /// <summary>Lowest bit of the item, and of the user, in <see cref="High"/>.</summary>
    public const int ItemShift = 2, UserShift = 33;

    public int User => (int)(High >> UserShift);
    public int Item => (int)(High >> ItemShift) & int.MaxValue;
    public InteractionAction Action => (InteractionAction)((High & 3) << 1 | Low >> 63);
    public float Amount => BitConverter.UInt32BitsToSingle((uint)(Low >> 32) & int.MaxValue);
    public float Age => BitConverter.UInt32BitsToSingle((uint)Low);

    /// <summary>Equal for equal user and item; ascending by user, then item.</summary>
    public ulong Pair => High >> ItemShift;

    /// <summary>Both numbers as one.</summary>
    public UInt128 Order => new(High, Low);

    public static PackedOccurrence Pack(in Occurrence from) => new(
        (ulong)from.User << UserShift | (ulong)from.Item << ItemShift | (ulong)from.Action >> 1,
        (ulong)from.Action << 63 | (ulong)BitConverter.SingleToUInt32Bits(from.Amount) << 32 | BitConverter.SingleToUInt32Bits(from.Age + 0f));   // + 0: -0 has a sign

    public bool IsSameAction(in PackedOccurrence other) => High == other.High && (Low ^ other.Low) >> 63 == 0;

    public static int Compare(PackedOccurrence left, PackedOccurrence right)
        => left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low);
}

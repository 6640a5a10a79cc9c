using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Segue.Core;
using Segue.Features.Interactions;
using Segue.Radio.Sessions;

namespace Segue.Radio.State;

/// <summary>What an event since the training was.</summary>
public enum SinceKind : byte
{
    /// <summary>Heard, to whatever point, but for a skip.</summary>
    Listen,

    /// <summary>Left within the first quarter.</summary>
    Skip,

    /// <summary>Left, nobody knows after which part: it says something of the moment, and no model learns from it.</summary>
    Left,
    VoteUp,
    VoteDown,
    VoteWithdrawn,
    Added,
    Clicked,
}

/// <summary>One event of a listener since the training, in 5 bytes: 28 bits of row, 4 of kind, and in 8 the part of the track that was not heard.</summary>
/// <param name="Track">Row of the catalogue, below <see cref="MaxTracks"/>.</param>
/// <param name="Missed">Of a listen: which part of the track was not heard, in <see cref="Parts"/>ths; 0 when it was heard to the end.</param>
/// <remarks>A part is rounded once, where the event is taken in: so what is kept, and what a restart reads, is what was known at once. In a strength it is
/// at most 0.002.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SinceEvent(int Track, SinceKind Kind, byte Missed)
{
    /// <summary>Bytes of an event.</summary>
    public const int Bytes = 5;

    /// <summary>Rows that an event can name: 268,435,456.</summary>
    public const int MaxTracks = 1 << RowBits;

    /// <summary>A whole track, in the unit of <see cref="Missed"/>.</summary>
    public const int Parts = 250;

    private const int RowBits = 28, KindShift = RowBits - 24;

    /// <summary>What it says of the track, in [-2, 2], as <see cref="RadioEvent.Strength"/> has it.</summary>
    internal float Strength => Kind switch
    {
        SinceKind.VoteUp or SinceKind.Added => 2,
        SinceKind.VoteDown => -2,
        SinceKind.VoteWithdrawn => 0,
        SinceKind.Clicked => 0.1f,
        _ => Missed == 0 ? 1 : -Missed / (float)Parts,
    };

    internal VoteValue? Vote => Kind switch
    {
        SinceKind.VoteUp => VoteValue.Up,
        SinceKind.VoteDown => VoteValue.Down,
        SinceKind.VoteWithdrawn => VoteValue.Withdrawn,
        _ => null,
    };

    internal bool IsVote => Kind is SinceKind.VoteUp or SinceKind.VoteDown or SinceKind.VoteWithdrawn;

    internal bool IsListen => Kind <= SinceKind.Left;

    /// <summary>What it is to a model of taste; null when it is nothing to it.</summary>
    internal PairAction? Action => Kind switch
    {
        SinceKind.Listen => new(Track, InteractionAction.Listen, 1, 0),
        SinceKind.Skip => new(Track, InteractionAction.Skip, Missed / (float)Parts, 0),
        SinceKind.VoteUp => new(Track, InteractionAction.VoteUp, 1, 0),
        SinceKind.VoteDown => new(Track, InteractionAction.VoteDown, 1, 0),
        SinceKind.Added => new(Track, InteractionAction.PlaylistAdd, 1, 0),
        SinceKind.Clicked => new(Track, InteractionAction.Click, 1, 0),
        _ => null,
    };

    /// <param name="length">The track's; null where nobody knows.</param>
    internal static SinceEvent Of(int track, RadioEvent reaction, TimeSpan? length)
    {
        var kind = (reaction.Vote, reaction.Kind, reaction.ActionOn(track, length)?.Action) switch
        {
            (VoteValue.Up, _, _) => SinceKind.VoteUp,
            (VoteValue.Down, _, _) => SinceKind.VoteDown,
            (not null, _, _) => SinceKind.VoteWithdrawn,
            (_, RadioEventKind.Added, _) => SinceKind.Added,
            (_, RadioEventKind.Clicked, _) => SinceKind.Clicked,
            (_, _, InteractionAction.Skip) => SinceKind.Skip,
            (_, _, InteractionAction.Listen) => SinceKind.Listen,
            _ => SinceKind.Left,
        };
        var strength = kind <= SinceKind.Left ? reaction.Strength(length) : 1;
        return new(track, kind, strength >= 1 ? (byte)0 : (byte)Math.Clamp(MathF.Round(-strength * Parts), 1, Parts));
    }

    internal static SinceEvent Read(ReadOnlySpan<byte> bytes)
    {
        var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return new((int)(word & (MaxTracks - 1)), (SinceKind)(word >> RowBits), bytes[4]);
    }

    /// <summary>Reads events that lie one after the other, each as <see cref="Read"/> does.</summary>
    /// <param name="bytes">At least as many events as <paramref name="events"/> has room for.</param>
    internal static void ReadAll(ReadOnlySpan<byte> bytes, Span<SinceEvent> events)
    {
        var done = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            // Two events to a vector: row and kind, once more the byte with the kind, and the part; then the bits of each where they belong.
            var spread = Vector128.Create((byte)0, 1, 2, 3, 3, 4, 255, 255, 5, 6, 7, 8, 8, 9, 255, 255);
            var (rows, kinds) = (Vector128.Create(0x0000_FF00_0FFF_FFFFUL), Vector128.Create(0x0000_000F_0000_0000UL));
            var words = MemoryMarshal.Cast<SinceEvent, ulong>(events);
            for (; done <= events.Length - 2 && done * Bytes + Vector128<byte>.Count <= bytes.Length; done += 2)
            {
                var two = Vector128.ShuffleNative(Vector128.Create(bytes[(done * Bytes)..]), spread).AsUInt64();
                ((two & rows) | (Vector128.ShiftRightLogical(two, KindShift) & kinds)).CopyTo(words[done..]);
            }
        }
        for (; done < events.Length; done++)
        {
            events[done] = Read(bytes[(done * Bytes)..]);
        }
    }

    /// <exception cref="InvalidOperationException">The row is too large for the record.</exception>
    internal void Write(Span<byte> bytes)
    {
        if ((uint)Track >= MaxTracks)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Row {Track} has no place in a listener's record: a catalogue may have {MaxTracks:N0} tracks."));
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Track | ((uint)Kind << RowBits));
        bytes[4] = Missed;
    }
}

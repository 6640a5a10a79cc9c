using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Segue.Events.Normalizing;

namespace Segue.Events.Wire;

/// <summary>Makes the keys by which a second telling of an event is known.</summary>
/// <remarks>
/// SHA-256 over fields that cannot run into each other: each text has its length before it, each choice a tag. Pseudonyms, which are 32
/// hexadecimal digits, go in as 16 bytes: so a typical key takes one block of the hash.
/// </remarks>
internal static class EventKeys
{
    private static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create("0123456789abcdef");
    private const byte GivenId = 0;   // in the place of the kind, which is never 0

    /// <summary>A function of the listener and, when the sender gave one, the id alone; else of what the event says, at the time that
    /// it states: a corrected time would differ from one sending to the next.</summary>
    [System.Runtime.CompilerServices.SkipLocalsInit]   // only what was written is hashed
    public static EventKey Of(in EventDraft draft)
    {
        var bound = MostBytes(draft);
        Span<byte> buffer = bound <= 512 ? stackalloc byte[512] : new byte[bound];
        var writer = new Writer(buffer);
        writer.AddListener(draft.Listener.Scope);
        if (draft.Id is { } id)
        {
            writer.Add(GivenId);
            writer.Add(id);
        }
        else
        {
            writer.Add((byte)draft.Kind);
            AddSubject(ref writer, draft);
            writer.Add(draft.At);
            AddPlace(ref writer, draft);
        }
        return new(QuickSha256.First128(writer.Written));
    }

    private static void AddSubject(ref Writer writer, in EventDraft draft)
    {
        if (draft.Has(WireFields.Track))
        {
            writer.Add(1);
            writer.Add(draft.Track!.Track.Value);
        }
        else if (draft.Has(WireFields.Artist))
        {
            writer.Add(2);
            writer.Add(draft.Artist.Value);
        }
        else if (draft.Recording is { } recording)
        {
            writer.Add(3);
            writer.AddOptional(recording.Mbid);
            writer.AddOptional(recording.Isrc);
            writer.AddOptional(recording.Artist);
            writer.AddOptional(recording.Title);
            writer.AddOptional(recording.Album);
        }
    }

    private static void AddPlace(ref Writer writer, in EventDraft draft)
    {
        if (draft.Kind is EventKind.PlaylistAdd or EventKind.PlaylistRemove)
        {
            writer.Add(draft.Playlist!);
        }
        else if (draft.Kind is EventKind.Click or EventKind.Impression)
        {
            writer.Add(draft.Has(WireFields.Recommendation) ? (byte)1 : (byte)0);
            writer.Add(draft.Recommendation.Value);
            writer.Add(draft.Position);
        }
    }

    private static int MostBytes(in EventDraft draft)
    {
        var recording = draft.Recording;
        var units = draft.Listener.Scope.Length + (draft.Id?.Length ?? 0) + (draft.Track?.Track.Value.Length ?? 0)
            + (draft.Artist.Value?.Length ?? 0) + (draft.Playlist?.Length ?? 0) + (recording?.Artist?.Length ?? 0)
            + (recording?.Title?.Length ?? 0) + (recording?.Album?.Length ?? 0) + (recording?.Mbid?.Length ?? 0)
            + (recording?.Isrc?.Length ?? 0);
        return 80 + 3 * units;
    }

    private ref struct Writer(Span<byte> buffer)
    {
        private const int PseudonymDigits = 32;
        private readonly Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Add(byte value) => _buffer[_length++] = value;

        public void Add(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(_buffer[_length..], value);
            _length += sizeof(long);
        }

        public void Add(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], value);
            _length += sizeof(int);
        }

        public void Add(Guid value)
        {
            value.TryWriteBytes(_buffer[_length..], bigEndian: true, out var written);
            _length += written;
        }

        /// <summary>The length takes 1 byte below 255, else 3.</summary>
        public void Add(string text)
        {
            var count = Encoding.UTF8.GetByteCount(text);
            if (count < byte.MaxValue)
            {
                Add((byte)count);
            }
            else
            {
                Add(byte.MaxValue);
                BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], (ushort)count);
                _length += sizeof(ushort);
            }
            _length += Encoding.UTF8.GetBytes(text, _buffer[_length..]);
        }

        public void AddOptional(string? text)
        {
            Add(text is null ? (byte)0 : (byte)1);
            if (text is not null)
            {
                Add(text);
            }
        }

        public void AddListener(string listener)
        {
            var isHexadecimal = listener.Length == PseudonymDigits && !listener.AsSpan().ContainsAnyExcept(LowerHexadecimal);
            Add(isHexadecimal ? (byte)1 : (byte)0);
            if (isHexadecimal)
            {
                Convert.FromHexString(listener, _buffer[_length..], out _, out var written);
                _length += written;
            }
            else
            {
                Add(listener);
            }
        }
    }
}

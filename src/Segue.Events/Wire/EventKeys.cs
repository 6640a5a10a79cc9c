using System.Buffers.Binary;
using System.Text;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Wire;

/// <summary>Tells of what the keys are made by which a second telling of an event is known.</summary>
/// <remarks>
/// SHA-256 over fields that cannot run into each other: each text has its length before it, each choice a tag. Pseudonyms, which are 32
/// hexadecimal digits, go in as 16 bytes: so a typical key takes one block of the hash.
/// </remarks>
internal static class EventKeys
{
    private const byte GivenId = 0;   // in the place of the kind, which is never 0

    /// <summary>Writes what the key is the hash of: a function of the listener and, when the sender gave one, the id alone; else of what the
    /// event says, at the time that it states: a corrected time would differ from one sending to the next.</summary>
    /// <param name="buffer">At least <see cref="MostBytes"/> long.</param>
    public static ReadOnlySpan<byte> Write(in EventDraft draft, Span<byte> buffer)
    {
        var writer = new Writer(buffer);
        writer.Add(draft.Listener);
        if (!draft.Id.IsEmpty)
        {
            writer.Add(GivenId);
            writer.Add(draft.Id);
        }
        else
        {
            writer.Add((byte)draft.Kind);
            AddSubject(ref writer, draft);
            writer.Add(draft.At);
            AddPlace(ref writer, draft);
        }
        return writer.Written;
    }

    private static void AddSubject(ref Writer writer, in EventDraft draft)
    {
        if (!draft.Track.IsEmpty)
        {
            writer.Add(1);
            writer.Add(draft.Track);
        }
        else if (!draft.Artist.IsEmpty)
        {
            writer.Add(2);
            writer.Add(draft.Artist);
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
            writer.Add(draft.Playlist);
        }
        else if (draft.Kind is EventKind.Click or EventKind.Impression)
        {
            writer.Add(draft.Has(WireFields.Recommendation) ? (byte)1 : (byte)0);
            writer.Add(draft.Recommendation.Value);
            writer.Add(draft.Position);
        }
    }

    /// <summary>No key is made of more.</summary>
    public static int MostBytes(in EventDraft draft)
    {
        var bytes = 80 + draft.Id.Length + draft.Track.Length + draft.Artist.Length + draft.Playlist.Length;
        if (draft.Listener.Named is { } named)
        {
            bytes += 3 * named.Scope.Length;
        }
        if (draft.Recording is { } recording)
        {
            bytes += 3 * ((recording.Artist?.Length ?? 0) + (recording.Title?.Length ?? 0) + (recording.Album?.Length ?? 0)
                + (recording.Mbid?.Length ?? 0) + (recording.Isrc?.Length ?? 0));
        }
        return bytes;
    }

    private ref struct Writer(Span<byte> buffer)
    {
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

        public void Add(UInt128 value)
        {
            BinaryPrimitives.WriteUInt128BigEndian(_buffer[_length..], value);
            _length += 16;
        }

        /// <summary>The length takes 1 byte below 255, else 3.</summary>
        public void Add(ReadOnlySpan<byte> text)
        {
            if (text.Length < byte.MaxValue)
            {
                Add((byte)text.Length);
            }
            else
            {
                Add(byte.MaxValue);
                BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], (ushort)text.Length);
                _length += sizeof(ushort);
            }
            text.CopyTo(_buffer[_length..]);
            _length += text.Length;
        }

        public void AddOptional(string? text)
        {
            Add(text is null ? (byte)0 : (byte)1);
            if (text is not null)
            {
                Add(Encoding.UTF8.GetBytes(text));
            }
        }

        public void Add(in ListenerCode listener)
        {
            if (listener.Named is { } named)
            {
                AddScope(named.Scope);
                return;
            }
            Add((byte)1);
            Add(listener.Scope);
        }

        private void AddScope(string scope)
        {
            var isCode = ListenerCode.TryParse(scope, out var code);
            Add(isCode ? (byte)1 : (byte)0);
            if (isCode)
            {
                Add(code);
            }
            else
            {
                Add(Encoding.UTF8.GetBytes(scope));
            }
        }
    }
}

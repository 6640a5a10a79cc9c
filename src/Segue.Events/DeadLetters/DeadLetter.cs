using Segue.Core;

namespace Segue.Events.DeadLetters;

/// <summary>Something that was sent and could not be taken.</summary>
/// <param name="Source">The object it was read from, or the door it came to, such as <c>http:/v1/events</c>.</param>
/// <param name="Position">Line in the object from 1, or place in the request's batch from 0.</param>
/// <param name="ByteOffset">Of the line in the object; null for a door.</param>
/// <param name="Reason">Short code, the same that counts are kept by.</param>
/// <param name="Detail">What was wrong, for people; null when the code says all.</param>
/// <param name="Raw">As it came; may hold personal data.</param>
/// <param name="Mapping">Id of the mapping in use; null for our own format.</param>
/// <param name="Listener">Whom it names, or whose token it came with; null where that cannot be read.</param>
public sealed record DeadLetter(
    string Source,
    long Position,
    long? ByteOffset,
    DateTimeOffset ReceivedAt,
    string Reason,
    string? Detail,
    ReadOnlyMemory<byte> Raw,
    string? Mapping,
    ListenerId? Listener = null);

/// <summary>A dead letter as it is kept.</summary>
/// <param name="Letter">Its raw bytes are at most <see cref="DeadLetterStore.MaxRawBytes"/>, the first ones.</param>
/// <param name="RawLength">Bytes that came.</param>
/// <param name="ReplayedAt">When it was sent through the pipeline again and taken; null while it is open.</param>
public sealed record StoredDeadLetter(long Id, DeadLetter Letter, long RawLength, DateTimeOffset? ReplayedAt)
{
    /// <summary>Whether bytes are missing: then it cannot be replayed.</summary>
    public bool IsCut => RawLength > Letter.Raw.Length;
}

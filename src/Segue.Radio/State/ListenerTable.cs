using Segue.Numerics.Memory;

namespace Segue.Radio.State;

/// <summary>A record of 512 bytes for each listener who did something since the training. Safe for any number of callers.</summary>
/// <remarks>Cut into <see cref="ListenerKey.Owners"/> parts by the key. A part is locked, saved and brought back by itself, and shares nothing with
/// another one. Memory: 512 bytes and 8 to 22 of index a listener, and what is beside the records.</remarks>
public sealed class ListenerTable
{
    /// <summary>Bytes of a record.</summary>
    public const int RecordBytes = ListenerRecord.Bytes;

    /// <summary>Events that a record holds, the newest.</summary>
    public const int MaxEvents = ListenerRecord.MaxEvents;

    private readonly OwnedListeners[] _owners;

    public ListenerTable()
    {
        var arena = new MemoryArena();
        _owners = [.. Enumerable.Range(0, ListenerKey.Owners).Select(_ => new OwnedListeners(arena))];
    }

    /// <summary>Listeners.</summary>
    public long Count => _owners.Sum(owner => (long)owner.Count);

    /// <summary>Bytes of records and index.</summary>
    public long Bytes => _owners.Sum(owner => owner.Bytes);

    internal IReadOnlyList<OwnedListeners> Owners => _owners;

    /// <summary>Takes an event in.</summary>
    /// <exception cref="InvalidOperationException">The row is too large for the record.</exception>
    public void Append(ListenerKey key, SinceEvent happened)
    {
        var owner = Of(key);
        lock (owner.Gate)
        {
            owner.Append(key, happened);
        }
    }

    /// <summary>Copies a listener's events since the training, oldest first.</summary>
    /// <param name="target">Room for <see cref="MaxEvents"/>.</param>
    /// <returns>How many; 0 for somebody without a record.</returns>
    public int Read(ListenerKey key, Span<SinceEvent> target)
    {
        var owner = Of(key);
        lock (owner.Gate)
        {
            if (!owner.TryRead(key, out var record))
            {
                return 0;
            }
            record.CopyTo(target);
            return record.Count;
        }
    }

    internal OwnedListeners Of(ListenerKey key) => _owners[key.Owner];
}

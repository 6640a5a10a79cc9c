namespace Segue.Events.Log;

/// <summary>Empties the records of some listeners, and collects their keys.</summary>
/// <param name="since">Only events at or after it; null: all.</param>
internal sealed class Erasure(HashSet<string> listeners, DateTimeOffset? since)
{
    private readonly List<EventKey> _keys = [];

    public IReadOnlyCollection<EventKey> Keys => _keys;

    public bool Concerns(LogBlock block) => block.Records().Exists(record => IsMeant(block.Payload.Span[record]));

    private bool IsMeant(ReadOnlySpan<byte> record)
        => EventCodec.ListenerOf(record) is { } listener && listeners.Contains(listener) && (since is null || EventCodec.Decode(record)!.At >= since);

    public LogBlock Apply(LogBlock block)
    {
        if (!Concerns(block))
        {
            return block;
        }
        return block.Rewritten((record, into) =>
        {
            if (!IsMeant(record))
            {
                return false;
            }
            _keys.Add(EventCodec.KeyOf(record)!.Value);
            EventCodec.EncodeErased(into);
            return true;
        });
    }
}

/// <summary>Gives the listeners of a block new pseudonyms.</summary>
internal static class Renaming
{
    public static LogBlock Apply(LogBlock block, Func<string, string> map)
        => block.Rewritten((record, into) =>
        {
            if (EventCodec.ListenerOf(record) is not { } listener)
            {
                return false;
            }
            EventCodec.Rename(record, map(listener), into);
            return true;
        });
}

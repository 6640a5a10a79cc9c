namespace Segue.Events.Log;

/// <summary>Empties the records of some listeners, and collects their keys.</summary>
internal sealed class Erasure(HashSet<string> listeners)
{
    private readonly List<EventKey> _keys = [];

    public IReadOnlyCollection<EventKey> Keys => _keys;

    public static bool Concerns(LogBlock block, HashSet<string> listeners)
        => block.Records().Exists(record => EventCodec.ListenerOf(block.Payload.Span[record]) is { } listener && listeners.Contains(listener));

    public LogBlock Apply(LogBlock block)
    {
        if (!Concerns(block, listeners))
        {
            return block;
        }
        return block.Rewritten((record, into) =>
        {
            if (EventCodec.ListenerOf(record) is not { } listener || !listeners.Contains(listener))
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

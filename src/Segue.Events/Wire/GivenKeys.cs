using Segue.Events.Pseudonyms;

namespace Segue.Events.Wire;

/// <summary>Keys of events that come by another way than JSON, with an id of their sender's.</summary>
public static class GivenKeys
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The key that an event of the wire format has with the same listener and <c>id</c>, so that the ways may be mixed.</summary>
    public static EventKey Of(KnownListener listener, string id) => EventKeys.Of(new EventDraft { Listener = listener, Id = id });
}

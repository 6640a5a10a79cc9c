using System.Text;
using Segue.Events.Normalizing;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Wire;

/// <summary>Keys of events that come by another way than JSON, with an id of their sender's.</summary>
public static class GivenKeys
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The key that an event of the wire format has with the same listener and <c>id</c>, so that the ways may be mixed.</summary>
    public static EventKey Of(KnownListener listener, string id)
    {
        var draft = new EventDraft { Listener = ListenerCode.Of(listener), Id = Encoding.UTF8.GetBytes(id) };
        return new(QuickSha256.First128(EventKeys.Write(draft, new byte[EventKeys.MostBytes(draft)])));
    }
}

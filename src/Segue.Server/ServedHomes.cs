using System.Collections.Concurrent;
using Segue.Core;
using Segue.Events;
using Segue.Radio;

namespace Segue.Server;

/// <summary>First screens as they were answered last: one asked for again is the same page, and the same impressions.</summary>
/// <remarks>A page holds until its listener does something, other models or tracks are taken into use, or <see cref="Holds"/> has passed (trends move). At most <see cref="MostBytes"/> are kept; beyond, all go. Thread-safe.</remarks>
public sealed class ServedHomes
{
    /// <summary>A page is made anew after so long.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of all pages together.</summary>
    public const long MostBytes = 128L << 20;

    private readonly ConcurrentDictionary<ListenerId, Page> _pages = new();
    private long _bytes;

    /// <summary>The page, where it still holds.</summary>
    internal byte[]? Find(Repertoire repertoire, ListenerId listener, int rows, int count, DateTimeOffset now)
        => _pages.TryGetValue(listener, out var page) && page.Json is { } json && ReferenceEquals(page.Repertoire, repertoire)
            && page.Rows == rows && page.Count == count && page.Until > now ? json : null;

    /// <summary>Notes that a page is being made: what its listener does meanwhile takes it out.</summary>
    internal Page Begin(Repertoire repertoire, ListenerId listener, int rows, int count, DateTimeOffset now)
    {
        var page = new Page(repertoire, rows, count, now + Holds, Json: null);
        Drop(listener);
        return _pages.GetOrAdd(listener, page);
    }

    /// <summary>Keeps a page, unless its listener did something since it was begun.</summary>
    internal void Keep(ListenerId listener, Page begun, byte[] json)
    {
        if (Interlocked.Read(ref _bytes) + json.Length > MostBytes)
        {
            Clear();
        }
        else if (_pages.TryUpdate(listener, begun with { Json = json }, begun))
        {
            Interlocked.Add(ref _bytes, json.Length);
        }
    }

    /// <summary>Takes the page of who did something out; what was merely shown changes nothing.</summary>
    internal void Follow(ListenerEvent happened)
    {
        if (happened.Kind != EventKind.Impression)
        {
            Drop(happened.Listener);
        }
    }

    /// <summary>Takes all pages out: something was forgotten.</summary>
    internal void Clear()
    {
        _pages.Clear();
        Interlocked.Exchange(ref _bytes, 0);
    }

    private void Drop(ListenerId listener)
    {
        if (_pages.TryRemove(listener, out var page))
        {
            Interlocked.Add(ref _bytes, -(page.Json?.Length ?? 0));
        }
    }

    /// <param name="Json">Null while the page is being made.</param>
    internal sealed record Page(Repertoire Repertoire, int Rows, int Count, DateTimeOffset Until, byte[]? Json);
}

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

    /// <summary>Makes a page and keeps it, unless its listener does something meanwhile.</summary>
    internal byte[] Make(Repertoire repertoire, ListenerId listener, int rows, int count, DateTimeOffset now, Func<byte[]> make)
    {
        var begun = new Page(repertoire, rows, count, now + Holds, null);
        Drop(listener);
        _pages[listener] = begun;
        byte[]? json = null;
        try
        {
            return json = make();
        }
        finally
        {
            Keep(listener, begun, json);
        }
    }

    private void Keep(ListenerId listener, Page begun, byte[]? json)
    {
        if (json is null)
        {
            _pages.TryRemove(new(listener, begun));   // nobody knows the listener
        }
        else if (Interlocked.Read(ref _bytes) + json.Length > MostBytes)
        {
            Clear();
        }
        else if (_pages.TryUpdate(listener, new(begun.Repertoire, begun.Rows, begun.Count, begun.Until, json), begun))
        {
            Interlocked.Add(ref _bytes, json.Length);
        }
    }

    /// <summary>Takes the page of who did something out; what was merely shown changes nothing, nor does a sitting that begins.</summary>
    internal void Follow(ListenerEvent happened)
    {
        if (happened.Kind is not (EventKind.Impression or EventKind.Sitting or EventKind.Answer))
        {
            Drop(happened.Listener);
        }
    }

    /// <summary>Takes all pages out: something was forgotten, or what they were made of was replaced and is to leave the memory.</summary>
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

    // Compared by reference: a page that was begun anew is another one.
    private sealed class Page(Repertoire repertoire, int rows, int count, DateTimeOffset until, byte[]? json)
    {
        public Repertoire Repertoire => repertoire;
        public int Rows => rows;
        public int Count => count;
        public DateTimeOffset Until => until;

        /// <summary>Null while the page is being made.</summary>
        public byte[]? Json => json;
    }
}

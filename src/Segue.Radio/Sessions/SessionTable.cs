using System.Collections.Concurrent;
using Segue.Core;

namespace Segue.Radio.Sessions;

/// <summary>The sittings under way, bounded in number and in age.</summary>
internal sealed class SessionTable(RadioOptions options, TimeProvider time)
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<SessionId, RadioSession> _sessions = new();
    private readonly ConcurrentDictionary<ListenerId, ConcurrentDictionary<SessionId, bool>> _byListener = new();
    private long _sweptAt = time.GetUtcNow().UtcTicks;

    public int Count => _sessions.Count;

    /// <summary>The moment by which sittings are idle while a log is recalled; null: now.</summary>
    public DateTimeOffset? AsOf { get; set; }

    private DateTimeOffset Now => AsOf ?? time.GetUtcNow();

    public void Add(RadioSession session)
    {
        session.LastUsed = Now;
        SweepIdle();
        if (_sessions.Count >= options.MaxSessions)
        {
            MakeRoom();
        }
        _sessions[session.Id] = session;
        if (session.Listener is { } listener)
        {
            _byListener.GetOrAdd(listener, _ => new())[session.Id] = true;
        }
    }

    /// <summary>Adds a sitting that was under way before, with the moment at which it was used last.</summary>
    public void AddAgain(RadioSession session)
    {
        var used = session.LastUsed;
        Add(session);
        session.LastUsed = used;
    }

    /// <summary>The sitting, or null when there is none of that id or it was idle for too long.</summary>
    public RadioSession? Find(SessionId id)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            return null;
        }
        if (IsIdle(session))
        {
            Remove(session);
            return null;
        }
        session.LastUsed = Now;
        return session;
    }

    /// <summary>The sitting of an id, without using it; null when there is none.</summary>
    public RadioSession? Peek(SessionId id) => _sessions.GetValueOrDefault(id);

    public IReadOnlyList<RadioSession> All() => [.. _sessions.Values];

    /// <summary>The listener's sittings under way.</summary>
    /// <remarks>Walks the table of a listener's sittings only: there are few.</remarks>
    public IReadOnlyList<RadioSession> Of(ListenerId listener)
        => _byListener.TryGetValue(listener, out var ids) ? [.. ids.Keys.Select(Find).OfType<RadioSession>()] : [];

    /// <summary>Ends all sittings of a listener.</summary>
    public void EndAll(ListenerId listener)
    {
        foreach (var session in Of(listener))
        {
            Remove(session);
        }
    }

    private void Remove(RadioSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        if (session.Listener is { } listener && _byListener.TryGetValue(listener, out var ids) && ids.TryRemove(session.Id, out _) && ids.IsEmpty)
        {
            _byListener.TryRemove(new(listener, ids));
        }
    }

    private void SweepIdle()
    {
        var (last, now) = (Interlocked.Read(ref _sweptAt), Now.UtcTicks);
        if (Math.Abs(now - last) < SweepEvery.Ticks || Interlocked.CompareExchange(ref _sweptAt, now, last) != last)
        {
            return;   // not yet, or another caller does it now
        }
        foreach (var session in _sessions.Values.Where(IsIdle))
        {
            Remove(session);
        }
    }

    private bool IsIdle(RadioSession session) => Now - session.LastUsed > options.SessionIdle;

    // A tenth at once, so that a full table is not walked for every new sitting.
    private void MakeRoom()
    {
        var oldest = _sessions.Values.OrderBy(session => session.LastUsed).ToList();
        foreach (var session in oldest.Take(Math.Max(1, options.MaxSessions / 10)))
        {
            Remove(session);
        }
    }
}

using System.Collections.Concurrent;
using Segue.Core;

namespace Segue.Radio.Sessions;

/// <summary>The sittings under way, bounded in number and in age.</summary>
internal sealed class SessionTable(RadioOptions options, TimeProvider time)
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<SessionId, RadioSession> _sessions = new();
    private long _sweptAt = time.GetUtcNow().UtcTicks;

    public int Count => _sessions.Count;

    public void Add(RadioSession session)
    {
        session.LastUsed = time.GetUtcNow();
        SweepIdle();
        if (_sessions.Count >= options.MaxSessions)
        {
            MakeRoom();
        }
        _sessions[session.Id] = session;
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
            _sessions.TryRemove(id, out _);
            return null;
        }
        session.LastUsed = time.GetUtcNow();
        return session;
    }

    private void SweepIdle()
    {
        var (last, now) = (Interlocked.Read(ref _sweptAt), time.GetUtcNow().UtcTicks);
        if (now - last < SweepEvery.Ticks || Interlocked.CompareExchange(ref _sweptAt, now, last) != last)
        {
            return;   // not yet, or another caller does it now
        }
        foreach (var session in _sessions.Values.Where(IsIdle))
        {
            _sessions.TryRemove(session.Id, out _);
        }
    }

    private bool IsIdle(RadioSession session) => time.GetUtcNow() - session.LastUsed > options.SessionIdle;

    // A tenth at once, so that a full table is not walked for every new sitting.
    private void MakeRoom()
    {
        var oldest = _sessions.Values.OrderBy(session => session.LastUsed).ToList();
        foreach (var session in oldest.Take(Math.Max(1, options.MaxSessions / 10)))
        {
            _sessions.TryRemove(session.Id, out _);
        }
    }
}

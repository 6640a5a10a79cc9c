using System.Collections.Concurrent;
using Segue.Core;

namespace Segue.Radio.Sessions;

/// <summary>The sittings under way, bounded in number and in age.</summary>
internal sealed class SessionTable(RadioOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<SessionId, RadioSession> _sessions = new();

    public int Count => _sessions.Count;

    public void Add(RadioSession session)
    {
        session.LastUsed = time.GetUtcNow();
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

    private bool IsIdle(RadioSession session) => time.GetUtcNow() - session.LastUsed > options.SessionIdle;

    // A tenth at once, so that a full table is not walked for every new sitting.
    private void MakeRoom()
    {
        var oldest = _sessions.Values.OrderBy(session => session.LastUsed).ToList();
        foreach (var session in oldest.Take(Math.Max(1, options.MaxSessions / 10)).Concat(oldest.Where(IsIdle)))
        {
            _sessions.TryRemove(session.Id, out _);
        }
    }
}

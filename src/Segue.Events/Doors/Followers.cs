using System.Collections.Immutable;

namespace Segue.Events.Doors;

/// <summary>Those who see each event of the log as it is committed. One that throws at an event misses that event alone: the log goes on, and so
/// do the follower and all others.</summary>
/// <remarks>Events are told by one thread; the rest is thread-safe.</remarks>
public sealed class Followers
{
    private ImmutableArray<Action<LoggedEvent>> _all = [];
    private long _missed;

    /// <summary>Events that a follower could not take since the start.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Told each time, with the count so far; on the committing thread, so it must be quick. A message of the fault may name a listener.</summary>
    public Action<Exception, long>? Failed { get; set; }

    internal void Add(Action<LoggedEvent> follower) => ImmutableInterlocked.Update(ref _all, all => all.Add(follower));

    internal void Remove(Action<LoggedEvent> follower) => ImmutableInterlocked.Update(ref _all, all => all.Remove(follower));

    internal void Tell(IEnumerable<LoggedEvent> committed)
    {
        var all = _all;
        if (all.IsEmpty)
        {
            return;   // and no event need be read from its record
        }
        foreach (var logged in committed)
        {
            foreach (var follower in all)
            {
                Tell(follower, logged);
            }
        }
    }

    /// <summary>Lets one take an event, as all do when it is committed: for a follower's own reading of the log.</summary>
    public void Tell(Action<LoggedEvent> follower, LoggedEvent logged)
    {
        try
        {
            follower(logged);
        }
        catch (Exception fault)
        {
            Failed?.Invoke(fault, Interlocked.Increment(ref _missed));
        }
    }
}

using Segue.Events.Log;
using Segue.Radio;

namespace Segue.Server.Stores;

/// <summary>Tells a station, before it is on the air, what lies in the log: what listeners did since the training, and the sittings of the last day.</summary>
/// <param name="logEnd">Where the data of the station's repertoire ends.</param>
/// <param name="now">From which the day counts back.</param>
internal sealed class StationRecall(OpenStore store, RadioStation station, long logEnd, DateTimeOffset now)
{
    /// <summary>A sitting that began longer ago is not recalled: so a restart need not read more than a day of what was learnt already.</summary>
    public static readonly TimeSpan OldestSitting = TimeSpan.FromDays(1);

    /// <summary>Sittings that began before are not recalled.</summary>
    public DateTimeOffset Since { get; } = now - OldestSitting;

    /// <summary>Where the log is read from by who knows nothing yet.</summary>
    public long Start { get; } = Math.Min(logEnd, store.Events.Log.FirstSince(now - OldestSitting));

    /// <summary>The offset from which on events are still to be told; -1 before the first.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>Leaves out what the station knows already: all before an offset.</summary>
    public void GoOnFrom(long position) => Position = position;

    /// <summary>Tells all that the log holds by now and was not told yet.</summary>
    public void ToEnd()
    {
        var log = store.Events.Log;
        if (Position < 0)
        {
            Position = Start;
        }
        var end = Math.Max(logEnd, log.End);
        foreach (var logged in log.Read(Position).TakeWhile(logged => logged.Offset < end))
        {
            store.Events.Followers.Tell(told => station.Recall(told, store.Pseudonyms, Since), logged);
        }
        Position = end;
    }
}

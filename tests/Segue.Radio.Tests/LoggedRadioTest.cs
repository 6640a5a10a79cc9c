using Segue.Core;
using Segue.Events;
using Segue.Events.Pseudonyms;
using Segue.Radio.Feed;
using Segue.Radio.Sessions;
using Segue.Ranking.Rules;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>A radio that takes what is in a log, and listeners who may do anything.</summary>
public abstract class LoggedRadioTest : RadioTest
{
    private protected static readonly Pseudonymizer Pseudonyms = new([new byte[32]], _ => true);
    private protected List<LoggedEvent> Told { get; } = [];

    private protected SessionId Begin(RadioStation station, ListenerId listener, RadioSeeds? seeds = null, ListWishes? wishes = null)
    {
        var start = station.Announce(listener, seeds ?? RadioSeeds.None, isNew: true, isPrivate: false, wishes)!;
        Log(station, SittingEvents.ToEvent(start, Pseudonyms, Time.GetUtcNow()));
        return start.Session;
    }

    private protected void Log(RadioStation station, ListenerEvent happened)
    {
        Told.Add(new(Told.Count, happened));
        station.Take(Told[^1], Pseudonyms);
    }

    private protected void React(RadioStation station, SessionId session, params RadioEvent[] reactions)
    {
        foreach (var happened in EventFeed.ToEvents(session, reactions, station.Prepare(session, reactions)!, Time.GetUtcNow()))
        {
            Log(station, happened);
        }
    }

    private protected RadioStation Recall(DateTimeOffset? since = null, RadioOptions? options = null)
    {
        var station = Station(options);
        Told.ForEach(logged => station.Recall(logged, Pseudonyms, since ?? DateTimeOffset.MinValue));
        return station;
    }

    private protected static string Text(RadioAnswer answer)
        => string.Join('\n', [.. answer.Tracks.Select(track => track.ToString()), .. answer.Toward, .. answer.AwayFrom, answer.Shortfall ?? ""]);

    /// <summary>Whatever a listener may do next, in one of the sittings, in none, or in one of another's.</summary>
    private protected void DoAnything(RadioStation station, Random chance, List<(SessionId Id, ListenerId Listener)> sittings)
    {
        Time.Advance(TimeSpan.FromSeconds(chance.Next(200)));
        var listener = TinyWorld.Listener(chance.Next(4));
        if (sittings.Count == 0 || chance.Next(8) == 0)
        {
            sittings.Add((Begin(station, listener, new([TinyWorld.IdOf(chance.Next(60))], [], chance.Next(2) == 0 ? ["jazz"] : []),
                chance.Next(2) == 0 ? null : new() { Discovery = 0.5f, IsWebRadio = true, RestsByHabit = true }), listener));
            return;
        }
        var (session, whose) = sittings[chance.Next(sittings.Count)];
        var offered = station.Next(session, 10).Tracks.Select(track => TinyWorld.RowOf(track.Track.Id)).ToList();
        var row = offered.Count == 0 || chance.Next(4) == 0 ? chance.Next(60) : offered[chance.Next(offered.Count)];
        var reaction = chance.Next(4) switch
        {
            0 => Skipped(row, chance.Next(1, 150)),
            1 => Voted(row, (VoteValue)chance.Next(-1, 2)),
            _ => Played(row),
        };
        if (chance.Next(6) == 0)
        {
            Log(station, new()
            {
                Kind = EventKind.Ban, Key = new((UInt128)Told.Count), Listener = whose, At = Time.GetUtcNow().AddSeconds(-chance.Next(500)), Track = TinyWorld.IdOf(row), Value = (sbyte)chance.Next(2),
            });
        }
        else if (chance.Next(4) == 0)   // at another door, and told late
        {
            var told = EventFeed.ToEvents(session, [reaction], station.Prepare(session, [reaction])!, Time.GetUtcNow().AddSeconds(-chance.Next(500)))[0];
            Log(station, told with { Session = chance.Next(2) == 0 ? null : "elsewhere" });
        }
        else
        {
            React(station, session, reaction);
        }
    }
}

using Segue.Core;
using Segue.Events;
using Segue.Events.Pseudonyms;
using Segue.Radio.Feed;
using Segue.Radio.Funnel;
using Segue.Radio.Sessions;
using Segue.Ranking.Rules;

namespace Segue.Radio;

/// <summary>An answer of a sitting that the log knows, and what it was made from.</summary>
/// <param name="Options">How the radio behaved.</param>
/// <inheritdoc cref="ToldAnswer"/>
public sealed record AnswerGiven(RadioAnswer Answer, ListenerId Listener, DateTimeOffset At, long LogEnd, long Began, long Position, int Count, string? Ranker, RadioOptions Options);

/// <content>Sittings as a fold of the event log: begun, told and remembered by its events alone.</content>
public sealed partial class RadioStation
{
    private long _taken, _telling;
    private DateTimeOffset _recalled = DateTimeOffset.MinValue;

    /// <summary>Told of each answer of a sitting that the log knows, under the sitting's lock: it must be quick.</summary>
    public Action<AnswerGiven>? Answered { get; set; }

    /// <summary>What begins a sitting, for a log to keep before it is begun by <see cref="Take(LoggedEvent, Pseudonymizer)"/>; the answer is <see cref="Next"/>'s then.</summary>
    /// <returns>Null where nothing may be kept: nobody is known to listen, or the sitting is private. Then <see cref="Start"/> begins it.</returns>
    /// <inheritdoc cref="Start"/>
    public SittingStart? Announce(KnownListener? listener, RadioSeeds seeds, bool isNew, bool isPrivate, ListWishes? wishes)
    {
        var repertoire = RequireStart(listener, isNew, wishes);
        repertoire.SeedTracks(seeds);
        return listener is { } known && !isPrivate ? new(new(Guid.NewGuid()), known, seeds, wishes ?? ListWishes.None) : null;
    }

    /// <summary>Takes an event in as it is committed: sittings begin, those under way follow it.</summary>
    public void Take(LoggedEvent logged, Pseudonymizer pseudonyms)
    {
        Volatile.Write(ref _telling, logged.Offset + 1);
        if (SittingEvents.ToStart(logged.Event, pseudonyms) is { } start)
        {
            Begin(start, logged);
        }
        else
        {
            this.Take(logged.Event, logged.Offset);
        }
        Volatile.Write(ref _taken, logged.Offset + 1);
    }

    /// <summary>Takes in an event that lies in the log already: to be told in the log's order before the radio is on the air, or in place of the one that is.
    /// Nobody is told of what was done then.</summary>
    /// <param name="since">Sittings that began before are over.</param>
    public void Recall(LoggedEvent logged, Pseudonymizer pseudonyms, DateTimeOffset since)
    {
        var happened = logged.Event;
        if (IsRestored(logged))
        {
            Volatile.Write(ref _taken, logged.Offset + 1);
            return;
        }
        if (happened.Kind is EventKind.Sitting or EventKind.Answer && happened.At > _recalled)
        {
            _recalled = happened.At;   // these two have the server's own clock
        }
        _sessions.AsOf = _recalled;
        if (happened.Kind == EventKind.Sitting)
        {
            if (happened.At >= since && SittingEvents.ToStart(happened, pseudonyms) is { } start)
            {
                Begin(start, logged);
            }
        }
        else if (happened.Kind is EventKind.Answer or EventKind.Impression)
        {
            RecallOffer(happened);
        }
        else if (EventFeed.ToReaction(happened) is not { } reaction)
        {
            TakeUnlessKnown(logged);
        }
        else if (logged.Offset < _repertoire.LogEnd ? Catalogue.Find(reaction.Track) is not null : _repertoire.Take(happened.Listener, reaction, happened.At) is not null)
        {
            Tell(EventFeed.SessionOf(happened), happened.Listener, reaction, happened.At, logged.Offset);
        }
        _sessions.AsOf = null;
        Volatile.Write(ref _taken, logged.Offset + 1);
    }

    /// <summary>Goes on from a station that was told the whole log: its repertoire, and its sittings as it recalled them. What no log keeps, private sittings
    /// and those of nobody, moves over as it is.</summary>
    /// <param name="next">Is on no air, and is not used afterwards.</param>
    public void GoOnAs(RadioStation next)
    {
        Use(next._repertoire, session =>
        {
            if (next._sessions.Peek(session.Id) is { } recalled)
            {
                session.Become(recalled);
            }
            else
            {
                session.IsCarriedOver = true;
            }
        });
    }

    /// <summary>Gives an answer again, by the station's clock and by what it was told: the same, byte for byte, when both are as they were.</summary>
    /// <exception cref="NotKnownException">No such sitting.</exception>
    public RadioAnswer Repeat(SessionId id, RecommendationId recommendation, int count)
    {
        RequireCount(count);
        var session = Find(id);
        return In(session, () => Answer(session, count, recommendation));
    }

    private void Begin(SittingStart start, LoggedEvent logged)
    {
        var repertoire = _repertoire;
        _sessions.Add(new(
            start.Session, start.Listener, isPrivate: false, repertoire, repertoire.Memory.Since(start.Listener.Id), repertoire.SeedTracks(start.Seeds, mayLack: true), start.Wishes)
        {
            Began = logged.Offset,
            BegunAt = logged.Event.At,
            Position = logged.Offset + 1,
        });
    }

    private void RecallOffer(ListenerEvent happened)
    {
        if (EventFeed.SessionOf(happened) is { } id && _sessions.Find(id) is { } session && session.Listener == happened.Listener
            && happened is { Track: { } track, Recommendation: { } recommendation } && session.Repertoire.Catalogue.Find(track) is { } row)
        {
            session.OfferedIn[row] = recommendation;
        }
    }

    private void TakeUnlessKnown(LoggedEvent logged)
    {
        if (logged.Offset >= _repertoire.LogEnd)
        {
            _repertoire.Take(logged.Event);
        }
    }

    // The sitting it belongs to follows, or, where it belongs to none that is under way, all of the listener's.
    private void Tell(SessionId? session, ListenerId listener, RadioEvent reaction, DateTimeOffset at, long offset)
    {
        var own = session is { } id ? _sessions.Find(id) : null;
        var followers = own?.Listener == listener ? [own] : _sessions.Of(listener).Where(other => !other.IsPrivate);
        foreach (var follower in followers)
        {
            lock (follower)
            {
                follower.MoveTo(_repertoire);
                if (follower.Repertoire.Catalogue.Find(reaction.Track) is { } row)
                {
                    follower.Apply(row, reaction, at);
                }
                follower.Position = Math.Max(follower.Position, offset + 1);
            }
        }
    }

    // Bans and trends may change meanwhile: then they are looked at once more, so that it can be said which events an answer knew.
    private (long Position, PlanRequest Request) Request(RadioSession session, Repertoire repertoire, DateTimeOffset now)
    {
        const int Looks = 4;
        for (var look = 1; ; look++)
        {
            var position = PositionOf(session);
            var banned = new HashSet<int>(session.Banned);
            banned.UnionWith(repertoire.Memory.Banned(session.Listener));
            var request = new PlanRequest(session.History, session.Heard, session.Signals, banned)
            {
                Skipped = session.Skipped, Wishes = session.Wishes, Facts = repertoire.Facts, Rest = session.Rest, Plays = session.Plays, Trending = TrendingFor(repertoire, session.Listener, now), Now = now,
                KeptOut = repertoire.KeptOut, Kept = (session.Pool, session.Anchor),
                People = repertoire.People.Of(session.Listener), Exploring = repertoire.Exploring(session.Id, session.Heard.Count),
            };
            if (look == Looks || (PositionOf(session) == position && Volatile.Read(ref _telling) <= position))
            {
                return (position, request);
            }
        }
    }

    // Which of the log's events an answer knew: all before this offset. Read before anything that the events change.
    private long PositionOf(RadioSession session) => Math.Max(Volatile.Read(ref _taken), session.Position);
}

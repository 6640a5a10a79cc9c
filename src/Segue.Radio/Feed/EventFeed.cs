using Segue.Core;
using Segue.Events;
using Segue.Events.Wire;
using Segue.Radio.Sessions;
using Segue.Ranking.Learnt;

namespace Segue.Radio.Feed;

/// <summary>The crossing between the event log and the radio, both ways. The same code folds the log at the start and follows it after.</summary>
public static class EventFeed
{
    /// <summary>Lets a repertoire that is not on the air yet take an event of the log in. Impressions, follows and failures of a player move nothing.</summary>
    public static void Take(this Repertoire repertoire, ListenerEvent happened)
    {
        if (happened.Kind == EventKind.Ban)
        {
            var until = happened.Value == 0 ? DateTimeOffset.MinValue : happened.Until ?? DateTimeOffset.MaxValue;
            repertoire.Ban(happened.Listener, happened.Track, happened.Artist, until, happened.At);
        }
        else if (ToReaction(happened) is { } reaction)
        {
            repertoire.Take(happened.Listener, reaction, happened.At);
        }
    }

    /// <summary>Lets the radio take an event of the log in, and the sittings under way follow it.</summary>
    /// <param name="offset">Its place in the log; -1 for one that is told once more.</param>
    public static void Take(this RadioStation station, ListenerEvent happened, long offset = -1)
    {
        if (ToReaction(happened) is not { } reaction)
        {
            station.Repertoire.Take(happened);
        }
        else
        {
            station.Observe(happened.Listener, reaction, SessionOf(happened), happened.At, offset);
        }
    }

    /// <summary>The sitting that an event belongs to; null when it names none of the radio's.</summary>
    internal static SessionId? SessionOf(ListenerEvent happened) => Guid.TryParse(happened.Session, out var id) ? new SessionId(id) : null;

    /// <summary>What an event says at the radio; null when it says nothing there.</summary>
    internal static RadioEvent? ToReaction(ListenerEvent happened) => happened switch
    {
        { Track: null } => null,
        { Kind: EventKind.Listen, End: EndReason.Failed } => null,
        { Kind: EventKind.Listen, Track: { } track, Heard: var heard, End: var end } =>
            new(end == EndReason.Skipped ? RadioEventKind.Skipped : RadioEventKind.Played, track, heard),
        { Kind: EventKind.Vote, Track: { } track, Value: var vote } => new(RadioEventKind.Voted, track, Vote: (VoteValue)vote),
        { Kind: EventKind.PlaylistAdd, Track: { } track } => new(RadioEventKind.Added, track),
        { Kind: EventKind.Click, Track: { } track } => new(RadioEventKind.Clicked, track),
        { Kind: EventKind.Less, Track: { } track } => new(RadioEventKind.Less, track),
        _ => null,
    };

    /// <summary>A sitting's reactions as events for the log, in their order.</summary>
    /// <param name="now">When they were told; listens end then.</param>
    public static IReadOnlyList<ListenerEvent> ToEvents(
        SessionId session, IReadOnlyList<RadioEvent> reactions, ReactionContext context, DateTimeOffset now)
        => [.. reactions.Select((reaction, n) => ToEvent(session, reaction, context, n, now))];

    private static ListenerEvent ToEvent(SessionId session, RadioEvent reaction, ReactionContext context, int n, DateTimeOffset now)
    {
        var told = new ListenerEvent
        {
            Kind = reaction.Kind switch { RadioEventKind.Voted => EventKind.Vote, RadioEventKind.Less => EventKind.Less, _ => EventKind.Listen },
            Key = reaction.Id is { } id ? GivenKeys.Of(context.Listener, id) : NewKey(),
            Listener = context.Listener.Id,
            Track = reaction.Track,
            At = Whole(now),
            Session = session.ToString(),
            Recommendation = context.Offers[n],
        };
        if (reaction.Vote is { } vote)
        {
            return told with { Value = (sbyte)vote };
        }
        if (reaction.Kind == RadioEventKind.Less)
        {
            return told;
        }
        var length = context.Lengths[n];
        var most = length ?? TimeSpan.FromDays(1);   // an absurd time would put the start before the calendar's
        var heard = reaction.Heard is { } time && time > most ? most : reaction.Heard;
        var isSkip = reaction.Kind == RadioEventKind.Skipped;
        return told with
        {
            At = Whole(now - (heard ?? (isSkip ? TimeSpan.Zero : length ?? TimeSpan.Zero))),
            Heard = heard,
            Length = length,
            End = isSkip ? EndReason.Skipped : EndReason.Finished,
            Origin = ListenOrigin.Radio,
        };
    }

    /// <summary>An impression as an event for the log.</summary>
    public static ListenerEvent ToEvent(Impression impression) => new()
    {
        Kind = EventKind.Impression,
        Key = NewKey(),
        Listener = impression.Listener,
        Track = impression.Track,
        At = Whole(impression.At),
        Session = impression.Session?.ToString(),
        Recommendation = impression.Recommendation,
        Position = impression.Position,
        Shown = new(impression.Source, impression.ModelVersion, impression.Arm, impression.Propensity),
        Extra = SeenField.Write(impression.Seen, impression.Ranker),
    };

    // Nobody can send these events again, so any key that no other event has will do.
    internal static EventKey NewKey() => new(BitConverter.ToUInt128(Guid.NewGuid().ToByteArray()));

    /// <summary>A time as the log keeps it: in whole milliseconds.</summary>
    internal static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Segue.Core;
using Segue.Events;
using Segue.Events.Pseudonyms;
using Segue.Ranking.Rules;

namespace Segue.Radio.Feed;

/// <summary>What a sitting begins with.</summary>
public sealed record SittingStart(SessionId Session, KnownListener Listener, RadioSeeds Seeds, ListWishes Wishes);

/// <summary>The crossing between the log's records of sittings and answers and what the radio makes of them.</summary>
/// <remarks>What they tell is in <see cref="ListenerEvent.Extra"/>, by the layout of docs/state.md; of a record that this program cannot read nothing
/// is made.</remarks>
public static class SittingEvents
{
    /// <summary>A sitting's start as an event for the log.</summary>
    public static ListenerEvent ToEvent(SittingStart start, Pseudonymizer pseudonyms, DateTimeOffset now)
    {
        var told = ToldSitting.Of(start.Seeds, start.Wishes, pseudonyms.Seal(start.Listener, start.Session.Value));
        return new()
        {
            Kind = EventKind.Sitting,
            Key = EventFeed.NewKey(),
            Listener = start.Listener.Id,
            At = EventFeed.Whole(now),
            Session = start.Session.ToString(),
            Extra = JsonSerializer.SerializeToUtf8Bytes(told, SittingJson.Default.ToldSitting),
        };
    }

    /// <summary>What a sitting began with; null when the event is none, or cannot be read.</summary>
    public static SittingStart? ToStart(ListenerEvent happened, Pseudonymizer pseudonyms)
    {
        if (happened.Kind != EventKind.Sitting || !Guid.TryParse(happened.Session, out var session))
        {
            return null;
        }
        return Read(happened, SittingJson.Default.ToldSitting, told => new SittingStart(
            new(session), pseudonyms.Unseal(happened.Listener, told.Scope, session), told.ToSeeds(), told.Wishes?.ToWishes() ?? ListWishes.None));
    }

    /// <summary>An answer as an event for the log.</summary>
    /// <param name="digest">Of the bytes that were sent.</param>
    public static ListenerEvent ToEvent(AnswerGiven given, string digest) => new()
    {
        Kind = EventKind.Answer,
        Key = EventFeed.NewKey(),
        Listener = given.Listener,
        At = given.At,
        Session = given.Answer.Session.ToString(),
        Recommendation = given.Answer.Recommendation,
        Extra = JsonSerializer.SerializeToUtf8Bytes(
            new ToldAnswer(
                given.Answer.ModelVersion, given.LogEnd, given.Began, given.Position, given.Count, given.Ranker,
                given.Options.Exploration.Share is > 0 and var share ? share : null, given.Options.TrendCounters is > 0 and var counters ? counters : null, digest), SittingJson.Default.ToldAnswer),
    };

    /// <summary>What an answer was made from; null when the event is none, or cannot be read.</summary>
    public static ToldAnswer? ToAnswer(ListenerEvent happened)
        => happened.Kind == EventKind.Answer ? Read(happened, SittingJson.Default.ToldAnswer, told => told) : null;

    private static TMade? Read<TTold, TMade>(ListenerEvent happened, JsonTypeInfo<TTold> type, Func<TTold, TMade> make)
        where TTold : class
        where TMade : class
    {
        try
        {
            return JsonSerializer.Deserialize(happened.Extra.Span, type) is { } told ? make(told) : null;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return null;
        }
    }
}

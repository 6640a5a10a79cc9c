using System.Runtime.CompilerServices;
using System.Text;
using Segue.Events.Log;
using Segue.Events.Normalizing;
using Segue.Events.Resolving;

namespace Segue.Events.Wire;

/// <summary>Checks the fields of an event against each other and the clock, and makes the event: the one way into the log for every door.</summary>
internal static class EventBuilder
{
    private const long FutureToleranceMs = 120_000;
    private const long FirstListenMs = 946_684_800_000;   // 2000-01-01: before, a clock was unset or seconds were sent as milliseconds

    public static Verdict Build(in EventDraft draft, long receivedAt, RecordingResolver resolver, EventBatch into)
    {
        if (draft.IsPrivate)
        {
            return Verdict.Private;
        }
        var skew = ClockSkew.Between(draft.Has(WireFields.SentAt) ? draft.SentAt : null, receivedAt);
        var at = skew.Correct(draft.At);
        var fault = FieldFault(draft) ?? SubjectFault(draft) ?? TimeFault(draft, skew, at, receivedAt);
        if (fault is not null)
        {
            return Verdict.Rejected(fault);
        }
        Add(draft, skew, at, resolver, into);
        return Verdict.Accepted;
    }

    [SkipLocalsInit]   // only what was written of the key's text is hashed
    private static void Add(in EventDraft draft, ClockSkew skew, long at, RecordingResolver resolver, EventBatch into)
    {
        var most = EventKeys.MostBytes(draft);
        var key = EventKeys.Write(draft, most <= 512 ? stackalloc byte[512] : new byte[most]);
        if (draft.Track.IsEmpty && draft.Recording is { } recording)
        {
            var resolved = resolver.Resolve(recording, draft.RecordingLength ?? draft.Length);
            into.Add(Make(draft, skew, at, Encoding.UTF8.GetBytes(resolved.Track.Value), resolved.Length), key);
        }
        else
        {
            into.Add(Make(draft, skew, at, draft.Track, draft.Track.IsEmpty ? null : resolver.LengthOf(draft.Track)), key);
        }
    }

    private static Fault? FieldFault(in EventDraft draft)
    {
        if (draft.Kind == EventDraft.NoKind)
        {
            return Missing("type");
        }
        if ((draft.Present & ~WireFieldRules.Allowed(draft.Kind)) is not WireFields.None and var unexpected)
        {
            return new(RejectReason.UnexpectedField, $"{WireFieldRules.NameOf(unexpected)}: not a field of this type of event");
        }
        return (WireFieldRules.Required(draft.Kind) & ~draft.Present) is not WireFields.None and var missing
            ? Missing(WireFieldRules.NameOf(missing))
            : null;
    }

    private static Fault? SubjectFault(in EventDraft draft)
    {
        var subjects = draft.Present & (WireFields.Track | WireFields.Recording | WireFields.Artist);
        if (subjects == WireFields.None)
        {
            return Missing(draft.Kind == EventKind.Ban ? "track, recording or artist" : "track or recording");
        }
        if (!System.Numerics.BitOperations.IsPow2((int)subjects))
        {
            return new(RejectReason.ConflictingFields, $"more than one of track, recording{(draft.Has(WireFields.Artist) ? ", artist" : "")}");
        }
        if (draft.Recording is { Mbid: null, Isrc: null } and not { Artist: not null, Title: not null })
        {
            return Missing("recording: mbid, isrc, or artist and title");
        }
        return draft.Has(WireFields.Until) && !draft.IsBanned
            ? new(RejectReason.ConflictingFields, "until: a ban that is lifted has no end")
            : null;
    }

    private static Fault? TimeFault(in EventDraft draft, ClockSkew skew, long at, long receivedAt)
    {
        if (skew.IsBeyondCorrection)
        {
            return new(RejectReason.ClockSkew, $"sentAt: {skew.Milliseconds / 1000} s from the server's time; allowed: -3600 to 3600");
        }
        if (at > receivedAt + FutureToleranceMs)
        {
            return new(RejectReason.Future, $"at: {(at - receivedAt) / 1000} s ahead of the server's time; allowed: 120");
        }
        var first = draft.Kind == EventKind.Listen ? FirstListenMs : 0;
        if (at < first || draft.At < first)
        {
            return new(RejectReason.TimeRange,
                $"at: {draft.At} ms since 1970; allowed: from {(first == 0 ? "1970-01-01" : "2000-01-01")} (a number counts milliseconds)");
        }
        return draft.Has(WireFields.Until) && draft.Until <= draft.At
            ? new(RejectReason.OutOfRange, "until: not after at")
            : null;
    }

    private static EventRecord Make(in EventDraft draft, ClockSkew skew, long at, ReadOnlySpan<byte> track, TimeSpan? catalogued)
    {
        var isImpression = draft.Kind == EventKind.Impression;
        return new()
        {
            Kind = draft.Kind,
            Listener = draft.Listener,
            At = TimeSpan.FromMilliseconds(at),
            Track = track,
            Artist = draft.Artist,
            Described = draft.Recording,
            Heard = draft.Heard,
            Length = draft.Kind == EventKind.Listen ? draft.Length ?? draft.RecordingLength ?? catalogued : null,
            End = draft.End,
            Origin = draft.Origin,
            Recommendation = draft.Has(WireFields.Recommendation) ? draft.Recommendation : null,
            Session = draft.Session,
            Value = Value(draft),
            Playlist = draft.Playlist,
            Position = draft.Has(WireFields.Position) ? draft.Position : null,
            Card = draft.Card,
            Until = draft.Has(WireFields.Until) ? TimeSpan.FromMilliseconds(skew.Correct(draft.Until)) : null,
            Propensity = isImpression ? draft.Propensity : null,
            Source = draft.Source,
            Model = draft.Model,
            Arm = draft.Arm,
            Extra = draft.Extra.Span,
        };
    }

    private static sbyte Value(in EventDraft draft) => draft.Kind switch
    {
        EventKind.Vote => (sbyte)draft.Vote,
        EventKind.Follow => draft.IsFollowing ? (sbyte)1 : (sbyte)0,
        EventKind.Ban => draft.IsBanned ? (sbyte)1 : (sbyte)0,
        _ => 0,
    };

    private static Fault Missing(string what) => new(RejectReason.MissingField, $"{what}: missing");
}

using Segue.Events.Normalizing;
using Segue.Events.Resolving;

namespace Segue.Events.Wire;

/// <summary>Checks the fields of an event against each other and the clock, and makes the event: the one way into the log for every door.</summary>
internal static class EventBuilder
{
    private const long FutureToleranceMs = 120_000;
    private const long FirstListenMs = 946_684_800_000;   // 2000-01-01: before, a clock was unset or seconds were sent as milliseconds

    public static Verdict Build(in EventDraft draft, long receivedAt, RecordingResolver resolver)
    {
        if (draft.IsPrivate)
        {
            return Verdict.Private;
        }
        var skew = ClockSkew.Between(draft.Has(WireFields.SentAt) ? draft.SentAt : null, receivedAt);
        var at = skew.Correct(draft.At);
        var fault = FieldFault(draft) ?? SubjectFault(draft) ?? TimeFault(draft, skew, at, receivedAt);
        return fault is null ? Verdict.Accepted(Make(draft, skew, at, resolver)) : Verdict.Rejected(fault);
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

    private static ListenerEvent Make(in EventDraft draft, ClockSkew skew, long at, RecordingResolver resolver)
    {
        Resolution? resolved = draft.Track is { } track ? resolver.Resolve(track)
            : draft.Recording is { } recording ? resolver.Resolve(recording, draft.RecordingLength ?? draft.Length)
            : null;
        var isListen = draft.Kind == EventKind.Listen;
        return new()
        {
            Kind = draft.Kind,
            Key = EventKeys.Of(draft),
            Listener = draft.Listener.Id,
            At = DateTimeOffset.FromUnixTimeMilliseconds(at),
            Track = resolved?.Track,
            Artist = draft.Has(WireFields.Artist) ? draft.Artist : null,
            Described = draft.Recording,
            Heard = draft.Heard,
            Length = isListen ? draft.Length ?? draft.RecordingLength ?? resolved?.Length : null,
            End = draft.End,
            Origin = draft.Origin,
            Recommendation = draft.Has(WireFields.Recommendation) ? draft.Recommendation : null,
            Session = draft.Session,
            Value = Value(draft),
            Playlist = draft.Playlist,
            Position = draft.Has(WireFields.Position) ? draft.Position : null,
            Card = draft.Card,
            Until = draft.Has(WireFields.Until) ? DateTimeOffset.FromUnixTimeMilliseconds(skew.Correct(draft.Until)) : null,
            Shown = draft.Kind == EventKind.Impression ? new(draft.Source!, draft.Model!, draft.Arm!, draft.Propensity) : null,
            Extra = draft.Extra,
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

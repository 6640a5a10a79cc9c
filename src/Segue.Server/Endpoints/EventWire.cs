using System.Text.Json;
using Segue.Events.Doors;

namespace Segue.Server.Endpoints;

/// <summary>One event that was not taken.</summary>
/// <param name="Event">Its place in the batch, from 0.</param>
/// <param name="Reason">A stable word, listed in docs/events.md.</param>
/// <param name="Detail">Place, value and what is allowed.</param>
public sealed record RejectionResponse(int Event, string Reason, string Detail);

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">New events, on disk now.</param>
/// <param name="Duplicate">Events that the log had already.</param>
/// <param name="Rejected">Events that break a rule; see <paramref name="Rejections"/>.</param>
/// <param name="Private">Events that were marked private, and kept nowhere.</param>
/// <param name="Verdicts">One word an event, in the batch's order: accepted, duplicate, rejected or private.</param>
public sealed record EventsResponse(
    int Accepted, int Duplicate, int Rejected, int Private, IReadOnlyList<string> Verdicts, IReadOnlyList<RejectionResponse> Rejections)
{
    /// <summary>Writes what the record would be, without making it: this answer is the server's most frequent one.</summary>
    internal static void Write(Utf8JsonWriter json, IReadOnlyList<DoorVerdict> verdicts)
    {
        Span<int> counts = stackalloc int[Enum.GetValues<DoorOutcome>().Length];
        foreach (var verdict in verdicts)
        {
            counts[(int)verdict.Outcome]++;
        }
        json.WriteStartObject();
        json.WriteNumber("accepted"u8, counts[(int)DoorOutcome.Accepted]);
        json.WriteNumber("duplicate"u8, counts[(int)DoorOutcome.Duplicate]);
        json.WriteNumber("rejected"u8, counts[(int)DoorOutcome.Rejected]);
        json.WriteNumber("private"u8, counts[(int)DoorOutcome.Private]);
        json.WriteStartArray("verdicts"u8);
        foreach (var verdict in verdicts)
        {
            json.WriteStringValue(Word(verdict.Outcome));
        }
        json.WriteEndArray();
        json.WriteStartArray("rejections"u8);
        for (var n = 0; counts[(int)DoorOutcome.Rejected] > 0 && n < verdicts.Count; n++)
        {
            if (verdicts[n].Outcome == DoorOutcome.Rejected)
            {
                json.WriteStartObject();
                json.WriteNumber("event"u8, n);
                json.WriteString("reason"u8, verdicts[n].Reason);
                json.WriteString("detail"u8, verdicts[n].Detail);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Word(DoorOutcome outcome) => outcome switch
    {
        DoorOutcome.Accepted => "accepted"u8,
        DoorOutcome.Duplicate => "duplicate"u8,
        DoorOutcome.Rejected => "rejected"u8,
        DoorOutcome.Private => "private"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No mapping stands before this door."),
    };
}

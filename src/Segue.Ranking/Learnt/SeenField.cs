using System.Text;
using System.Text.Json;

namespace Segue.Ranking.Learnt;

/// <summary>An observation as a field of an impression in the event log: <c>{"seen":"…"}</c>, base64, among the fields that the log keeps as they are.</summary>
/// <remarks>So old logs and old readers need no change, and compaction, export and erasure carry it along. 83 bytes a track, more with the first of an answer.</remarks>
public static class SeenField
{
    private const string Name = "seen";

    /// <param name="packed">See <see cref="Observation"/>; empty gives nothing.</param>
    /// <param name="ranker">Version of the learnt ranker that ordered the answer, digits; null for none.</param>
    public static ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> packed, string? ranker)
        => packed.IsEmpty ? default : Encoding.ASCII.GetBytes(
            ranker is null ? $$"""{"{{Name}}":"{{Convert.ToBase64String(packed.Span)}}"}""" : $$"""{"ranker":"{{ranker}}","{{Name}}":"{{Convert.ToBase64String(packed.Span)}}"}""");

    /// <summary>The packed observation; null where there is none.</summary>
    /// <param name="extra">Further fields of an event, a JSON object or empty.</param>
    public static byte[]? Read(ReadOnlySpan<byte> extra)
    {
        if (extra.IsEmpty)
        {
            return null;
        }
        var reader = new Utf8JsonReader(extra);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(Name))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var packed) ? packed : null;
                }
            }
        }
        catch (JsonException)
        {
            // Not what this program writes: nothing was seen.
        }
        return null;
    }
}

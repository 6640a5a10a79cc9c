using System.Text.Json;
using System.Text.Unicode;

namespace Segue.Events.Mapping;

/// <summary>What became of a line.</summary>
public enum MappingVerdict
{
    /// <summary>It is one event: <see cref="EventMapper.Event"/>.</summary>
    Mapped,

    /// <summary>It is sound, but the mapping leaves it out.</summary>
    Filtered,
    Rejected,
}

/// <param name="Reason">Of <see cref="MappingVerdict.Filtered"/> and <see cref="MappingVerdict.Rejected"/>: a rule's own, or one of <see cref="MappingReasons"/>.</param>
/// <param name="Detail">The field at fault, never its content; null when there is none.</param>
public readonly record struct MappingOutcome(MappingVerdict Verdict, string? Reason = null, string? Detail = null);

/// <summary>Applies a mapping to one line after the other; for one thread. A line yields at most one event.</summary>
public sealed class EventMapper
{
    private readonly EventMapping _mapping;
    private readonly Field[] _fields;
    private readonly JsonBuffer _event = new();

    internal EventMapper(EventMapping mapping) => (_mapping, _fields) = (mapping, new Field[mapping.Paths.Paths.Count]);

    /// <summary>After <see cref="MappingVerdict.Mapped"/>: one JSON object of our wire format, unchecked. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Event => _event.Written;

    /// <summary>Maps one line. Never throws for what a line holds; allocates nothing for most lines.</summary>
    public MappingOutcome Map(ReadOnlySpan<byte> line)
    {
        _event.Length = 0;
        if (!Utf8.IsValid(line))
        {
            return new(MappingVerdict.Rejected, MappingReasons.Malformed, "broken UTF-8");
        }
        try
        {
            return FieldScanner.Scan(line, _mapping.Paths, _fields) is >= 0 and var twice
                ? new(MappingVerdict.Rejected, MappingReasons.DuplicateKey, _mapping.Paths.Paths[twice])
                : Apply(line);
        }
        catch (JsonException malformed)
        {
            return new(MappingVerdict.Rejected, MappingReasons.Malformed, malformed.BytePositionInLine is { } at ? $"byte {at}" : malformed.Message);
        }
        catch (InvalidOperationException)   // from an escape such as \ud800
        {
            return new(MappingVerdict.Rejected, MappingReasons.Malformed, "an escaped half of a surrogate pair");
        }
    }

    private MappingOutcome Apply(ReadOnlySpan<byte> line)
    {
        var input = new MappingInput { Line = line, Fields = _fields };
        foreach (var rule in _mapping.Rules)
        {
            if (rule.When?.Holds(input) == false)
            {
                continue;
            }
            if (rule.Event is null)
            {
                return new(rule.Verdict, rule.Reason);
            }
            return rule.Event.Write(ref input, _event) == ValueOutcome.Written
                ? new(MappingVerdict.Mapped)
                : new(MappingVerdict.Rejected, input.Reason, input.Detail);
        }
        return new(MappingVerdict.Rejected, MappingReasons.Unmapped);
    }
}

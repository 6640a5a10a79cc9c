using System.Globalization;

namespace Segue.Events.Importing;

/// <summary>How many bad lines an import may leave out before it fails: a count, or a share of the lines read.</summary>
public sealed record BadLineBudget
{
    private readonly long _count;
    private readonly decimal? _share;
    private readonly string _text;

    private BadLineBudget(long count, decimal? share, string text) => (_count, _share, _text) = (count, share, text);

    /// <summary>Not one bad line.</summary>
    public static BadLineBudget None { get; } = new(0, null, "0");

    /// <summary>True for a share: it can be judged only when all lines are read.</summary>
    internal bool IsShare => _share is not null;

    /// <summary>Reads "25" (a count of lines, at least 0) or "0.5%" (a share of the lines read, from 0% to 100%).</summary>
    /// <exception cref="FormatException">It is neither, or out of range; the message says what is allowed.</exception>
    public static BadLineBudget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%')
            && decimal.TryParse(trimmed.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent <= 100)
        {
            return new(0, percent / 100, trimmed);
        }
        return long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(count, null, trimmed)
            : throw new FormatException(
                $"'{text}' is no budget of bad lines: give a count such as 25, or a share of the lines from 0% to 100% such as 0.5%.");
    }

    /// <summary>Whether <paramref name="bad"/> bad lines among <paramref name="read"/> lines are within the budget.</summary>
    public bool Allows(long bad, long read) => bad <= (_share is { } share ? share * read : _count);

    public override string ToString() => _text;
}

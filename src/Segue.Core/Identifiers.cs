using System.Globalization;

namespace Segue.Core;

/// <summary>A listener's pseudonymous id: the only name by which anything after <c>Segue.Events</c> knows a person.</summary>
/// <exception cref="ArgumentException">The text is not an identifier, see <see cref="Identifier.Require"/>.</exception>
public readonly record struct ListenerId(string Value)
{
    public string Value { get; } = Identifier.Require(Value, "listener id");
    public override string ToString() => Value;
}

/// <summary>A track's id in the catalogue.</summary>
/// <inheritdoc cref="ListenerId"/>
public readonly record struct TrackId(string Value)
{
    public string Value { get; } = Identifier.Require(Value, "track id");
    public override string ToString() => Value;
}

/// <summary>An artist's id in the catalogue.</summary>
/// <inheritdoc cref="ListenerId"/>
public readonly record struct ArtistId(string Value)
{
    public string Value { get; } = Identifier.Require(Value, "artist id");
    public override string ToString() => Value;
}

/// <summary>One sitting of one listener at the radio.</summary>
public readonly record struct SessionId(Guid Value)
{
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>One answer of the recommender; it joins what was shown with what the listener then did.</summary>
public readonly record struct RecommendationId(Guid Value)
{
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>The rule that every textual id keeps.</summary>
public static class Identifier
{
    /// <summary>Longest id, in UTF-16 units.</summary>
    public const int MaxLength = 256;

    /// <summary>Null when <paramref name="text"/> is an identifier: 1 to 256 units of well-formed text without control
    /// characters and not all white space; else what is wrong with it.</summary>
    public static string? Fault(ReadOnlySpan<char> text)
    {
        if (text.Length is > 0 and <= MaxLength && !text.ContainsAnyExceptInRange('!', '~'))
        {
            return null;   // by far the most, in a few vector steps
        }
        if (text.IsWhiteSpace())
        {
            return "is empty";
        }
        if (text.Length > MaxLength)
        {
            return $"is {text.Length} characters long; at most {MaxLength} are allowed";
        }
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return $"holds the control character U+{(int)text[i]:X4} at position {i}";
            }
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return $"holds half of a surrogate pair at position {i}";
                }
                i++;
            }
        }
        return null;
    }

    /// <summary>Gives <paramref name="text"/> back when it is an identifier.</summary>
    /// <exception cref="ArgumentException">It is not; the message says why.</exception>
    public static string Require(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Fault(text) is { } fault ? throw new ArgumentException($"The {what} {fault}.", nameof(text)) : text;
    }
}

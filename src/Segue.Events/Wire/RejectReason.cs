namespace Segue.Events.Wire;

/// <summary>The codes of <c>docs/events.md</c>, section "Reasons". A code that was once published keeps its meaning.</summary>
public static class RejectReason
{
    public const string Empty = "empty";
    public const string TooLarge = "too-large";
    public const string TooDeep = "too-deep";
    public const string TooManyEvents = "too-many-events";
    public const string NotUtf8 = "not-utf8";
    public const string Malformed = "malformed";
    public const string TrailingBytes = "trailing-bytes";
    public const string NotAnObject = "not-an-object";
    public const string DuplicateField = "duplicate-field";
    public const string ControlCharacter = "control-character";
    public const string LoneSurrogate = "lone-surrogate";
    public const string NumberNotFinite = "number-not-finite";
    public const string MissingField = "missing-field";
    public const string UnexpectedField = "unexpected-field";
    public const string ConflictingFields = "conflicting-fields";
    public const string WrongType = "wrong-type";
    public const string UnknownValue = "unknown-value";
    public const string OutOfRange = "out-of-range";
    public const string BadIdentifier = "bad-identifier";
    public const string BadText = "bad-text";
    public const string BadFormat = "bad-format";
    public const string BadTime = "bad-time";
    public const string TimeRange = "time-range";
    public const string ClockSkew = "clock-skew";
    public const string Future = "future";
}

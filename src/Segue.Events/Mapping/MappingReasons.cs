namespace Segue.Events.Mapping;

/// <summary>Reasons of rejections that a mapping gives by itself, beside those that its rules name.</summary>
public static class MappingReasons
{
    /// <summary>Not one object of well-formed JSON in UTF-8, at most 32 levels deep.</summary>
    public const string Malformed = "malformed-json";

    /// <summary>A field that the mapping reads stands twice in an object.</summary>
    public const string DuplicateKey = "duplicate-key";

    /// <summary>No rule applies, and the file says nothing for the others.</summary>
    public const string Unmapped = "unmapped";

    /// <summary>The line does not tell what the event must have.</summary>
    public const string Missing = "missing-field";

    /// <summary>An object or array where a text or number is read.</summary>
    public const string BadType = "bad-type";
    public const string BadNumber = "bad-number";
    public const string BadTime = "bad-time";

    /// <summary>A value that its table does not list.</summary>
    public const string UnknownValue = "unknown-value";
}

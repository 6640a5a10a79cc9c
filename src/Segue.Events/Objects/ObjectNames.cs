using System.Buffers;

namespace Segue.Events.Objects;

/// <summary>The rule that every name keeps under which an object is written: it is a safe relative path on every system and a plain key of S3.</summary>
internal static class ObjectNames
{
    /// <summary>Longest name in characters; S3 takes 1,024 bytes with the prefix.</summary>
    internal const int MaxLength = 900;

    private static readonly SearchValues<char> Allowed
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._=-/");

    /// <summary>Gives the name back when its parts, joined by '/', are of letters, digits and <c>- _ . =</c>, none empty and none beginning with a dot.</summary>
    /// <exception cref="ArgumentException">It is not such a name.</exception>
    internal static string Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var fault = name.Length is 0 or > MaxLength ? $"has {name.Length} characters, not 1 to {MaxLength}"
            : name.AsSpan().IndexOfAnyExcept(Allowed) is >= 0 and var at ? $"holds U+{(int)name[at]:X4} at position {at}"
            : HasBadPart(name) ? "has a part that is empty or begins with a dot"
            : null;
        return fault is null ? name : throw new ArgumentException($"The object name {fault}: parts of letters, digits and - _ . = are allowed, joined by '/'.", nameof(name));
    }

    private static bool HasBadPart(string name)
    {
        foreach (var part in name.AsSpan().Split('/'))
        {
            if (name.AsSpan(part) is [] or ['.', ..])
            {
                return true;
            }
        }
        return false;
    }
}

using System.Globalization;
using Segue.Core;

namespace Segue.Server.Endpoints;

/// <summary>Checks what a caller sent; each fault names its place, its value and what is allowed.</summary>
internal static class Input
{
    /// <exception cref="BadHttpRequestException">The number lies outside the range.</exception>
    public static int InRange(int value, int least, int most, string place)
        => value >= least && value <= most
            ? value
            : throw new BadHttpRequestException($"{place} is {value}; allowed are {least} to {most}.");

    /// <summary>Null where it was left out.</summary>
    /// <exception cref="BadHttpRequestException">The number lies outside the range, or is none.</exception>
    public static float? InRange(float? value, float least, float most, string place)
        => value is null || (value >= least && value <= most)
            ? value
            : throw new BadHttpRequestException(string.Create(CultureInfo.InvariantCulture, $"{place} is {value}; allowed are {least} to {most}."));

    /// <exception cref="BadHttpRequestException">The text is missing or not an identifier.</exception>
    public static string Id(string? text, string place)
        => text is null ? throw new BadHttpRequestException($"{place} is missing.")
            : Identifier.Fault(text) is { } fault ? throw new BadHttpRequestException($"{place} {fault}.")
            : text;

    /// <summary>An absent list is an empty one.</summary>
    /// <exception cref="BadHttpRequestException">The list is too long, or an entry is not an identifier.</exception>
    public static IReadOnlyList<string> Ids(IReadOnlyList<string>? list, int most, string place)
    {
        InRange(list?.Count ?? 0, 0, most, $"The number of {place}");
        return [.. (list ?? []).Select((text, n) => Id(text, $"{place}[{n}]"))];
    }

    /// <exception cref="BadHttpRequestException">Not a number of seconds within a day.</exception>
    public static TimeSpan? Seconds(double? seconds, string place)
        => seconds is null ? null
            : seconds is >= 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds.Value)
            : throw new BadHttpRequestException(
                string.Create(CultureInfo.InvariantCulture, $"{place} is {seconds}; allowed are 0 to 86400 seconds."));
}

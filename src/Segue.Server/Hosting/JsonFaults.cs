using System.Globalization;
using System.Text.Json;

namespace Segue.Server.Hosting;

/// <summary>Says what is wrong with a body, and where, in words of JSON and not of .NET.</summary>
internal static class JsonFaults
{
    private static readonly string[] Places = [" Path: ", " LineNumber: "];

    public static string Describe(JsonException fault)
    {
        var message = fault.Message;
        var member = fault.Path is null or "$" ? "The body"
            : fault.Path.StartsWith("$.", StringComparison.Ordinal) ? fault.Path[2..]
            : fault.Path;
        var what = fault.InnerException is JsonException || fault.Path is null ? $"The body is not JSON: {Cut(message)}"
            : message.Contains("could not be mapped", StringComparison.Ordinal) ? $"{member} is not known here; is it a typing error?"
            : IsText(message + fault.InnerException?.Message) ? $"{member} is not valid UTF-8 text."
            : message.StartsWith("Duplicate", StringComparison.Ordinal) ? $"{member} is given twice."
            : $"{member} must be {Wanted(message + fault.InnerException?.Message)}.";
        return fault.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $"{what} (line {line + 1}, byte {fault.BytePositionInLine + 1})")
            : what;
    }

    private static bool IsText(string messages)
        => messages.Contains("transcode", StringComparison.OrdinalIgnoreCase) || messages.Contains("surrogate", StringComparison.OrdinalIgnoreCase)
            || messages.Contains("UTF-16", StringComparison.Ordinal) || messages.Contains("UTF-8", StringComparison.Ordinal);

    // The serializer ends its messages with the place in its own notation.
    private static string Cut(string message)
    {
        var places = Places.Select(mark => message.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 0);
        return message[..places.Append(message.Length).Min()];
    }

    // The inner message names the kind of value for which the token was of no use, the outer one at times only the type around it.
    private static string Wanted(string messages)
        => messages.Contains("Dictionary", StringComparison.Ordinal) ? "an object"
            : messages.Contains("System.Collections", StringComparison.Ordinal) ? "a list"
            : messages.Contains("Int32", StringComparison.Ordinal) ? "a whole number"
            : messages.Contains("as a number", StringComparison.Ordinal) ? "a number"
            : messages.Contains("as a boolean", StringComparison.Ordinal) ? "true or false"
            : messages.Contains("as a string", StringComparison.Ordinal) ? "a text"
            : "an object";
}

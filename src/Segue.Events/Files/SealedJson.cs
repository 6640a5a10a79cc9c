using System.Security.Cryptography;
using System.Text.Json;

namespace Segue.Events.Files;

/// <summary>Small JSON files in which every flipped bit is found: <c>{"content": …, "sha256": "…"}</c>, written in exactly one way.</summary>
public static class SealedJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write<T>(T content)
        where T : class
        => JsonSerializer.SerializeToUtf8Bytes(new Sealed<T>(content, Hash(content)), Options);

    /// <exception cref="InvalidDataException">The bytes are not those that were written.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes, string name)
        where T : class
    {
        Sealed<T>? read;
        try
        {
            read = JsonSerializer.Deserialize<Sealed<T>>(bytes, Options);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException($"{name} is damaged: {fault.Message}", fault);
        }
        // Byte for byte: a flip in white space or in a name's case would pass a comparison of values.
        return read is not null && read.Sha256 == Hash(read.Content) && Write(read.Content).AsSpan().SequenceEqual(bytes)
            ? read.Content
            : throw new InvalidDataException($"{name} is damaged: its checksum does not agree.");
    }

    private static string Hash<T>(T content) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, Options)));

    private sealed record Sealed<T>(T Content, string Sha256);
}

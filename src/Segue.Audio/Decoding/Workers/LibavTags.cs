using System.Globalization;
using System.Text.Json;

namespace Segue.Audio.Decoding.Workers;

/// <summary>What FFmpeg's libraries tell of a file: of its container, and of its first stream of sound.</summary>
/// <param name="OfFormat">The container's tags as they stand.</param>
/// <param name="FormatSeconds">The container's playing time; null where it does not tell it.</param>
internal sealed record LibavTags(IReadOnlyList<(string Name, string Value)> OfFormat, double? FormatSeconds)
{
    /// <summary>Short name of the codec; null where there is no stream of sound.</summary>
    public string? Codec { get; init; }

    /// <summary>The stream's tags as they stand.</summary>
    public IReadOnlyList<(string Name, string Value)> OfStream { get; init; } = [];

    /// <summary>The stream's playing time; null where it does not tell it.</summary>
    public double? StreamSeconds { get; init; }

    /// <summary>The form in which ffprobe prints it: one reader serves both.</summary>
    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("streams");
            if (Codec is not null)
            {
                json.WriteStartObject();
                json.WriteString("codec_type", "audio");
                json.WriteString("codec_name", Codec);
                Write(json, StreamSeconds, OfStream);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("format");
            Write(json, FormatSeconds, OfFormat);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, double? seconds, IReadOnlyList<(string Name, string Value)> tags)
    {
        if (seconds is { } known)
        {
            json.WriteString("duration", known.ToString("F6", CultureInfo.InvariantCulture));
        }
        json.WriteStartObject("tags");
        foreach (var (name, value) in tags)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Segue.Core;

namespace Segue.Events.Storage;

/// <summary>Tracks as JSON lines, in the form of a store's <c>catalogue.jsonl</c>: for parts that keep a catalogue of their own.</summary>
public static class CatalogueLines
{
    public static void Write(Stream stream, IEnumerable<Track> tracks)
    {
        foreach (var track in tracks)
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(TrackLine.From(track), StoreFormat.Lines.TrackLine));
            stream.WriteByte((byte)'\n');
        }
    }

    /// <exception cref="InvalidDataException">A line is not a track; the message names it.</exception>
    public static IReadOnlyList<Track> Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        var tracks = new List<Track>();
        while (reader.ReadLine() is { } line)
        {
            try
            {
                tracks.Add((JsonSerializer.Deserialize(line, StoreFormat.Lines.TrackLine) ?? throw new JsonException("it is null")).ToTrack());
            }
            catch (Exception fault) when (fault is JsonException or ArgumentException or OverflowException)
            {
                throw new InvalidDataException($"line {tracks.Count + 1} is damaged: {fault.Message}", fault);
            }
        }
        return tracks;
    }
}

using Segue.Core;
using Segue.Events;
using Segue.Events.Normalizing;

namespace Segue.Features.Interactions;

/// <summary>Tracks that only their senders describe: what a catalogue lacks and listeners play all the same.</summary>
/// <remarks>What is kept of a track depends on the set of its descriptions, not on their order: of several spellings the first in ordinal
/// order, of several lengths the longest. Its artist's id is made of the folded name. Not thread-safe.</remarks>
public sealed class DescribedTracks
{
    private readonly Dictionary<TrackId, Known> _tracks = [];

    /// <summary>Takes an event's description in; one without, or without artist and title, adds nothing.</summary>
    public void Add(ListenerEvent told)
    {
        if (told is not { Track: { } track, Described: { Artist: { } artist, Title: { } title } })
        {
            return;
        }
        var before = _tracks.GetValueOrDefault(track);
        var isFirst = before.Title is null || Compare((artist, title), (before.Artist, before.Title)) < 0;
        var length = told.Length is { } ms && (before.Length is null || ms > before.Length) ? ms : before.Length;
        _tracks[track] = isFirst ? new(artist, title, length) : before with { Length = length };
    }

    /// <summary>All described tracks but those of a catalogue, by id in ordinal order.</summary>
    public IEnumerable<Track> Without(IReadOnlySet<TrackId> catalogue) => _tracks
        .Where(entry => !catalogue.Contains(entry.Key))
        .OrderBy(entry => entry.Key.Value, StringComparer.Ordinal)
        .Select(entry => new Track(entry.Key, entry.Value.Title, ArtistOf(entry.Value.Artist), Genre: null, [], entry.Value.Length));

    /// <summary>The artist of a described track, whose id no artist of a catalogue has.</summary>
    /// <param name="name">Text of at least one character that is no white space.</param>
    public static Artist ArtistOf(string name)
    {
        var folded = TextFolding.Artist(name);
        var id = $"name:{folded}";
        return new(new(id.Length <= Identifier.MaxLength ? id : id[..Identifier.MaxLength].TrimEnd()), name);
    }

    private static int Compare((string Artist, string Title) a, (string Artist, string Title) b)
        => string.CompareOrdinal(a.Artist, b.Artist) is not 0 and var byArtist ? byArtist : string.CompareOrdinal(a.Title, b.Title);

    private readonly record struct Known(string Artist, string Title, TimeSpan? Length);
}

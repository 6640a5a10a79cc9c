using Segue.Audio;
using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Features.Sound;

namespace Segue.Server.Music;

/// <summary>Decides which track a content is, and keeps the catalogue entries that were made of files in step with their tags. For one thread.</summary>
internal sealed class TrackNaming(SoundLibrary library, CatalogueStore catalogue, TrackFinder finder)
{
    private const int MostPending = 256;
    private readonly Dictionary<TrackId, CatalogueRecording> _pending = [];

    public long NewTracks { get; private set; }
    public long Matched { get; private set; }

    /// <summary>Decides for the content of a file.</summary>
    public ScannedTrack Name(string path, long sound)
    {
        if (library.FindSound(sound) is not { Outcome: AudioOutcome.Ok, FirstFile: { } first } content)
        {
            return new(path, null, false);
        }
        var file = FileDescription.Of(content.Tags, first);
        var length = content.Duration;
        if (content is { Track: { } before, IsDescribed: true })
        {
            if (content.IsOwn && library.FindTrack(before) is { } told && told.Sound == sound && (told.Title, told.Artist, told.Album) != (file.Title, file.Artist, file.Tags.Album))
            {
                Describe(content, before, isOwn: true, file);   // renamed, and its name is all that it says
            }
            return new(path, before, false);
        }
        var (track, isOwn, isNew) = Decide(content, file, length);
        Describe(content, track, isOwn, file);
        if (isNew)
        {
            finder.Add(track, file, length);
        }
        (NewTracks, Matched) = (NewTracks + (isNew ? 1 : 0), Matched + (isOwn ? 0 : 1));
        return new(path, track, isNew);
    }

    /// <summary>Makes the entries anew that the catalogue lacks: a scan was killed between library and catalogue, or the catalogue was made anew.</summary>
    public void Mend() => catalogue.Upsert(library.ReadTracks().Where(track => track.IsOwn && !finder.Knows(track.Track)).Select(track =>
    {
        var file = FileDescription.Of(track.Tags, library.FindSound(track.Sound)!.FirstFile!);
        finder.Add(track.Track, file, track.Duration);
        return Entry(track.Track, file, track.Duration);
    }));

    /// <summary>Writes entries into the catalogue that wait for it.</summary>
    public void Flush()
    {
        if (_pending.Count > 0)
        {
            library.Sync();
            catalogue.Upsert(_pending.Values);
            _pending.Clear();
        }
    }

    // A code that the catalogue has is surest; then the very sound, which outlives new tags; then names.
    private (TrackId Track, bool IsOwn, bool IsNew) Decide(KnownSound content, FileDescription file, TimeSpan length)
    {
        if (content.Track is { } kept)
        {
            return (kept, content.IsOwn, false);
        }
        if (finder.FindByCode(file, length) is { } coded)
        {
            return (coded, library.Owns(coded), false);
        }
        if (library.TrackOfSameSound(content.Id) is { } same)
        {
            return (same.Track, same.IsOwn, false);
        }
        return finder.FindByText(file, length) is { } named
            ? (named, library.Owns(named), false)
            : (finder.NewId(file, length, content.Sha256), true, true);
    }

    // The library first, also on disk: an entry without a track in the library would be taken for the catalogue's own.
    private void Describe(KnownSound content, TrackId track, bool isOwn, FileDescription file)
    {
        library.Describe(content.Id, new(track, isOwn, file.Title, file.Artist, file.Tags.Album, file.AlbumKey));
        if (isOwn && library.FindTrack(track)?.Sound == content.Id)
        {
            _pending[track] = Entry(track, file, content.Duration);
            if (_pending.Count == MostPending)
            {
                Flush();
            }
        }
    }

    private CatalogueRecording Entry(TrackId track, FileDescription file, TimeSpan length)
    {
        var genres = file.Tags.Genres;
        return new(
            new(track, file.Title, finder.ArtistOf(file.Artist), genres.Count > 0 ? genres[0] : null, [.. genres.Skip(1)], length > TimeSpan.Zero ? length : null),
            file.Mbid, file.Isrc, file.Tags.ReleasedOn);
    }
}

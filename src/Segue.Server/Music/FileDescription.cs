using System.Text.RegularExpressions;
using Segue.Audio.Tags;
using Segue.Events;
using Segue.Events.Catalogue;
using Segue.Events.Normalizing;
using Segue.Features.Sound;

namespace Segue.Server.Music;

/// <summary>What is said of a file's track: its tags, and where they are silent its name and folders (see <see cref="FileNameTags"/>).</summary>
internal sealed partial record FileDescription
{
    private const string NoArtist = "Unknown artist";

    private FileDescription(AudioTags tags, string? albumKey, bool isNamed) => (Tags, AlbumKey, IsNamed) = (tags, albumKey, isNamed);

    /// <summary>Title and artist are there.</summary>
    public AudioTags Tags { get; }

    /// <summary>The release's MBID; else album and its artist; else, where nobody tells whose album it is, album and folder. Null without an album.</summary>
    public string? AlbumKey { get; }

    /// <summary>Whether artist and title tell tracks apart: "Unknown artist" and "Track 7" do not.</summary>
    public bool IsNamed { get; }

    public string Title => Tags.Title!;
    public string Artist => Tags.Artist!;
    public string? Mbid => Tags.RecordingMbid;
    public string? Isrc => Tags.Isrc is { } isrc ? RecordingCodes.Isrc(isrc) : null;

    /// <summary>As an event's sender would describe the recording; without artist and title where they do not tell.</summary>
    public RecordingDescription ToRecording() => new(Mbid, Isrc, IsNamed ? Artist : null, IsNamed ? Title : null, Tags.Album);

    public static FileDescription Of(AudioTags tags, MusicFile file)
    {
        var named = FileNameTags.Read(Path.GetRelativePath(file.Root, file.Path));
        var artist = tags.Artist ?? tags.AlbumArtist ?? named.Artist;
        var title = tags.Title ?? named.Title ?? TagText.Clean(Path.GetFileName(file.Path)) ?? "Untitled";
        var isBare = tags.Title is null && tags.Album is null;   // a folder's name is an album's only where the file says nothing itself
        var album = tags.Album ?? (isBare ? named.Album : null);
        return new(
            tags with
            {
                Title = title, Artist = artist ?? NoArtist, Album = album, TrackNumber = tags.TrackNumber ?? named.TrackNumber, DiscNumber = tags.DiscNumber ?? named.DiscNumber,
            },
            KeyOf(tags, album, tags.AlbumArtist ?? (tags.Artist is null ? named.Artist : null), file),
            artist is not null && !Generic().IsMatch(title));
    }

    private static string? KeyOf(AudioTags tags, string? album, string? albumArtist, MusicFile file)
        => tags.ReleaseMbid is { } release ? $"mbid:{release}"
            : album is null ? null
            : albumArtist is not null ? $"text:{TextFolding.Artist(albumArtist)}/{TextFolding.Title(album)}"
            : $"folder:{Path.GetDirectoryName(file.Path)}/{TextFolding.Title(album)}";

    [GeneratedRegex(@"^(?:audio\s*)?(?:track|untitled|unknown|titel|piste)?\s*\d*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Generic();
}

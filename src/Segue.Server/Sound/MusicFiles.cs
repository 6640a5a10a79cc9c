using System.Globalization;
using Segue.Core;

namespace Segue.Server.Sound;

/// <summary>The files of a music library, sent as they are.</summary>
/// <remarks>A file is sent only if it lies in one of the roots once all symbolic links are followed, and is audio by its extension: whatever the library's list says,
/// nothing else of the disk can be asked for.</remarks>
public sealed class MusicFiles : ITrackAudio
{
    private const int MaxLinks = 40;

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".aac"] = "audio/aac", [".aif"] = "audio/aiff", [".aiff"] = "audio/aiff", [".flac"] = "audio/flac", [".m4a"] = "audio/mp4", [".mp3"] = "audio/mpeg",
        [".mp4"] = "audio/mp4", [".oga"] = "audio/ogg", [".ogg"] = "audio/ogg", [".opus"] = "audio/ogg", [".wav"] = "audio/wav", [".webm"] = "audio/webm",
        [".wma"] = "audio/x-ms-wma",
    };

    private readonly Func<IEnumerable<string>> _roots;
    private readonly Func<TrackId, string?> _find;

    /// <param name="roots">Folders of music, as of now.</param>
    /// <param name="find">The path of a track's file; null where it has none.</param>
    public MusicFiles(Func<IEnumerable<string>> roots, Func<TrackId, string?> find)
    {
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(find);
        (_roots, _find) = (roots, find);
    }

    public TrackAudio? Open(TrackId track)
    {
        if (_find(track) is not { } path)
        {
            return null;
        }
        var ending = Path.GetExtension(path);
        if (!ContentTypes.TryGetValue(ending, out var type))
        {
            throw new NoSoundException($"The file of the track '{track.Value}' is not sent: its name ends in '{ending}', and sent are {string.Join(", ", ContentTypes.Keys)}.");
        }
        try
        {
            var real = Follow(path, 0);
            return _roots().Any(root => real.StartsWith(Path.TrimEndingDirectorySeparator(Follow(root, 0)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                ? Open(real, type)
                : throw new NoSoundException($"The file of the track '{track.Value}' is not sent: a link leads out of the scanned folders to it. Scan the folder where it lies.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new NoSoundException($"The file of the track '{track.Value}' is not there any more, or cannot be read.");
        }
    }

    private static TrackAudio Open(string path, string type)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        var changed = File.GetLastWriteTimeUtc(file.SafeFileHandle);
        var tag = string.Create(CultureInfo.InvariantCulture, $"{file.Length:x}-{changed.Ticks:x}");
        return new(file, type, tag, new DateTimeOffset(changed));
    }

    // The path without any symbolic link in it, of the file or of a folder above it.
    private static string Follow(string path, int links)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real).LinkTarget is { } target)
            {
                real = links < MaxLinks
                    ? Follow(Path.Combine(Path.GetDirectoryName(real)!, target), ++links)
                    : throw new IOException($"{path} passes more than {MaxLinks} symbolic links.");
            }
        }
        return real;
    }
}

using System.Collections.Frozen;

namespace Segue.Server.Music;

/// <summary>Which files a scan does not look into, by their names. Whatever is not known here is looked into.</summary>
internal static class FileKinds
{
    private static readonly FrozenSet<string> NoMusic = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
    [
        ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".svg", ".ico", ".tga", ".xcf", ".psd", ".heic", ".avif",
        ".txt", ".md", ".nfo", ".log", ".pdf", ".rtf", ".doc", ".docx", ".odt", ".htm", ".html", ".css", ".js", ".json", ".xml", ".yaml", ".yml", ".ini", ".cfg", ".conf",
        ".cue", ".m3u", ".m3u8", ".pls", ".xspf", ".wpl", ".asx", ".lrc", ".srt", ".sub", ".accurip", ".sfv", ".md5", ".sha1", ".sha256", ".ffp", ".par2", ".torrent",
        ".zip", ".rar", ".7z", ".gz", ".xz", ".bz2", ".tar", ".exe", ".dll", ".so", ".url", ".lnk", ".desktop", ".db", ".sqlite", ".bak", ".tmp", ".part", ".crdownload",
    ]);

    /// <summary>Names that begin with a full stop are the system's: among them "._song.mp3", which macOS puts beside each file on a foreign disk.</summary>
    public static bool IsNoMusic(string name) => name.StartsWith('.') || NoMusic.Contains(Path.GetExtension(name)) || name is "Thumbs.db" or "desktop.ini";

    /// <summary>Folders of systems: trash, thumbnails, version control.</summary>
    public static bool IsHiddenFolder(string name) => name.StartsWith('.') || name is "@eaDir" or "#recycle" or "$RECYCLE.BIN" or "System Volume Information" or "lost+found";
}

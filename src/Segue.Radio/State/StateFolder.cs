using System.Globalization;
using Segue.Events.Files;

namespace Segue.Radio.State;

/// <summary>The folder of saved states: the newest one, and now and then the one before it.</summary>
/// <remarks>A file has the name of the position it was taken at. All may be deleted at any time:
/// a start then reads the log.</remarks>
public sealed class StateFolder(string path)
{
    private const string Extension = ".state";
    private const long LeastFree = 64 << 20;

    /// <summary>The newest file; null when there is none.</summary>
    public string? Newest() => Files().Where(file => file.EndsWith(Extension, StringComparison.Ordinal)).Max(StringComparer.Ordinal);

    /// <summary>Where a state of a position belongs.</summary>
    internal string PathOf(long position) => Path.Combine(path, position.ToString("D18", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Where one is written before it has a position.</summary>
    internal string Draft => Path.Combine(path, "draft");

    /// <summary>Deletes what a process left that was killed while it wrote.</summary>
    public void DropDraft() => File.Delete(Draft);

    /// <exception cref="IOException">The disk has not twice the room for so many bytes: the log, which lies beside, must go on.</exception>
    internal void RequireRoom(long bytes)
    {
        PrivateFolder.Create(path);
        if (new DriveInfo(path).AvailableFreeSpace is var free && free < (2 * bytes) + LeastFree)
        {
            throw new IOException(FormattableString.Invariant($"{free} bytes are free where {path} lies; to save {bytes} bytes twice as many and {LeastFree} more must be."));
        }
    }

    /// <summary>Deletes all files but one, and what a process left that was killed while it wrote.</summary>
    /// <param name="keep">Full name; null: none is kept.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    public int Clear(string? keep = null)
    {
        var files = Files().Where(file => file != keep).ToList();
        files.ForEach(File.Delete);
        return files.Count;
    }

    private string[] Files() => Directory.Exists(path) ? Directory.GetFiles(path) : [];
}

using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Segue.Events.Files;

/// <summary>Files that are on disk when a call returns, and that other readers see whole or not at all.</summary>
/// <remarks>Syncs by a call of the system's own: <c>FileStream.Flush(true)</c> of .NET 10.0 was seen to ignore EIO and ENOSPC.</remarks>
public static class DurableFile
{
    /// <summary>Writes a file beside the place, syncs it, renames it into place and syncs the directory.</summary>
    /// <exception cref="IOException">A step failed; then the old content stands.</exception>
    public static void Replace(string path, Action<FileStream> write)
    {
        var draft = path + ".draft";
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            write(stream);
            stream.Flush();
            Sync(stream.SafeFileHandle, draft);
        }
        Publish(draft, path);
    }

    /// <summary>Syncs a finished draft and renames it into place.</summary>
    /// <inheritdoc cref="Replace"/>
    public static void SyncAndPublish(string draft, string path)
    {
        using (var handle = File.OpenHandle(draft, FileMode.Open, FileAccess.ReadWrite))
        {
            Sync(handle, draft);
        }
        Publish(draft, path);
    }

    /// <summary>Removes a file, and returns when its absence is on disk.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        SyncDirectory(DirectoryOf(path));
    }

    /// <exception cref="IOException">The system could not put the file's bytes on disk. They may be lost: a second sync proves nothing.</exception>
    public static void Sync(SafeFileHandle handle, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (FSync(handle) != 0)
        {
            throw Fault("sync", path);
        }
    }

    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // its directories have no handle to sync; the file system's journal orders renames
        }
        using var handle = Open(directory, 0);
        if (handle.IsInvalid || FSync(handle) != 0)
        {
            throw Fault("sync", directory);
        }
    }

    private static void Publish(string draft, string path)
    {
        File.Move(draft, path, overwrite: true);
        SyncDirectory(DirectoryOf(path));
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static IOException Fault(string what, string path)
        => new($"Could not {what} {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.", Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(SafeFileHandle handle);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}

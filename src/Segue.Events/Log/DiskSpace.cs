using Microsoft.Data.Sqlite;
using Segue.Events.Files;

namespace Segue.Events.Log;

/// <summary>Tells a full disk from a broken one.</summary>
internal static class DiskSpace
{
    private const int NoSpace = 28;         // ENOSPC
    private const int QuotaExceeded = 122;  // EDQUOT

    /// <summary>Whether a write or sync in a folder failed for want of room.</summary>
    /// <remarks>SQLite keeps the cause of a failed sync to itself: then a file is written on trial.</remarks>
    public static bool IsOut(Exception refused, string folder)
        => refused switch
        {
            SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } => true,
            SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN } => IsTrialRefused(folder),
            IOException { HResult: NoSpace or QuotaExceeded } => true,
            _ => false,
        };

    private static bool IsTrialRefused(string folder)
    {
        var path = Path.Combine(folder, "trial.draft");
        try
        {
            using var trial = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            trial.Write(new byte[1 << 16]);
            DurableFile.Sync(trial.SafeFileHandle, path);
            return false;
        }
        catch (IOException refused)
        {
            return refused.HResult is NoSpace or QuotaExceeded;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}

namespace Segue.Events.Log;

/// <summary>A file of the log is damaged, missing, or of a newer version. Nothing is repaired silently.</summary>
/// <remarks>The message is meant for the one who runs Segue, and stands alone; it names no listener.</remarks>
public sealed class LogDamagedException : Exception
{
    /// <param name="file">The file's path.</param>
    /// <param name="offset">The first event that cannot be trusted; null when the place is not known.</param>
    public LogDamagedException(string file, long? offset, string what, Exception? inner = null)
        : base(offset is { } at ? $"{file} is damaged at event {at}: {what}" : $"{file} is damaged: {what}", inner)
    {
        (File, Offset) = (file, offset);
    }

    public string File { get; }
    public long? Offset { get; }
}

/// <summary>Another process, or another part of this one, has the log open.</summary>
public sealed class LogInUseException : Exception
{
    public LogInUseException(string folder, Exception inner)
        : base($"The event log in {folder} is in use: only one process may have it open. Stop the other one first.", inner)
    {
    }
}

/// <summary>The log takes no events: the disk refused a write or a sync, or the log was closed. Reading goes on.</summary>
/// <remarks>After a refusal the log must be opened anew. Which of the unanswered events are on disk is not known; the sender may send all
/// of them again, for those that are there will be found to be duplicates.</remarks>
public sealed class LogUnavailableException : Exception
{
    public LogUnavailableException(string message, bool isFull = false, Exception? inner = null)
        : base(message, inner) => IsFull = isFull;

    /// <summary>The disk is full: after making room and opening the log anew, events are taken again.</summary>
    public bool IsFull { get; }
}

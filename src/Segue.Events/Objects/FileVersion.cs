namespace Segue.Events.Objects;

/// <summary>A text that changes when a file does: its size and the time of its last change.</summary>
internal static class FileVersion
{
    internal static string Of(FileInfo file) => $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}";
}

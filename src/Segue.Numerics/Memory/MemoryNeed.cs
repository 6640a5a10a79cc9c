namespace Segue.Numerics.Memory;

/// <summary>Asks for memory before hours of work rather than in their midst.</summary>
public static class MemoryNeed
{
    /// <summary>Bytes that this process may still take: the machine's or the container's limit less what is in use.</summary>
    public static long Available()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        return Math.Max(0, SystemAvailable() is { } free ? Math.Min(limit, free) : limit);
    }

    /// <param name="what">What needs it, for a person: <c>factors of 10 users and 5 items at d = 64</c>.</param>
    /// <param name="available">Bytes that may be taken; null asks the system.</param>
    /// <exception cref="TooLittleMemoryException">There is less; the message says how much of each.</exception>
    public static void Require(long bytes, string what, long? available = null)
    {
        var free = available ?? Available();
        if (bytes > free)
        {
            throw new TooLittleMemoryException(FormattableString.Invariant(
                $"Memory for {what}: {bytes / 1048576.0:N0} MiB needed, {free / 1048576.0:N0} MiB available."));
        }
    }

    private static long? SystemAvailable()
    {
        const string File = "/proc/meminfo", Name = "MemAvailable:";
        if (!OperatingSystem.IsLinux() || !System.IO.File.Exists(File))
        {
            return null;
        }
        var line = System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        var digits = line?.AsSpan(Name.Length).Trim().ToString().Split(' ')[0];
        return long.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes * 1024 : null;
    }
}

/// <summary>A work was not begun because its memory is not there.</summary>
public sealed class TooLittleMemoryException(string message) : Exception(message);

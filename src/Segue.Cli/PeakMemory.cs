using System.Diagnostics;
using System.Globalization;

namespace Segue.Cli;

/// <summary>The largest resident set of this process over a stretch of work.</summary>
internal static class PeakMemory
{
    /// <summary>Begins a new stretch. On Linux the kernel's high-water mark is reset; elsewhere the peak of the whole process counts.</summary>
    public static void Reset()
    {
        GC.Collect();
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/clear_refs", "5");
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Some containers forbid it: the figure then is the peak since the process began, which is too large, never too small.
            }
        }
    }

    /// <summary>The peak since the last reset, in MiB.</summary>
    public static double MiB()
    {
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.AsSpan(6).Trim().TrimEnd("kB"), NumberStyles.Float, CultureInfo.InvariantCulture) / 1024;
        }
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (1024.0 * 1024);
    }
}

namespace Segue.Events.Log;

/// <summary>Finds places of the log by the time of writing.</summary>
public static class LogClock
{
    /// <summary>The least offset such that every event written at or after a moment lies at it or behind; <see cref="EventLog.End"/> where none was written since.</summary>
    /// <remarks>Halves the log until a block is found: about 20 reads of 4 MiB for a billion events. Blocks are written in the order of time; a clock that was
    /// set back makes the answer a place nearby.</remarks>
    public static long FirstSince(this EventLog log, DateTimeOffset moment)
    {
        var (low, high) = (log.Start, log.End);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (log.ReadBlocks(middle).FirstOrDefault() is not { } block)
            {
                return high;
            }
            (low, high) = block.WrittenAt < moment ? (block.End, high) : (low, Math.Min(middle, block.First));
        }
        return low;
    }
}

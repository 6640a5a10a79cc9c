using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class LogClockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_event_since_any_moment_is_found_across_segments_and_erasures()
    {
        var (time, written, chance) = (new SetClock(SampleEvents.Start), new List<DateTimeOffset>(), new Random(1));
        using var log = EventLog.Open(_folder["log"], new() { SegmentBytes = 4096 }, time);
        Assert.Equal(0, log.FirstSince(SampleEvents.Start));
        for (var block = 0; block < 60; block++)
        {
            time.Now += TimeSpan.FromMinutes(chance.Next(3));   // some at the same moment
            var events = SampleEvents.Listens(written.Count, chance.Next(1, 9));
            log.Append(events);
            written.AddRange(events.Select(_ => time.Now));
        }

        for (var minute = -1; minute < 130; minute++)
        {
            var moment = SampleEvents.Start.AddMinutes(minute);
            Assert.Equal(written.Count(at => at < moment), log.FirstSince(moment));
        }
    }
}

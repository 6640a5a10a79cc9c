using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class EventLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _time = new(SampleEvents.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_log_begins_at_zero()
    {
        using var log = Open();

        Assert.Equal((0, 0), (log.Start, log.End));
        Assert.Empty(log.Read(0));
    }

    [Fact]
    public void Events_come_back_in_order_with_their_offsets_before_and_after_reopening()
    {
        var written = SampleEvents.Listens(0, 250);
        using (var log = Open())
        {
            Assert.Equal(0, log.Append(written.GetRange(0, 100)));
            Assert.Equal(100, log.Append(written.GetRange(100, 150)));
            AssertHolds(log, written);
        }

        using var again = Open();

        Assert.Equal(250, again.End);
        AssertHolds(again, written);
        Assert.Equal(Enumerable.Range(130, 120).Select(i => (long)i), again.Read(130).Select(logged => logged.Offset));
        Assert.Equal(250, again.Append(SampleEvents.Listens(250, 1)));
    }

    [Fact]
    public void Only_one_may_have_it_open()
    {
        using var log = Open();

        var refused = Assert.Throws<LogInUseException>(() => Open());

        Assert.Contains(_folder["log"], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_are_synced_with_every_commit()
    {
        SegmentFile.Create(_folder["segment.db"]);
        using var writer = new SegmentWriter(_folder["segment.db"], 0, 1 << 20);

        Assert.Equal(["wal", 2L, 0L, 32768L], new[] { "journal_mode", "synchronous", "wal_autocheckpoint", "page_size" }.Select(setting =>
        {
            using var ask = writer.Connection.CreateCommand();
            ask.CommandText = $"PRAGMA {setting}";
            return ask.ExecuteScalar();
        }));
    }

    [Fact]
    public void A_new_day_and_a_full_segment_each_begin_a_file()
    {
        var written = SampleEvents.Listens(0, 4000);
        using (var log = Open(new() { SegmentBytes = 1 << 17 }))
        {
            for (var i = 0; i < 40; i++)
            {
                log.Append(written.GetRange(i * 100, 100));
            }
            var bySize = Segments().Count;
            Assert.InRange(bySize, 2, 10);
            _time.Now = SampleEvents.Start.AddDays(1);
            log.Append(SampleEvents.Listens(4000, 1));
            Assert.Equal(bySize + 1, Segments().Count);
        }

        using var again = Open();

        AssertHolds(again, SampleEvents.Listens(0, 4001));
        Assert.True(again.Verify(TestContext.Current.CancellationToken).IsSound);
    }

    [Fact]
    public async Task Readers_see_every_event_once_while_the_log_grows_and_rolls()
    {
        using var log = Open(new() { SegmentBytes = 1 << 17 });
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new List<long>();
            while (seen.Count < 10_000)
            {
                seen.AddRange(log.Read(seen.Count).Select(logged => logged.Offset));
                await Task.Yield();
            }
            return seen;
        })).ToList();
        for (var i = 0; i < 100; i++)
        {
            log.Append(SampleEvents.Listens(i * 100, 100));
        }

        foreach (var seen in await Task.WhenAll(readers))
        {
            Assert.Equal(Enumerable.Range(0, 10_000).Select(i => (long)i), seen);
        }
    }

    [Fact]
    public void Retiring_takes_old_segments_below_the_offset_that_is_kept_elsewhere()
    {
        using (var log = Open())
        {
            for (var day = 0; day < 5; day++)
            {
                _time.Now = SampleEvents.Start.AddDays(day);
                log.Append(SampleEvents.Listens(day * 10, 10));
            }

            Assert.Equal(0, log.Retire(SampleEvents.Start, below: 50));
            Assert.Equal(20, log.Retire(SampleEvents.Start.AddDays(3), below: 29));
            Assert.Equal(20, log.Start);
            Assert.Equal(20, log.Retire(SampleEvents.Start.AddDays(99), below: 50));
            Assert.Equal(10, log.Read(0).Count());
        }

        using var again = Open();

        Assert.Equal((40, 50), (again.Start, again.End));
        Assert.Equal(40, again.Read(0).First().Offset);
    }

    [Fact]
    public void A_missing_segment_is_told_with_its_offset()
    {
        Fill(days: 3);
        File.Delete(Segments()[1]);

        var damage = Assert.Throws<LogDamagedException>(() => Open());

        Assert.Equal(10, damage.Offset);
        Assert.EndsWith("events-000000000000000010.db", damage.File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_segment_is_told()
    {
        Fill(days: 3);
        using (var file = File.OpenWrite(Segments()[1]))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<LogDamagedException>(() => Open());
    }

    [Fact]
    public void A_damaged_block_of_the_newest_segment_is_refused_with_its_offset()
    {
        using (var log = Open())
        {
            for (var i = 0; i < 5; i++)
            {
                log.Append(SampleEvents.Listens(i * 1000, 1000));
            }
        }
        var path = Segments().Single();
        var bytes = File.ReadAllBytes(path);
        var place = bytes.AsSpan().IndexOf("track-2500"u8);
        bytes[place] ^= 1;
        File.WriteAllBytes(path, bytes);

        var damage = Assert.Throws<LogDamagedException>(() => Open());

        Assert.Equal((path, 2000), (damage.File, damage.Offset));
    }

    [Fact]
    public void A_log_whose_own_table_was_lost_takes_its_segments_up_again()
    {
        Fill(days: 3);
        File.Delete(_folder["log/log.db"]);

        using var log = Open();

        AssertHolds(log, SampleEvents.Listens(0, 30));
        Assert.True(log.Verify(TestContext.Current.CancellationToken).IsSound);
    }

    private void Fill(int days)
    {
        using var log = Open();
        for (var day = 0; day < days; day++)
        {
            _time.Now = SampleEvents.Start.AddDays(day);
            log.Append(SampleEvents.Listens(day * 10, 10));
        }
    }

    private EventLog Open(EventLogOptions? options = null) => EventLog.Open(_folder["log"], options, _time);

    private List<string> Segments() => Directory.EnumerateFiles(_folder["log"], "events-*.db").Order(StringComparer.Ordinal).ToList();

    private static void AssertHolds(EventLog log, List<ListenerEvent> expected)
    {
        var read = log.Read(0).ToList();
        Assert.Equal(expected.Count, read.Count);
        for (var i = 0; i < read.Count; i++)
        {
            Assert.Equal(i, read[i].Offset);
            SampleEvents.AssertEqual(expected[i], read[i].Event);
        }
    }
}

using System.Text;
using Segue.Core;
using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class MaintenanceTests : IDisposable
{
    private static readonly ListenerId Leaving = new(SampleEvents.Pseudonym(7));
    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _time = new(SampleEvents.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_an_erasure_no_file_of_the_log_holds_the_listener()
    {
        using var log = Open();
        await using var intake = new EventIntake(log, new() { DuplicateSearchBytes = 1 << 20 });
        for (var day = 0; day < 3; day++)
        {
            _time.Now = SampleEvents.Start.AddDays(day);
            await intake.SubmitAsync(SampleEvents.Listens(day * 3000, 3000), Cancellation);
        }
        await intake.SubmitAsync([SampleEvents.Listen(20_000, "a name in clear")], Cancellation);
        Assert.NotEmpty(FilesWith(Leaving.Value));
        Assert.NotEmpty(FilesWith("a name in clear"));

        var report = await intake.RunAsync(opened => opened.Erase(new HashSet<ListenerId> { Leaving, new("a name in clear") }));

        Assert.Equal((10, 3), (report.Events, report.Files.Count));
        Assert.Empty(FilesWith(Leaving.Value));
        Assert.Empty(FilesWith("a name in clear"));
        Assert.Equal(9001, log.End);
        Assert.Equal(8991, log.Read(0).Count());
        Assert.DoesNotContain(log.Read(0), logged => logged.Event.Listener == Leaving);
        Assert.Equal(8, log.Read(8).First().Offset);
        Assert.True((await intake.RunAsync(opened => opened.Verify())).IsSound);
        Assert.Equal(0, (await intake.RunAsync(opened => opened.Erase(new HashSet<ListenerId> { Leaving }))).Events);
    }

    [Fact]
    public async Task Erased_events_do_not_come_back_when_they_are_sent_again_even_without_the_index()
    {
        var events = SampleEvents.Listens(0, 3000);
        using (var log = Open())
        {
            await using var intake = new EventIntake(log);
            await intake.SubmitAsync(events, Cancellation);
            await intake.RunAsync(opened => opened.Erase(new HashSet<ListenerId> { Leaving }));
        }
        File.Delete(_folder["log/index.db"]);

        using var again = Open();
        await using var reopened = new EventIntake(again);

        Assert.Equal(0, (await reopened.SubmitAsync(events, Cancellation)).Accepted);
        Assert.Empty(FilesWith(Leaving.Value));
    }

    [Fact]
    public async Task A_reader_goes_on_through_an_erasure()
    {
        using var log = Open();
        for (var i = 0; i < 30; i++)
        {
            log.Append(SampleEvents.Listens(i * 1000, 1000));
        }
        using var reading = log.Read(0).GetEnumerator();
        Assert.True(reading.MoveNext());

        await Task.Run(() => log.Erase(new HashSet<ListenerId> { Leaving }), Cancellation);
        var last = 0L;
        while (reading.MoveNext())
        {
            last = reading.Current.Offset;
        }

        Assert.Equal(29_999, last);
    }

    [Fact]
    public void A_rotation_of_keys_gives_every_listener_the_new_name_and_nothing_keeps_the_old_one()
    {
        static string Map(string old) => SampleEvents.Pseudonym(old.GetHashCode(StringComparison.Ordinal) & 1) == old ? "never" : Mapped(old);
        var events = SampleEvents.Listens(0, 2000);
        using var log = Open();
        log.Append(events.GetRange(0, 1500));
        _time.Now = SampleEvents.Start.AddDays(1);
        log.Append(events.GetRange(1500, 500));

        log.Rekey("second key", Map);

        Assert.Equal(events.Select(listened => Map(listened.Listener.Value)), log.Read(0).Select(logged => logged.Event.Listener.Value));
        Assert.Empty(FilesWith(Leaving.Value));
        Assert.Null(log.UnfinishedRotation);
        Assert.True(log.Verify(Cancellation).IsSound);
        log.Append(SampleEvents.Listens(2000, 1));
    }

    [Fact]
    public void An_interrupted_rotation_is_finished_before_events_are_taken()
    {
        var events = SampleEvents.Listens(0, 3000);
        using (var log = Open())
        {
            for (var day = 0; day < 3; day++)
            {
                _time.Now = SampleEvents.Start.AddDays(day);
                log.Append(events.GetRange(day * 1000, 1000));
            }
            var mapped = 0;
            Assert.Throws<TimeoutException>(() => log.Rekey("second key", old => ++mapped > 1700 ? throw new TimeoutException() : Mapped(old)));
        }
        using var again = Open();
        Assert.Equal("second key", again.UnfinishedRotation);
        Assert.Throws<LogUnavailableException>(() => again.Append(SampleEvents.Listens(0, 1)));
        Assert.Throws<LogUnavailableException>(() => again.Rekey("third key", Mapped));

        again.Rekey("second key", Mapped);

        Assert.Equal(events.Select(listened => Mapped(listened.Listener.Value)), again.Read(0).Select(logged => logged.Event.Listener.Value));
        again.Append(SampleEvents.Listens(3000, 1));
    }

    [Fact]
    public void A_rewriting_that_ended_before_or_after_its_renaming_is_settled_on_opening()
    {
        foreach (var isRenamed in new[] { false, true })
        {
            var folder = _folder[$"settle-{isRenamed}"];
            using (var log = EventLog.Open(folder, time: _time))
            {
                log.Append(SampleEvents.Listens(0, 100));
                _time.Now = _time.Now.AddDays(1);
                log.Append(SampleEvents.Listens(100, 100));
            }
            AnnounceAndMaybeRename(folder, isRenamed);

            using var again = EventLog.Open(folder, time: _time);

            Assert.Equal(200, again.Read(0).Count());
            Assert.True(again.Verify(Cancellation).IsSound);
            Assert.Equal(!isRenamed, again.Read(0).First().Event.Listener.Value == SampleEvents.Pseudonym(0));
        }
    }

    private static void AnnounceAndMaybeRename(string folder, bool isRenamed)
    {
        var path = Path.Combine(folder, SegmentFile.NameOf(0));
        var blocks = SegmentFile.Read(path, 0, 100, long.MaxValue).ConvertAll(block => Renaming.Apply(block, Mapped));
        SegmentFile.WriteDraft(path, blocks);
        using (var manifest = new LogManifest(folder))
        {
            var old = manifest.Segments()[0];
            manifest.Announce(old with { Bytes = new FileInfo(SegmentFile.DraftOf(path)).Length, Sha256 = SegmentFile.HashOf(SegmentFile.DraftOf(path)) }, []);
        }
        if (isRenamed)
        {
            File.Move(SegmentFile.DraftOf(path), path, overwrite: true);
        }
    }

    private static string Mapped(string old) => SampleEvents.KeyOf(old).ToString();

    /// <summary>Files below the log's folder that hold a name: as text in UTF-8 or UTF-16, or, of a pseudonym, as the 16 bytes that it stands for.</summary>
    private List<string> FilesWith(string listener)
    {
        var needles = new List<byte[]> { Encoding.UTF8.GetBytes(listener), Encoding.Unicode.GetBytes(listener), Encoding.UTF8.GetBytes(listener.ToUpperInvariant()) };
        if (listener.Length == 32 && listener.All(char.IsAsciiHexDigit))
        {
            needles.Add(Convert.FromHexString(listener));
        }
        return _folder.Listing().Where(name => File.Exists(_folder[name])).Where(name => needles.Exists(needle => Bytes(_folder[name]).AsSpan().IndexOf(needle) >= 0)).ToList();
    }

    private static byte[] Bytes(string path)
    {
        if (Path.GetFileName(path) == "lock")
        {
            return [];   // locked against reading, and empty
        }
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private EventLog Open() => EventLog.Open(_folder["log"], time: _time);
}

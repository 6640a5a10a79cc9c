using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class EventIntakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verdicts_tell_offsets_and_duplicates_also_within_a_submission_and_after_reopening()
    {
        var events = SampleEvents.Listens(0, 10);
        await using (var opened = Open())
        {
            var first = await opened.Intake.SubmitAsync([.. events, events[3]], Cancellation);
            var second = await opened.Intake.SubmitAsync([events[9], SampleEvents.Listen(10)], Cancellation);

            Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1], first.Verdicts.Select(verdict => verdict.Offset));
            Assert.Equal([-1, 10], second.Verdicts.Select(verdict => verdict.Offset));
            Assert.Equal((10, 1), (first.Accepted, first.Duplicates));
        }

        await using var again = Open();

        Assert.Equal(11, (await again.Intake.SubmitAsync(SampleEvents.Listens(0, 12), Cancellation)).Duplicates);
        Assert.Equal(12, again.Log.Read(0).Count());
    }

    [Fact]
    public async Task An_empty_submission_is_answered()
    {
        await using var opened = Open();

        Assert.Empty((await opened.Intake.SubmitAsync([], Cancellation)).Verdicts);
    }

    [Fact]
    public async Task What_nobody_waits_for_goes_to_disk_with_what_somebody_waits_for_in_the_order_of_coming()
    {
        await using var opened = Open(options: new() { MostWait = TimeSpan.FromHours(1) });

        var later = opened.Intake.SubmitLaterAsync([SampleEvents.Listen(0)]);
        Assert.Equal(0, opened.Log.End);
        var sooner = await opened.Intake.SubmitAsync([SampleEvents.Listen(1)], Cancellation);

        Assert.Equal((0, 1), ((await later).Verdicts[0].Offset, sooner.Verdicts[0].Offset));
    }

    [Fact]
    public async Task What_nobody_waits_for_goes_to_disk_by_itself_before_maintenance_and_at_the_end()
    {
        await using (var opened = Open(options: new() { MostWait = TimeSpan.FromMilliseconds(20) }))
        {
            Assert.Equal(0, (await opened.Intake.SubmitLaterAsync([SampleEvents.Listen(0)])).Verdicts[0].Offset);
        }
        await using (var opened = Open(options: new() { MostWait = TimeSpan.FromHours(1) }))
        {
            _ = opened.Intake.SubmitLaterAsync([SampleEvents.Listen(1)]);
            Assert.Equal(2, await opened.Intake.RunAsync(log => log.End));
            _ = opened.Intake.SubmitLaterAsync([SampleEvents.Listen(2)]);
        }

        await using var again = Open();
        Assert.Equal(3, again.Log.End);
    }

    [Fact]
    public async Task What_is_handed_in_shuffled_resent_and_by_four_at_once_is_the_same_set()
    {
        var events = SampleEvents.Listens(0, 5000);
        await using (var opened = Open("plain"))
        {
            await opened.Intake.SubmitAsync(events, Cancellation);
        }
        var chance = new Random(1);
        await using (var opened = Open("mixed", new() { GroupBytes = 4096 }))
        {
            var accepted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            {
                var twice = events.Concat(events).ToArray();
                chance.Shuffle(twice);
                return SubmitInParts(opened.Intake, twice, new Random(chance.Next()));
            }));
            Assert.Equal(5000, accepted.Sum());
        }

        Assert.Equal(Fingerprint("plain"), Fingerprint("mixed"));
    }

    [Fact]
    public async Task Old_keys_are_found_in_the_index_whatever_the_order_and_across_mergings()
    {
        const int Events = 30_000;
        var small = new EventIntakeOptions { DuplicateSearchBytes = 1 << 20 };   // about 2,600 keys in memory: some ten runs
        var order = Enumerable.Range(0, Events).ToArray();
        new Random(2).Shuffle(order);
        await using (var opened = Open(options: small))
        {
            foreach (var part in order.Chunk(700))
            {
                Assert.Equal(part.Length, (await opened.Intake.SubmitAsync([.. part.Select(i => SampleEvents.Listen(i))], Cancellation)).Accepted);
            }
            Assert.Equal(0, await CountAccepted(opened.Intake, Events));
        }
        await using (var again = Open(options: small))
        {
            Assert.Equal(0, await CountAccepted(again.Intake, Events));
        }
        File.Delete(_folder["log/index.db"]);

        await using var rebuilt = Open(options: small);

        Assert.Equal(0, await CountAccepted(rebuilt.Intake, Events));
        Assert.Equal(1, (await rebuilt.Intake.SubmitAsync([SampleEvents.Listen(Events)], Cancellation)).Accepted);
    }

    [Fact]
    public async Task A_damaged_index_is_made_anew()
    {
        var small = new EventIntakeOptions { DuplicateSearchBytes = 1 << 20 };
        await using (var opened = Open(options: small))
        {
            await opened.Intake.SubmitAsync(SampleEvents.Listens(0, 5000), Cancellation);
            await opened.Intake.SubmitAsync(SampleEvents.Listens(5000, 10), Cancellation);
        }
        var bytes = await File.ReadAllBytesAsync(_folder["log/index.db"], Cancellation);
        new Random(3).NextBytes(bytes.AsSpan(bytes.Length / 2, 100));
        await File.WriteAllBytesAsync(_folder["log/index.db"], bytes, Cancellation);

        await using var again = Open(options: small);

        Assert.Equal(0, await CountAccepted(again.Intake, 5010));
    }

    [Fact]
    public async Task Commits_are_told_in_order_and_before_they_are_answered()
    {
        var told = new List<long>();
        await using var opened = Open(options: new() { Committed = events => told.AddRange(events.Select(logged => logged.Offset)) });
        for (var i = 0; i < 20; i++)
        {
            var result = await opened.Intake.SubmitAsync(SampleEvents.Listens(i * 50, 100), Cancellation);
            Assert.Contains(result.Verdicts[^1].Offset, told);
        }

        Assert.Equal(Enumerable.Range(0, 1050).Select(i => (long)i), told);
    }

    [Fact]
    public async Task When_the_follower_of_commits_fails_the_events_stand_and_no_more_are_taken()
    {
        await using var opened = Open(options: new() { Committed = _ => throw new InvalidOperationException("a fold failed") });

        Assert.Equal(1, (await opened.Intake.SubmitAsync(SampleEvents.Listens(0, 1), Cancellation)).Accepted);
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => opened.Intake.SubmitAsync(SampleEvents.Listens(1, 1), Cancellation));

        Assert.False(refused.IsFull);
        Assert.Single(opened.Log.Read(0));
    }

    [Fact]
    public async Task Submissions_beyond_the_memory_wait_and_can_give_up()
    {
        using var held = new ManualResetEventSlim();
        await using var opened = Open(options: new() { WaitingBytes = 1 << 16, Committed = _ => held.Wait(Cancellation) });
        var first = opened.Intake.SubmitAsync(SampleEvents.Listens(0, 400), Cancellation);   // larger than the whole: enters alone
        using var patience = new CancellationTokenSource();
        var second = opened.Intake.SubmitAsync(SampleEvents.Listens(400, 10), patience.Token);
        var third = opened.Intake.SubmitAsync(SampleEvents.Listens(500, 10), Cancellation);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        held.Set();

        await Task.WhenAll(first, third);
        Assert.Equal(410, opened.Log.End);
    }

    [Fact]
    public async Task Closing_answers_what_was_handed_in_and_refuses_the_rest()
    {
        var opened = Open();
        var handedIn = Enumerable.Range(0, 50).Select(i => opened.Intake.SubmitAsync(SampleEvents.Listens(i * 10, 10), Cancellation)).ToList();
        await opened.Intake.DisposeAsync();

        Assert.All(await Task.WhenAll(handedIn), result => Assert.Equal(10, result.Accepted));
        await Assert.ThrowsAsync<LogUnavailableException>(() => opened.Intake.SubmitAsync(SampleEvents.Listens(0, 1), Cancellation));
        await opened.DisposeAsync();
    }

    [Fact]
    public async Task Retired_events_stay_duplicates()
    {
        var clock = new SetClock(SampleEvents.Start);
        await using (var opened = Open(time: clock))
        {
            await opened.Intake.SubmitAsync(SampleEvents.Listens(0, 100), Cancellation);
            clock.Now = clock.Now.AddDays(1);
            await opened.Intake.SubmitAsync(SampleEvents.Listens(100, 100), Cancellation);
            Assert.Equal(100, await opened.Intake.RetireAsync(clock.Now, below: 150));
        }

        await using var again = Open(time: clock);

        Assert.Equal(100, again.Log.Start);
        Assert.Equal(0, await CountAccepted(again.Intake, 200));
    }

    private static async Task<int> SubmitInParts(EventIntake intake, ListenerEvent[] events, Random chance)
    {
        var accepted = 0;
        for (var from = 0; from < events.Length;)
        {
            var count = Math.Min(chance.Next(1, 200), events.Length - from);
            accepted += (await intake.SubmitAsync(new ArraySegment<ListenerEvent>(events, from, count), Cancellation)).Accepted;
            from += count;
        }
        return accepted;
    }

    private static async Task<int> CountAccepted(EventIntake intake, int count)
        => (await intake.SubmitAsync(SampleEvents.Listens(0, count), Cancellation)).Accepted;

    /// <summary>The set of events, in one order, as bytes.</summary>
    private byte[] Fingerprint(string name)
    {
        using var log = EventLog.Open(_folder[name]);
        var into = new RecordBuffer();
        foreach (var (_, listened) in log.Read(0).OrderBy(logged => logged.Event.At).ThenBy(logged => logged.Event.Listener.Value, StringComparer.Ordinal).ThenBy(logged => logged.Event.Key.Value))
        {
            EventCodec.Encode(EventRecord.Of(listened), into);
        }
        return into.Written.ToArray();
    }

    private OpenedLog Open(string name = "log", EventIntakeOptions? options = null, TimeProvider? time = null)
        => new(EventLog.Open(_folder[name], time: time), options);

    private sealed class OpenedLog(EventLog log, EventIntakeOptions? options) : IAsyncDisposable
    {
        public EventLog Log { get; } = log;
        public EventIntake Intake { get; } = new(log, options);

        public async ValueTask DisposeAsync()
        {
            await Intake.DisposeAsync();
            Log.Dispose();
        }
    }
}

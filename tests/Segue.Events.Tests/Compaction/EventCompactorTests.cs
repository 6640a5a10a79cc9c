using System.Text;
using Segue.Core;
using Segue.Events.Analytics;
using Segue.Events.Compaction;

namespace Segue.Events.Tests.Compaction;

public sealed class EventCompactorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _stores;

    public EventCompactorTests() => Assert.SkipUnless(DuckDbLibrary.IsPresent, "DuckDB's library is absent: run build/natives/fetch (it needs npm).");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_come_back_with_every_field()
    {
        var events = SomeEvents.Make(3000, seed: 1);
        var (objects, compactor) = NewStore();

        var result = await compactor.CompactAsync(SomeEvents.Logged(events), events.Count, null, Cancel);

        Assert.Equal(new CompactionResult(3000, 3000, 3000, 4), result);
        var back = await Read(objects);
        Assert.Equal(events.OrderBy(e => e.At).ThenBy(e => e.Listener.Value, StringComparer.Ordinal).ThenBy(e => e.Key.Value).Select(Flat), back.Select(Flat));
        Assert.Equal(["day=2018-11-05", "day=2018-11-06", "day=2018-11-07", "day=2018-11-08"], objects.All().Keys.Where(name => name != EventManifest.Name).Select(name => name.Split('/')[1]).Order());
        Assert.Empty(await compactor.VerifyAsync(Cancel));
    }

    [Fact]
    public async Task Bytes_depend_on_the_set_of_events_alone()
    {
        var events = SomeEvents.Make(2000, seed: 2);
        var (once, whole) = NewStore();
        await whole.CompactAsync(SomeEvents.Logged(events), events.Count, null, Cancel);
        var (pieces, split) = NewStore();
        var chance = new Random(3);
        var resent = events.Concat(events.Where(_ => chance.Next(3) == 0)).OrderBy(_ => chance.Next()).ToList();
        for (var from = 0; from < resent.Count; from += 700)
        {
            var end = Math.Min(from + 700, resent.Count);
            await split.CompactAsync(SomeEvents.Logged(resent), end, null, Cancel);
        }

        var (expected, actual) = (once.All(), pieces.All());

        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected.Where(entry => entry.Key != EventManifest.Name), entry => Assert.Equal(entry.Value, actual[entry.Key]));
        var manifest = await EventManifest.ReadAsync(pieces, Cancel);
        Assert.Equal(resent.Count, manifest.Offset);
        Assert.Equal(expected[EventManifest.Name], (manifest with { Offset = events.Count }).ToBytes());
    }

    [Fact]
    public async Task Two_tellings_of_one_key_give_the_same_bytes_in_either_order()
    {
        var first = SomeEvents.Make(1, seed: 4)[0];
        var second = first with { Session = "another" };
        var (a, ab) = NewStore();
        await ab.CompactAsync(SomeEvents.Logged([first, second]), 2, null, Cancel);
        var (b, ba) = NewStore();
        await ba.CompactAsync(SomeEvents.Logged([second]), 1, null, Cancel);
        await ba.CompactAsync(SomeEvents.Logged([first], from: 1), 2, null, Cancel);

        Assert.Equal(a.All(), b.All());
        Assert.Single(await Read(a));
    }

    [Fact]
    public async Task Second_run_to_the_same_end_changes_nothing()
    {
        var events = SomeEvents.Make(500, seed: 5);
        var (objects, compactor) = NewStore();
        await compactor.CompactAsync(SomeEvents.Logged(events), 500, null, Cancel);
        objects.ChangesLeft = 0;

        var again = await compactor.CompactAsync(SomeEvents.Logged(events), 500, null, Cancel);

        Assert.Equal(new CompactionResult(500, 0, 0, 0), again);
    }

    [Fact]
    public async Task Crash_at_any_change_leaves_the_old_state_and_the_next_run_the_new_one()
    {
        var events = SomeEvents.Make(300, seed: 6, days: 2);
        var (before, first) = NewStore();
        await first.CompactAsync(SomeEvents.Logged(events), 200, null, Cancel);
        var (after, both) = NewStore();
        await both.CompactAsync(SomeEvents.Logged(events), 200, null, Cancel);
        await both.CompactAsync(SomeEvents.Logged(events), 300, null, Cancel);
        var crashes = 0;
        for (var changes = 0; ; changes++)
        {
            var (objects, compactor) = NewStore();
            await compactor.CompactAsync(SomeEvents.Logged(events), 200, null, Cancel);
            objects.ChangesLeft = changes;
            if (await Record.ExceptionAsync(() => compactor.CompactAsync(SomeEvents.Logged(events), 300, null, Cancel)) is not IOException)
            {
                break;
            }
            crashes++;
            objects.ChangesLeft = null;
            Assert.Empty(await compactor.VerifyAsync(Cancel));
            Assert.Contains((await Read(objects)).Count, new[] { 200, 300 });
            await compactor.CompactAsync(SomeEvents.Logged(events), 300, null, Cancel);
            Assert.Equal(after.All(), objects.All());
        }
        Assert.Equal(5, crashes);   // two days, the manifest, two old days
        Assert.NotEqual(before.All(), after.All());
    }

    [Fact]
    public async Task Erased_listener_is_in_no_byte()
    {
        var events = SomeEvents.Make(2000, seed: 7);
        var gone = new ListenerId($"listener-{3:x26}");
        events.Add(events[0] with { Key = SomeEvents.Key("alone"), Listener = gone, At = SomeEvents.Start.AddDays(90) });
        var (objects, compactor) = NewStore();
        await compactor.CompactAsync(SomeEvents.Logged(events), events.Count, null, Cancel);
        Assert.Contains(objects.All().Values, bytes => Holds(bytes, gone.Value));
        var (never, other) = NewStore();
        await other.CompactAsync(SomeEvents.Logged(events.Where(e => e.Listener != gone)), events.Count, null, Cancel);

        var erasure = await compactor.EraseAsync([gone], since: null, Cancel);

        Assert.Equal(events.Count(e => e.Listener == gone), erasure.Rows);
        Assert.Equal(5, erasure.Days.Count);
        Assert.All(objects.All().Values, bytes => Assert.False(Holds(bytes, gone.Value)));
        Assert.Equal(never.All(), objects.All());
        Assert.Equal(0, (await compactor.EraseAsync([gone], since: null, Cancel)).Rows);
    }

    [Fact]
    public async Task Rekeyed_events_are_those_of_the_new_pseudonyms()
    {
        var events = SomeEvents.Make(800, seed: 8);
        var (objects, compactor) = NewStore();
        await compactor.CompactAsync(SomeEvents.Logged(events), 800, null, Cancel);
        var (renamed, other) = NewStore();
        await other.CompactAsync(SomeEvents.Logged(events.Select(e => e with { Listener = Next(e.Listener) })), 800, null, Cancel);

        await compactor.RekeyAsync(2, Next, Cancel);
        await compactor.RekeyAsync(2, Next, Cancel);

        Assert.Equal(renamed.All().Where(entry => entry.Key != EventManifest.Name), objects.All().Where(entry => entry.Key != EventManifest.Name));
        Assert.Equal(2, (await EventManifest.ReadAsync(objects, Cancel)).Keys);
        Assert.All(objects.All().Values, bytes => Assert.False(Holds(bytes, "listener-000")));

        static ListenerId Next(ListenerId listener) => new($"next-{listener.Value[^5..]}-{listener.Value.Length}");
    }

    [Fact]
    public async Task Flipped_bits_are_all_found()
    {
        var events = SomeEvents.Make(400, seed: 9);
        var (objects, compactor) = NewStore();
        await compactor.CompactAsync(SomeEvents.Logged(events), 400, null, Cancel);
        var chance = new Random(10);
        var names = objects.All().Keys.Order().ToList();
        for (var n = 0; n < 1000; n++)
        {
            var file = objects.Existing(names[n % names.Count]);
            var bytes = await File.ReadAllBytesAsync(file, Cancel);
            var bit = chance.Next(bytes.Length * 8);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, bytes, Cancel);
            Assert.NotEmpty(await compactor.VerifyAsync(Cancel));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, bytes, Cancel);
        }
        Assert.Empty(await compactor.VerifyAsync(Cancel));
        File.Delete(objects.Existing(names[0]));
        Assert.Equal("it is missing", Assert.Single(await compactor.VerifyAsync(Cancel)).Reason);
    }

    [Fact]
    public async Task Old_days_are_dropped()
    {
        var events = SomeEvents.Make(400, seed: 11);
        var (objects, compactor) = NewStore();
        await compactor.CompactAsync(SomeEvents.Logged(events), 400, null, Cancel);

        var dropped = await compactor.DropBeforeAsync(new(2018, 11, 7), Cancel);

        Assert.Equal([new(2018, 11, 5), new(2018, 11, 6)], dropped);
        Assert.Equal(events.Count(e => e.At >= SomeEvents.Start.AddDays(2)), (await Read(objects)).Count);
        Assert.Equal(3, objects.All().Count);
    }

    [Fact]
    public async Task Part_of_time_and_one_listener_can_be_read()
    {
        var events = SomeEvents.Make(2000, seed: 12);
        var (objects, compactor) = NewStore();
        await compactor.CompactAsync(SomeEvents.Logged(events), 2000, null, Cancel);
        var (from, until, listener) = (SomeEvents.Start.AddHours(30), SomeEvents.Start.AddDays(2), events[0].Listener);

        var read = await (await CompactedEvents.OpenAsync(objects, Cancel)).ReadAsync(from, until, listener, Cancel).ToListAsync(Cancel);

        Assert.Equal(
            events.Where(e => e.At >= from && e.At < until && e.Listener == listener).Select(e => e.Key.ToString()).Order(),
            read.Select(e => e.Key.ToString()).Order());
    }

    [Fact]
    public async Task Cancelled_run_leaves_nothing_behind()
    {
        var events = SomeEvents.Make(66_000, seed: 13, days: 1);
        var (objects, compactor) = NewStore();
        using var stop = new CancellationTokenSource();
        var progress = new Reports(_ => stop.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => compactor.CompactAsync(SomeEvents.Logged(events), events.Count, progress, stop.Token));

        Assert.Empty(objects.All());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private (PlainObjects Objects, EventCompactor Compactor) NewStore()
    {
        var objects = new PlainObjects(_folder[$"objects{++_stores}"]);
        return (objects, new(objects, _folder[$"work{_stores}"], new() { MemoryMiB = 256, RowGroup = 2048 }));
    }

    private static async Task<List<ListenerEvent>> Read(PlainObjects objects)
        => await (await CompactedEvents.OpenAsync(objects, Cancel)).ReadAsync(cancellation: Cancel).ToListAsync(Cancel);

    // Records compare memory by reference.
    private static string Flat(ListenerEvent e) => $"{e with { Extra = default }} {Encoding.UTF8.GetString(e.Extra.Span)}";

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private sealed class Reports(Action<StepProgress> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value);
    }
}

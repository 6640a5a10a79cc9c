using System.Globalization;
using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_acknowledged_event_is_lost_and_none_is_there_twice_however_often_the_process_is_killed()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("SEGUE_KILLS") ?? (LongTests.AreWanted ? "2000" : "200"), CultureInfo.InvariantCulture);
        using KilledLog one = new(new Random(1)), other = new(new Random(2));   // two at once: a process mostly waits to be started

        await Task.WhenAll(Task.Run(() => one.RunAsync(kills / 2), TestContext.Current.CancellationToken), Task.Run(() => other.RunAsync(kills - kills / 2), TestContext.Current.CancellationToken));

        output.WriteLine($"{kills} kills; {one}; {other}");
    }
}

/// <summary>A log whose writers are killed, and what is known of it from outside.</summary>
internal sealed class KilledLog(Random chance) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<long> _acknowledged = [];
    private readonly Dictionary<EventKey, long> _seen = [];
    private int _acknowledgedChecked;
    private long _checkedTo;
    private long _nextBatch;

    public void Dispose() => _folder.Dispose();

    public override string ToString() => $"{_acknowledged.Count} batches acknowledged, {_seen.Count} events in {Segments()} segments";

    public async Task RunAsync(int kills)
    {
        for (var kill = 0; kill < kills; kill++)
        {
            // Now and then the writer sends again what an earlier one was killed over.
            var from = Math.Max(0, _nextBatch - (chance.Next(3) == 0 ? chance.Next(200) : 0));
            await WriteAndKill(from, lines: chance.Next(8) == 0 ? 0 : chance.Next(1, 60));
            CheckNew();
        }
        await ResendEverything();
        CheckAll();
    }

    private async Task WriteAndKill(long from, int lines)
    {
        using var writer = WriterProcess.Start(_folder["log"], from, batches: 1_000_000);
        for (var i = 0; i < lines; i++)
        {
            Note(await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        writer.Kill();   // SIGKILL
        while (await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Note(line);
        }
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private void Note(string? line)
    {
        Assert.True(long.TryParse(line, CultureInfo.InvariantCulture, out var number), $"The writer ended with: {line}");
        _acknowledged.Add(number);
        _nextBatch = Math.Max(_nextBatch, number + 1);
    }

    /// <summary>The log only grows: so what was read after an earlier kill need not be read again.</summary>
    private void CheckNew()
    {
        using var log = EventLog.Open(_folder["log"], WriterProcess.LogOptions);
        foreach (var logged in log.Read(_checkedTo))
        {
            Assert.True(_seen.TryAdd(logged.Event.Key, logged.Offset), $"Event {logged.Offset} was there already, as {_seen[logged.Event.Key]}.");
        }
        _checkedTo = log.End;
        Assert.All(_acknowledged.Skip(_acknowledgedChecked), number => Assert.All(WriterProcess.Batch(number), listened => Assert.Contains(listened.Key, _seen)));
        _acknowledgedChecked = _acknowledged.Count;
    }

    private async Task ResendEverything()
    {
        using var log = EventLog.Open(_folder["log"], WriterProcess.LogOptions);
        await using var intake = new EventIntake(log, WriterProcess.IntakeOptions);
        for (var number = 0L; number < _nextBatch; number++)
        {
            var batch = WriterProcess.Batch(number);
            var result = await intake.SubmitAsync(batch, TestContext.Current.CancellationToken);
            Assert.Equal(batch.Count(listened => !_seen.ContainsKey(listened.Key)), result.Accepted);
        }
    }

    private void CheckAll()
    {
        using var log = EventLog.Open(_folder["log"], WriterProcess.LogOptions);
        var events = log.Read(0).ToList();
        var expected = Enumerable.Range(0, (int)_nextBatch).SelectMany(number => WriterProcess.Batch(number)).ToDictionary(listened => listened.Key);
        Assert.Equal(events.Count, events.Select(logged => logged.Event.Key).Distinct().Count());
        Assert.All(events.Where(logged => expected.ContainsKey(logged.Event.Key)), logged => SampleEvents.AssertEqual(expected[logged.Event.Key], logged.Event));
        Assert.Empty(expected.Keys.Except(events.Select(logged => logged.Event.Key)));
        Assert.True(log.Verify(TestContext.Current.CancellationToken).IsSound);
    }

    private int Segments() => Directory.EnumerateFiles(_folder["log"], "events-*.db").Count();
}

using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class BitFlipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_flipped_bit_of_a_sealed_segment_is_found()
    {
        var time = new SetClock(SampleEvents.Start);
        using var log = EventLog.Open(_folder["log"], time: time);
        for (var day = 0; day < 3; day++)
        {
            time.Now = SampleEvents.Start.AddDays(day);
            log.Append(SampleEvents.Listens(day * 300, 300));
        }
        Assert.True(log.Verify(TestContext.Current.CancellationToken).IsSound);
        var closed = Segments().SkipLast(1).ToList();
        var chance = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var path = closed[chance.Next(closed.Count)];
            var bit = chance.NextInt64(new FileInfo(path).Length * 8);
            Flip(path, bit);

            var report = log.Verify(TestContext.Current.CancellationToken);

            Assert.True(report.Faults.Any(fault => fault.File == Path.GetFileName(path)), $"Bit {bit} of {path} was flipped and not found.");
            Flip(path, bit);
        }
        Assert.True(log.Verify(TestContext.Current.CancellationToken).IsSound);
    }

    [Fact]
    public void A_flipped_bit_of_the_newest_segment_is_found_or_changes_nothing_that_is_read()
    {
        using (var log = EventLog.Open(_folder["log"]))
        {
            for (var i = 0; i < 6; i++)
            {
                log.Append(SampleEvents.Listens(i * 100, 100));
            }
        }
        var (path, whole) = (Segments().Single(), File.ReadAllBytes(Segments().Single()));
        var chance = new Random(2);
        var found = 0;
        for (var i = 0; i < 150; i++)
        {
            var bytes = whole.ToArray();
            var bit = chance.NextInt64(bytes.Length * 8L);
            bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            File.WriteAllBytes(path, bytes);
            found += IsFound() ? 1 : 0;
        }
        Assert.InRange(found, 50, 150);   // most of the file is payload
    }

    /// <summary>False when the log opens, is found sound, and reads as it was written; anything else but a typed fault fails the test.</summary>
    private bool IsFound()
    {
        try
        {
            using var log = EventLog.Open(_folder["log"]);
            if (!log.Verify(TestContext.Current.CancellationToken).IsSound)
            {
                return true;
            }
            var read = log.Read(0).ToList();
            Assert.Equal(600, read.Count);
            Assert.All(read, logged => SampleEvents.AssertEqual(SampleEvents.Listen(logged.Offset), logged.Event));
            return false;
        }
        catch (LogDamagedException)
        {
            return true;
        }
    }

    private List<string> Segments() => Directory.EnumerateFiles(_folder["log"], "events-*.db").Order(StringComparer.Ordinal).ToList();

    private static void Flip(string path, long bit)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> one = stackalloc byte[1];
        RandomAccess.Read(file, one, bit / 8);
        one[0] ^= (byte)(1 << (int)(bit % 8));
        RandomAccess.Write(file, one, bit / 8);
    }
}

using System.Collections.Immutable;

namespace Segue.Events.Log;

/// <summary>Opening, closing and removing of segments.</summary>
public sealed partial class EventLog
{
    /// <summary>Removes whole segments from the front: those written before a time and below an offset. Returns how many events went.</summary>
    /// <param name="below">What lies from here on stays, however old: the offset up to which the events are kept elsewhere.</param>
    /// <remarks>Whoever looks for duplicates must have noted the keys first: <see cref="EventIntake.RetireAsync"/> does.</remarks>
    public long Retire(DateTimeOffset writtenBefore, long below)
    {
        RequireWriter();
        FinishSealing();
        var start = Start;
        foreach (var segment in _manifest.Segments().TakeWhile(segment => segment.WrittenTo < writtenBefore && segment.End <= below))
        {
            // The row first: a file without a row is taken up again when the log is opened, a row without a file would be damage.
            _manifest.Remove(segment.First);
            Exclusively(() =>
            {
                _firsts = _firsts.Remove(segment.First);
                Files.DurableFile.Delete(PathOf(segment.First));
            });
        }
        return Start - start;
    }

    /// <summary>Begins the next segment, and seals the last one beside the work: it is hashed whole, which takes a second a GiB.</summary>
    private SegmentWriter Roll()
    {
        FinishSealing();
        var (last, first) = (_writer!, End);
        SegmentFile.Create(PathOf(first));
        _writer = new(PathOf(first), first, _options.CheckpointBytes);
        ImmutableInterlocked.Update(ref _firsts, firsts => firsts.Add(first));
        _sealing = Task.Run(() => Seal(last, first));
        return _writer;
    }

    private void FinishSealing() => _sealing.GetAwaiter().GetResult();

    private void Seal(SegmentWriter segment, long end)
    {
        segment.Settle();
        Exclusively(segment.Finish);
        var sealedSegment = new SealedSegment(
            segment.First, end, new FileInfo(segment.Path).Length, SegmentFile.HashOf(segment.Path),
            DateTimeOffset.FromUnixTimeMilliseconds((segment.WrittenTo ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds()));
        lock (_manifestGate)
        {
            _manifest.Add(sealedSegment);
        }
    }

    private void Exclusively(Action change)
    {
        _files.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            _files.ExitWriteLock();
        }
    }

    /// <summary>Brings the folder into order after whatever ended the last process.</summary>
    private void Recover()
    {
        SegmentFile.DeleteDrafts(_folder);
        SettleAnnounced();
        UnfinishedRotation = _manifest.Rotation;
        var known = _manifest.Segments();
        var firsts = SegmentFile.List(_folder);
        if (known.Find(segment => !firsts.Contains(segment.First)) is { } missing)
        {
            throw new LogDamagedException(PathOf(missing.First), missing.First, "the file is missing.");
        }
        if (firsts.Count == 0 || known.Exists(segment => segment.First == firsts[^1]))
        {
            firsts.Add(known.Count == 0 ? 0 : known[^1].End);
            SegmentFile.Create(PathOf(firsts[^1]));
        }
        for (var i = 0; i + 1 < firsts.Count; i++)
        {
            RequireWhole(firsts[i], firsts[i + 1], known.Find(segment => segment.First == firsts[i]));
        }
        _writer = OpenLast(firsts[^1], out _end);
        _day = DateOnly.FromDateTime((_writer.WrittenTo ?? default).UtcDateTime);
        _firsts = [.. firsts];
    }

    /// <summary>A rewritten segment that was announced either took its place, or its draft was thrown away.</summary>
    private void SettleAnnounced()
    {
        foreach (var (first, next) in _manifest.Announced())
        {
            if (SegmentFile.HashOf(PathOf(first)).AsSpan().SequenceEqual(next))
            {
                _manifest.Promote(first);
            }
            else
            {
                _manifest.Withdraw(first);
            }
        }
    }

    private void RequireWhole(long first, long next, SealedSegment? segment)
    {
        if (segment is null)   // the process ended before it was sealed
        {
            var unsealed = OpenLast(first, out var end);
            RequireNext(first, end, next);
            Seal(unsealed, end);
            return;
        }
        RequireNext(first, segment.End, next);
        var bytes = new FileInfo(PathOf(first)).Length;
        if (bytes != segment.Bytes)
        {
            throw new LogDamagedException(PathOf(first), first, $"it has {bytes} bytes, and had {segment.Bytes} when it was sealed.");
        }
    }

    private void RequireNext(long first, long end, long next)
    {
        if (end != next)
        {
            throw new LogDamagedException(PathOf(first), Math.Min(end, next), $"it ends before event {end}, but the next segment begins with event {next}.");
        }
    }

    /// <summary>Opens a segment that was not sealed, and checks every block of it.</summary>
    private SegmentWriter OpenLast(long first, out long end)
    {
        var path = PathOf(first);
        SegmentWriter? writer = null;
        end = first;
        try
        {
            writer = new(path, first, _options.CheckpointBytes);
            while (SegmentFile.Read(writer.Connection, path, end, long.MaxValue, ReadBytes) is [.., var last])
            {
                (end, writer.WrittenTo) = (last.End, last.WrittenAt);
            }
            return writer;
        }
        catch (Exception damage)
        {
            writer?.Dispose();
            if (SegmentFile.IsDamage(damage))
            {
                throw new LogDamagedException(path, end, damage.Message, damage);
            }
            throw;
        }
    }
}

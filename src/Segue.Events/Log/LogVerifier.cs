using Microsoft.Data.Sqlite;

namespace Segue.Events.Log;

/// <summary>Collects what is wrong with a log.</summary>
internal sealed class LogVerifier(string folder, CancellationToken cancellation)
{
    private readonly List<LogFault> _faults = [];
    private int _segments;
    private long _blocks;

    public LogReport Report(long start, long end) => new(start, end, _segments, _blocks, _faults);

    public void Manifest(LogManifest manifest)
    {
        try
        {
            _faults.AddRange(manifest.Check().Select(line => new LogFault(LogManifest.FileName, null, line)));
        }
        catch (SqliteException damage)
        {
            _faults.Add(new(LogManifest.FileName, null, damage.Message));
        }
    }

    /// <param name="fetch">Gives blocks from an offset on.</param>
    public void Segments(IReadOnlyList<SealedSegment> closed, IReadOnlyList<long> firsts, long end, Func<long, List<LogBlock>> fetch)
    {
        for (var i = 0; i < firsts.Count; i++)
        {
            _segments++;
            var name = SegmentFile.NameOf(firsts[i]);
            var faultsBefore = _faults.Count;
            Blocks(name, firsts[i], i + 1 < firsts.Count ? firsts[i + 1] : end, fetch);
            if (closed.FirstOrDefault(segment => segment.First == firsts[i]) is { } known)
            {
                WholeFile(name, known, isPlaceKnown: _faults.Count > faultsBefore);
            }
            else
            {
                Database(name);
            }
        }
    }

    private void Blocks(string name, long first, long end, Func<long, List<LogBlock>> fetch)
    {
        try
        {
            for (var next = first; next < end;)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var block in fetch(next).TakeWhile(block => block.First < end))
                {
                    _ = block.Records();
                    _blocks++;
                    next = block.End;
                }
            }
        }
        catch (LogDamagedException damage)
        {
            _faults.Add(new(name, damage.Offset, damage.Message));
        }
        catch (Exception unreadable) when (unreadable is SqliteException or IOException)
        {
            _faults.Add(new(name, null, unreadable.Message));
        }
    }

    private void WholeFile(string name, SealedSegment known, bool isPlaceKnown)
    {
        try
        {
            if (!isPlaceKnown && !SegmentFile.HashOf(Path.Combine(folder, name)).AsSpan().SequenceEqual(known.Sha256))
            {
                _faults.Add(new(name, null, "its bytes are not those that were sealed, though its blocks can be read."));
            }
        }
        catch (IOException unreadable)
        {
            _faults.Add(new(name, null, unreadable.Message));
        }
    }

    private void Database(string name)
    {
        try
        {
            using var connection = SegmentFile.ConnectToRead(Path.Combine(folder, name));
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            using var rows = check.ExecuteReader();
            while (rows.Read())
            {
                if (rows.GetString(0) is var line && line != "ok")
                {
                    _faults.Add(new(name, null, line));
                }
            }
        }
        catch (SqliteException damage)
        {
            _faults.Add(new(name, null, damage.Message));
        }
    }
}

using Segue.Core;
using Segue.Events.Files;

namespace Segue.Events.Log;

/// <summary>Checking and rewriting of what is written.</summary>
public sealed partial class EventLog
{
    /// <summary>Reads every byte: of sealed segments each flipped bit is found, of the newest one each that changes an event.</summary>
    /// <remarks>Takes about a second a GiB. Damage is reported, not thrown.</remarks>
    public LogReport Verify(CancellationToken cancellation = default)
    {
        if (!_sealing.IsFaulted)
        {
            FinishSealing();
        }
        var check = new LogVerifier(_folder, cancellation);
        lock (_manifestGate)
        {
            check.Manifest(_manifest);
            check.Segments(_manifest.Segments(), _firsts, End, Fetch);
        }
        return check.Report(Start, End);
    }

    /// <summary>Takes all events of some listeners out: their offsets stay, their records say nothing, and their keys are kept apart, so that
    /// a resend does not bring them back. When it returns no file of the log holds them, by the file system's account.</summary>
    /// <remarks>Reads the whole log (some million events a second) and writes anew each segment that holds them. Closes the newest segment if it does.</remarks>
    /// <exception cref="LogUnavailableException">The disk refused; the call may be repeated after opening the log anew.</exception>
    public ErasureReport Erase(IReadOnlySet<ListenerId> listeners)
    {
        RequireWriter();
        var names = listeners.Select(listener => listener.Value).ToHashSet(StringComparer.Ordinal);
        return Guarded(() =>
        {
            FinishSealing();
            if (Holds(_writer!.First, End, names))
            {
                Roll();
                FinishSealing();
            }
            long events = 0;
            var files = new List<string>();
            foreach (var segment in _manifest.Segments().Where(segment => Holds(segment.First, segment.End, names)))
            {
                var erasure = new Erasure(names);
                Rewrite(segment, erasure.Apply, erasure.Keys, segment.Rotation);
                events += erasure.Keys.Count;
                files.Add(SegmentFile.NameOf(segment.First));
            }
            return new ErasureReport(events, files);
        });
    }

    /// <summary>Gives every listener the pseudonym that a new key makes of the old one.</summary>
    /// <param name="rotation">Names the rotation: a call that was interrupted is repeated with the same name, and goes on where it stopped.</param>
    /// <param name="map">From an old pseudonym to the new one; a pure function.</param>
    /// <exception cref="LogUnavailableException">The disk refused, or another rotation was interrupted; see <see cref="UnfinishedRotation"/>.</exception>
    public void Rekey(string rotation, Func<string, string> map)
    {
        ArgumentException.ThrowIfNullOrEmpty(rotation);
        if (UnfinishedRotation == rotation)
        {
            UnfinishedRotation = null;
        }
        RequireWriter();
        Guarded(() =>
        {
            FinishSealing();
            if (End > _writer!.First)
            {
                Roll();
                FinishSealing();
            }
            // Marked before the first segment changes: until all did, no event may come under either key.
            _manifest.Rotation = rotation;
            foreach (var segment in _manifest.Segments().Where(segment => segment.Rotation != rotation))
            {
                Rewrite(segment, block => Renaming.Apply(block, map), [], rotation);
            }
            _manifest.Rotation = null;
            return true;
        });
    }

    private bool Holds(long first, long end, HashSet<string> listeners)
    {
        for (var next = first; next < end;)
        {
            foreach (var block in Fetch(next).TakeWhile(block => block.First < end))
            {
                if (Erasure.Concerns(block, listeners))
                {
                    return true;
                }
                next = block.End;
            }
        }
        return false;
    }

    private IEnumerable<LogBlock> BlocksOf(SealedSegment segment) => ReadBlocks(segment.First).TakeWhile(block => block.First < segment.End);

    /// <summary>Puts a changed copy in a sealed segment's place by one rename; a crash leaves the one or the other, and its checksum.</summary>
    private void Rewrite(SealedSegment segment, Func<LogBlock, LogBlock> change, IReadOnlyCollection<EventKey> erased, string? rotation)
    {
        var path = PathOf(segment.First);
        var draft = SegmentFile.DraftOf(path);
        SegmentFile.WriteDraft(path, BlocksOf(segment).Select(change));
        var next = segment with { Bytes = new FileInfo(draft).Length, Sha256 = SegmentFile.HashOf(draft), Rotation = rotation };
        _manifest.Announce(next, erased);
        Exclusively(() => DurableFile.SyncAndPublish(draft, path));
        _manifest.Promote(segment.First);
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception refused) when (refused is LogUnavailableException or Microsoft.Data.Sqlite.SqliteException or IOException)
        {
            throw _failure = Unavailable(refused, _folder);
        }
    }
}

namespace Segue.Events.Log;

/// <summary>Commits submissions together: duplicates left out, in blocks, by one transaction. For one thread.</summary>
internal sealed class GroupCommit(EventLog log, Deduplicator keys, Action<IEnumerable<LoggedEvent>>? committed)
{
    private const int KeysAhead = 8;   // a look-up is a cache miss or two: several are under way at once
    private const int BlockBytes = 4 << 20;   // readers hold whole blocks
    private readonly List<RecordBuffer> _payloads = [new(1 << 16)];   // one a block, used again by the next group
    private readonly List<PendingBlock> _blocks = [];
    private int _inBlock;
    private long _next;

    private RecordBuffer Payload => _payloads[_blocks.Count];

    /// <summary>Appends the new events of a group and fills in the verdicts; when it returns, they are on disk.</summary>
    /// <exception cref="LogUnavailableException">Nothing may be answered but this.</exception>
    public void Append(IReadOnlyList<Submission> group)
    {
        _next = log.End;
        _blocks.Clear();
        Payload.Clear();
        _inBlock = 0;
        foreach (var submission in group)
        {
            Add(submission);
        }
        keys.Release();
        EndBlock();
        if (_blocks.Count > 0)
        {
            log.Append(_blocks);
            keys.Committed();
        }
    }

    /// <summary>Tells the listener of commits.</summary>
    public void Announce(IReadOnlyList<Submission> group)
    {
        if (_blocks.Count > 0)
        {
            committed?.Invoke(Accepted(group));
        }
    }

    private static IEnumerable<LoggedEvent> Accepted(IReadOnlyList<Submission> group)
    {
        foreach (var submission in group)
        {
            for (var i = 0; i < submission.Verdicts.Length; i++)
            {
                if (!submission.Verdicts[i].IsDuplicate)
                {
                    yield return new(submission.Verdicts[i].Offset, submission.Events[i]);
                }
            }
        }
    }

    private void Add(Submission submission)
    {
        var (events, verdicts, from) = (submission.Events, submission.Verdicts, 0);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (i + KeysAhead < verdicts.Length)
            {
                keys.Prefetch(events.KeyOf(i + KeysAhead));
            }
            if (keys.TryAdd(events.KeyOf(i)))
            {
                verdicts[i] = new(_next++);
                continue;
            }
            verdicts[i] = EventVerdict.Duplicate;
            Take(events, from, i);
            from = i + 1;
        }
        Take(events, from, verdicts.Length);
    }

    private void Take(EventBatch events, int from, int end)
    {
        while (from < end)
        {
            var few = Math.Min(end - from, 4096);
            while (few > 1 && events.RecordsOf(from, from + few).Length > BlockBytes)
            {
                few /= 2;
            }
            Payload.Bytes(events.RecordsOf(from, from + few));
            _inBlock += few;
            from += few;
            if (Payload.Length >= BlockBytes)
            {
                EndBlock();
            }
        }
    }

    private void EndBlock()
    {
        if (_inBlock == 0)
        {
            return;
        }
        _blocks.Add(new(_inBlock, Payload.Memory));
        if (_payloads.Count == _blocks.Count)
        {
            _payloads.Add(new(1 << 16));
        }
        Payload.Clear();
        _inBlock = 0;
    }
}

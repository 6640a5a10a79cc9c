namespace Segue.Events.Log;

/// <summary>Work for the committing thread: it is either committed with others, or runs alone.</summary>
internal abstract class IntakeWork
{
    /// <summary>Answers with a failure; nothing happens when it was answered.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>Events that wait for their commit, encoded already.</summary>
internal sealed class Submission : IntakeWork
{
    private readonly TaskCompletionSource<IntakeResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordBuffer _records;
    private readonly int[] _ends;

    /// <exception cref="ArgumentException">An event cannot be kept: too large.</exception>
    public Submission(IReadOnlyList<ListenerEvent> events)
    {
        (Events, Verdicts, _ends) = (events, new EventVerdict[events.Count], new int[events.Count]);
        _records = new(160 * events.Count);
        for (var i = 0; i < _ends.Length; i++)
        {
            EventCodec.Encode(events[i], _records);
            _ends[i] = _records.Length;
        }
    }

    public IReadOnlyList<ListenerEvent> Events { get; }

    public EventVerdict[] Verdicts { get; }

    public int Bytes => _records.Length;

    public Task<IntakeResult> Answer => _answer.Task;

    public ReadOnlySpan<byte> RecordsOf(int first, int end) => _records.Written[(first == 0 ? 0 : _ends[first - 1])..(end == 0 ? 0 : _ends[end - 1])];

    /// <summary>About how many bytes a submission holds while it waits.</summary>
    public static long WeightOf(IReadOnlyList<ListenerEvent> events)
    {
        const int PerEvent = 512;
        long bytes = PerEvent;
        for (var i = 0; i < events.Count; i++)
        {
            bytes += PerEvent + events[i].Extra.Length;
        }
        return bytes;
    }

    public void Complete()
    {
        _records.Release();
        _answer.TrySetResult(new(Verdicts));
    }

    public override void Fail(Exception failure)
    {
        _records.Release();
        _answer.TrySetException(failure);
    }
}

/// <summary>Maintenance that has the log to itself.</summary>
internal sealed class Maintenance(Action work, Action<Exception> fail) : IntakeWork
{
    public void Run() => work();

    public override void Fail(Exception failure) => fail(failure);
}

namespace Segue.Events.Log;

/// <summary>Work for the committing thread: it is either committed with others, or runs alone.</summary>
internal abstract class IntakeWork
{
    /// <summary>Answers with a failure; nothing happens when it was answered.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>Events that wait for their commit.</summary>
/// <param name="isAwaited">False: nobody waits for it, so it need not cause a sync of its own.</param>
internal sealed class Submission(EventBatch events, bool isAwaited) : IntakeWork
{
    private readonly TaskCompletionSource<IntakeResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventBatch Events { get; } = events;

    public bool IsAwaited => isAwaited;

    public EventVerdict[] Verdicts { get; } = new EventVerdict[events.Count];

    public Task<IntakeResult> Answer => _answer.Task;

    /// <summary>About how many bytes a batch holds while it waits.</summary>
    public static long WeightOf(EventBatch events) => 512 + events.Bytes + 120L * events.Count;

    public void Complete()
    {
        Events.Release();
        _answer.TrySetResult(new(Verdicts));
    }

    public override void Fail(Exception failure)
    {
        Events.Release();
        _answer.TrySetException(failure);
    }
}

/// <summary>Maintenance that has the log to itself.</summary>
internal sealed class Maintenance(Action work, Action<Exception> fail) : IntakeWork
{
    public void Run() => work();

    public override void Fail(Exception failure) => fail(failure);
}

namespace Segue.Events.Log;

/// <summary>Wakes those who wait for a log to grow. Thread-safe.</summary>
internal sealed class LogGrowth
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;

    public async Task WaitAsync(Func<bool> hasGrown, CancellationToken cancellation)
    {
        while (!hasGrown())
        {
            Task next;
            lock (_gate)
            {
                next = (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (!hasGrown())   // it may have grown before the source was there to be completed
            {
                await next.WaitAsync(cancellation);
            }
        }
    }

    public void Signal()
    {
        TaskCompletionSource? waited;
        lock (_gate)
        {
            (waited, _next) = (_next, null);
        }
        waited?.SetResult();
    }
}

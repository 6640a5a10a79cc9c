namespace Segue.Events.Log;

/// <summary>Lets in what fits into a number of bytes, in the order of asking. Thread-safe.</summary>
internal sealed class ByteGate(long capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Entered)> _waiting = new();
    private long _inside;

    /// <summary>Completes when there is room; whatever is larger than the whole enters when it is alone.</summary>
    public async Task EnterAsync(long bytes, CancellationToken cancellation)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Entered)> place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _inside += bytes;
                return;
            }
            place = _waiting.AddLast((bytes, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }
        await using var registration = cancellation.UnsafeRegister(_ => GiveUp(place, cancellation), null);
        await place.Value.Entered.Task;
    }

    public void Leave(long bytes)
    {
        lock (_gate)
        {
            _inside -= bytes;
            LetIn();
        }
    }

    private void GiveUp(LinkedListNode<(long Bytes, TaskCompletionSource Entered)> place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (place.List is not null)   // else it was let in
            {
                _waiting.Remove(place);
                place.Value.Entered.SetCanceled(cancellation);
                LetIn();
            }
        }
    }

    private void LetIn()
    {
        while (_waiting.First is { } next && Fits(next.Value.Bytes))
        {
            _inside += next.Value.Bytes;
            _waiting.RemoveFirst();
            next.Value.Entered.SetResult();
        }
    }

    private bool Fits(long bytes) => _inside == 0 || _inside + bytes <= capacity;
}

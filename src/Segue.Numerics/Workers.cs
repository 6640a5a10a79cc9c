namespace Segue.Numerics;

/// <summary>Runs independent pieces of work on a fixed number of threads.</summary>
public static class Workers
{
    /// <summary>All processors of this machine.</summary>
    public static int Default => Environment.ProcessorCount;

    /// <summary>Calls <paramref name="body"/> once for each piece in [0, <paramref name="pieces"/>). Pieces must not depend on each
    /// other, so that the result is the same for any number of threads; the order of the calls is not defined.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; pieces under way were finished.</exception>
    public static void For(int pieces, int threads, Action<int> body, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        if (threads == 1 || pieces <= 1)
        {
            for (var piece = 0; piece < pieces; piece++)
            {
                cancellation.ThrowIfCancellationRequested();
                body(piece);
            }
            return;
        }
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, pieces, options, body);
        }
        catch (AggregateException failures)   // one failed piece is the failure; its stack says where
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failures.InnerExceptions[0]).Throw();
        }
    }
}

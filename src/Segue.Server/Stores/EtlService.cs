namespace Segue.Server.Stores;

/// <summary>Runs the ETL again and again while the server serves.</summary>
/// <remarks>The interval counts from the moment of the features in use, not from the start of the process: so restarts, however frequent, put no run
/// off. A store without features has its first run at once.</remarks>
internal sealed class EtlService(OnAir onAir, ServerOptions options, ILogger<EtlService> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);   // timers end at 49 days
    private static readonly TimeSpan RadioFirst = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.EtlEvery is not { } every)
        {
            return;
        }
        try
        {
            var host = await onAir.Hosted.WaitAsync(stoppingToken);
            await Task.WhenAny(onAir.Opened, Task.Delay(RadioFirst, options.Time, stoppingToken));   // a run that is due must not keep the radio off the air
            while (true)
            {
                var wait = await StepAsync(host, every, stoppingToken);
                await Task.Delay(wait < LongestWait ? wait : LongestWait, options.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>Runs the ETL if it is due.</summary>
    /// <returns>How long to wait before the next step.</returns>
    internal async Task<TimeSpan> StepAsync(StoreHost host, TimeSpan every, CancellationToken cancellation)
    {
        try
        {
            var now = options.Time.GetUtcNow();
            if (await host.Store.LastEtlAsync(cancellation) is { } last && last + every > now)
            {
                return last < now ? last + every - now : every;   // features of a moment to come put nothing off further
            }
            await host.RunEtlAsync(options.KeepSnapshots, cancellation);
            return every;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "The scheduled ETL failed; serving goes on with the features before it.");
            return every < LongestRetry ? every : LongestRetry;
        }
    }
}

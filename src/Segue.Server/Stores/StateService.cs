namespace Segue.Server.Stores;

/// <summary>Looks every minute whether a start would have to read more of the log than it should, and then saves what the radio knows.</summary>
internal sealed class StateService(OnAir onAir, ServerOptions options, ILogger<StateService> logger) : BackgroundService
{
    // New tracks and erasures make what was saved useless; then it is not all written again at once each time.
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1), BetweenSaves = TimeSpan.FromMinutes(10);
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SaveAfter is not { } events)
        {
            return;
        }
        try
        {
            var host = await onAir.Hosted.WaitAsync(stoppingToken);
            await onAir.Opened.WaitAsync(stoppingToken);   // at once then: what took long to read need not be read again
            using var timer = new PeriodicTimer(Every, options.Time);
            do
            {
                await StepAsync(host, events, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    // Saves if it is due.
    private async Task StepAsync(StoreHost host, long events, CancellationToken cancellation)
    {
        try
        {
            if (options.Time.GetUtcNow() >= _next && await host.SaveStateAsync(events, cancellation))
            {
                _next = options.Time.GetUtcNow() + BetweenSaves;
            }
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "What the radio knows of its listeners could not be saved; a start would read the log from further back.");
        }
    }
}

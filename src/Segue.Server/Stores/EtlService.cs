namespace Segue.Server.Stores;

/// <summary>Runs the ETL again and again while the server serves.</summary>
internal sealed class EtlService(OnAir onAir, ServerOptions options, ILogger<EtlService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.EtlEvery is not { } every)
        {
            return;
        }
        using var timer = new PeriodicTimer(every, options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        if (onAir.Host is not { } host)
        {
            return;
        }
        try
        {
            await host.RunEtlAsync(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "The scheduled ETL failed; serving goes on with the features before it.");
        }
    }
}

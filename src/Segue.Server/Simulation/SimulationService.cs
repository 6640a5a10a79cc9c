namespace Segue.Server.Simulation;

/// <summary>Lets simulated listeners listen from the opening of the station to the end of the server.</summary>
internal sealed class SimulationService(OnAir onAir, ILogger<SimulationService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await onAir.Opened.WaitAsync(stoppingToken) is { } simulated)
            {
                await simulated.RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The simulated listeners failed; the radio goes on without them.");
        }
    }
}

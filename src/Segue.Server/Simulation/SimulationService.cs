namespace Segue.Server.Simulation;

/// <summary>Lets simulated listeners listen from the opening of the station to the end of the server.</summary>
internal sealed class SimulationService(OnAir onAir) : BackgroundService
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
            // The host takes a cancellation for a failure, and logs it, when it is disposed without being stopped first.
        }
    }
}

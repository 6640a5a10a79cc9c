using System.Threading.Channels;

namespace Segue.Server.Stores;

/// <summary>Asks for lists made anew; asked twice before the making began is asked once.</summary>
internal sealed class ListRequests
{
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ask() => _asked.Writer.TryWrite(true);

    /// <summary>Waits until somebody asks, or for a time.</summary>
    /// <returns>Whether somebody asked.</returns>
    public async Task<bool> WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_asked.Reader.WaitToReadAsync(ended.Token).AsTask(), Task.Delay(wait, time, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return _asked.Reader.TryRead(out _);
    }
}

/// <summary>Makes every listener's list while the server serves: when models were published, again and again, and when asked.</summary>
internal sealed class ListService(OnAir onAir, ServerOptions options, ListRequests requests, ILogger<ListService> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var host = await onAir.Hosted.WaitAsync(stoppingToken);
            await onAir.Opened.WaitAsync(stoppingToken);
            var wait = TimeSpan.Zero;
            while (true)
            {
                var isAsked = await requests.WaitAsync(wait, options.Time, stoppingToken);
                wait = await StepAsync(host, isAsked, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>Makes the lists if somebody asked or if they are due: there are none of the models in use, or they are older than the interval. Lists that
    /// a command made are taken into use.</summary>
    /// <returns>How long to wait before the next step.</returns>
    internal async Task<TimeSpan> StepAsync(StoreHost host, bool isAsked, CancellationToken cancellation)
    {
        try
        {
            if (onAir.Station is { PublishedVersion: var version } && version == host.Store.Parts.Models.Current())   // else newer ones are about to be taken up
            {
                host.Lists.LoadIfChanged(version);
                var isDue = options.ListsEvery is { } every
                    && (host.Lists.Of(version) is not { } lists || lists.MadeAt + every <= options.Time.GetUtcNow());
                if (isAsked || isDue)
                {
                    await host.MakeListsAsync(options.ListLength, cancellation);
                }
            }
            return Look;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(fault, "The lists could not be made; serving goes on with those before, or computes.");
            return AfterFailure;
        }
    }
}

namespace Segue.Server.Stores;

/// <content>What the radio knows, saved while it serves.</content>
public sealed partial class StoreHost
{
    /// <summary>What the radio knows, as it is saved for the next start.</summary>
    public ServedState State { get; } = new(store);

    /// <summary>Saves what the radio knows, where a start would have to read so many events or more.</summary>
    /// <exception cref="IOException">The disk refused it.</exception>
    public async Task SaveStateAsync(long events, CancellationToken cancellation)
    {
        await _oneRun.WaitAsync(cancellation);   // an erasure meanwhile would not reach what is written, and models and tracks must stay
        try
        {
            if (onAir.Station is { } station && State.Behind(station) >= events)
            {
                await State.SaveAsync(station, cancellation);
            }
        }
        finally
        {
            _oneRun.Release();
        }
    }
}

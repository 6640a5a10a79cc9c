using Segue.Core;

namespace Segue.Server.Stores;

/// <content>What the radio knows, saved while it serves.</content>
public sealed partial class StoreHost
{
    /// <summary>What the radio knows, as it is saved for the next start.</summary>
    public ServedState State { get; } = new(store);

    /// <summary>Saves what the radio knows, where a start would have to read so many events or more.</summary>
    /// <returns>Whether it was due.</returns>
    /// <exception cref="IOException">The disk refused it.</exception>
    public async Task<bool> SaveStateAsync(long events, CancellationToken cancellation)
    {
        await _oneRun.WaitAsync(cancellation);   // an erasure meanwhile would not reach what is written, and models and tracks must stay
        try
        {
            if (onAir.Station is { } station && State.Behind(station) >= events)
            {
                await State.SaveAsync(station, cancellation);
                return true;
            }
            return false;
        }
        finally
        {
            _oneRun.Release();
        }
    }

    private void Forget(IEnumerable<ListenerId> listeners)
    {
        foreach (var listener in listeners)
        {
            onAir.Station?.Forget(listener);
            onAir.Station?.Repertoire.People.Forget(listener);
            Features?.Forget(listener);
        }
    }
}

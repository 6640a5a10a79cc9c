using Segue.Radio;
using Segue.Server.Simulation;

namespace Segue.Server;

/// <summary>What the server serves: nothing until <see cref="Open"/>, so that it can listen while models are still learned.</summary>
public sealed class OnAir
{
    private readonly TaskCompletionSource<SimulatedListeners?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RadioStation? _station;
    private volatile SimulatedListeners? _simulated;

    /// <summary>What listeners did since the start; the sink of the station that is opened.</summary>
    public LiveCounts Counts { get; } = new();

    /// <summary>Null before <see cref="Open"/>.</summary>
    public RadioStation? Station => _station;

    /// <summary>Null before <see cref="Open"/>, and where nobody is simulated.</summary>
    public SimulatedListeners? Simulated => _simulated;

    /// <summary>Completes with <see cref="Simulated"/> once the station is open.</summary>
    internal Task<SimulatedListeners?> Opened => _opened.Task;

    /// <summary>Starts serving.</summary>
    /// <param name="station">Sends its feedback to <see cref="Counts"/>, alone or beside another sink.</param>
    /// <param name="simulated">Listeners of a lab world, who then listen in the background; null for none.</param>
    /// <exception cref="InvalidOperationException">A station was opened before.</exception>
    public void Open(RadioStation station, SimulatedListeners? simulated = null)
    {
        ArgumentNullException.ThrowIfNull(station);
        _station = _station is null ? station : throw new InvalidOperationException("A station is open already.");
        _simulated = simulated;
        _opened.SetResult(simulated);
    }
}

/// <summary>A request came before the station was open.</summary>
public sealed class NotOnAirException() : Exception("The models are still being learned or loaded: ask again in some seconds.");

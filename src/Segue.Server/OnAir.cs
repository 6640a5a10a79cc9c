using System.Numerics;
using Microsoft.Extensions.Logging.Abstractions;
using Segue.Core;
using Segue.Events.Doors;
using Segue.Events.Pseudonyms;
using Segue.Radio;
using Segue.Server.Simulation;
using Segue.Server.Sound;
using Segue.Server.Stores;

namespace Segue.Server;

/// <summary>What the server serves: nothing until <see cref="Open"/>, so that it can listen while models are still learned.</summary>
public sealed class OnAir
{
    private readonly TaskCompletionSource<SimulatedListeners?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<StoreHost> _hosted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RadioStation? _station;
    private volatile SimulatedListeners? _simulated;
    private volatile StoreHost? _host;
    private volatile ITrackAudio? _audio;

    /// <summary>What listeners did since the start; the sink of the station that is opened.</summary>
    public LiveCounts Counts { get; } = new();

    /// <summary>What is served of the tracks' sounds; nothing until somebody listened to them.</summary>
    public ServedSounds Sounds { get; } = new();

    /// <summary>First screens that need not be made anew.</summary>
    public ServedHomes Homes { get; } = new();

    /// <summary>Null before <see cref="Open"/>.</summary>
    public RadioStation? Station => _station;

    /// <summary>Null before <see cref="Open"/>, and where nobody is simulated.</summary>
    public SimulatedListeners? Simulated => _simulated;

    /// <summary>Where the sound of tracks comes from; null: nothing sounds.</summary>
    public ITrackAudio? Audio
    {
        get => _audio;
        set => _audio = value;
    }

    /// <summary>The store behind the radio; null where the radio keeps nothing.</summary>
    public StoreHost? Host => _host;

    /// <summary>The way to the event log; null where the radio keeps nothing.</summary>
    public EventPipeline? Events => _host?.Store.Events;

    /// <summary>The server's; nobody's before it is built.</summary>
    internal ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>How the radio of a store behaves.</summary>
    internal RadioOptions Radio { get; set; } = new();

    /// <summary>Completes with <see cref="Host"/> once there is one.</summary>
    internal Task<StoreHost> Hosted => _hosted.Task;

    /// <summary>Completes with <see cref="Simulated"/> once the station is open.</summary>
    internal Task<SimulatedListeners?> Opened => _opened.Task;

    /// <summary>Takes events into a store from now on, before and after the station is open.</summary>
    public StoreHost TakeEvents(OpenStore store, TimeProvider time)
    {
        store.Events.Followers.Failed = TellMissed;
        var host = new StoreHost(store, this, time);
        _host = host;
        _hosted.SetResult(host);
        return host;
    }

    /// <exception cref="NoEventLogException">The radio keeps nothing.</exception>
    internal StoreHost RequireHost() => _host ?? throw new NoEventLogException();

    /// <summary>The listener whom a caller names by the service's own id.</summary>
    internal KnownListener Listener(string id) => _host is { } host ? host.Store.Pseudonyms.Know(id) : new ListenerId(id);

    // Neither every time, for a fault may come with every event, nor with its message, which may name a listener.
    private void TellMissed(Exception fault, long missed)
    {
        if (BitOperations.IsPow2(missed))
        {
            Logger.LogError("Radio or live features could not take an event of the log ({Missed} so far); the log goes on. {Fault}{NewLine}{Place}",
                missed, fault.GetType().Name, Environment.NewLine, fault.StackTrace);
        }
    }

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

/// <summary>The server was started without a store, so it has no event log.</summary>
public sealed class NoEventLogException() : Exception("This radio keeps no event log; \"segue serve\" with a store does.");

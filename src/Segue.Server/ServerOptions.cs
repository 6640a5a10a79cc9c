using Segue.Features.Snapshots;
using Segue.Radio;
using Segue.Retrieval.Lists;
using Segue.Server.Music;

namespace Segue.Server;

/// <summary>How the server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>Where the server listens when nothing else is said: this machine only.</summary>
    public const string DefaultUrls = "http://localhost:5080";

    /// <summary>The largest body that is read, in bytes; a larger one is answered with 413.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>One or several addresses, separated by semicolons; port 0 takes any free port of an IP address.</summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>From the moment of the features in use to the next run of the ETL, also over restarts; null: never. Not negative.</summary>
    public TimeSpan? EtlEvery { get; init; }

    /// <summary>Feature snapshots that a run leaves there, the newest ones; at least 1.</summary>
    public int KeepSnapshots { get; init; } = FeatureStore.UsualKept;

    /// <summary>How old the lists made beforehand may become, at most, before they are made anew; null: they are made on demand only. Positive.</summary>
    public TimeSpan? ListsEvery { get; init; }

    /// <summary>Tracks of such a list, 1 to <see cref="ListenerLists.MaxLength"/>.</summary>
    public int ListLength { get; init; } = 100;

    /// <summary>What the radio knows of its listeners is saved when a start would have to read so many events of the log; null: never. Positive.</summary>
    public long? SaveAfter { get; init; }

    /// <summary>The music that the server looks after; null: none.</summary>
    public MusicOptions? Music { get; init; }

    /// <summary>When the sound model is trained; null: by command only.</summary>
    public SoundTrainingSchedule? SoundTraining { get; init; }

    /// <summary>How the radio of a store behaves.</summary>
    public RadioOptions Radio { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

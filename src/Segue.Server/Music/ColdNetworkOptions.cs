using Segue.Audio.Networks;

namespace Segue.Server.Music;

/// <summary>When networks that predict factors from spectra are trained.</summary>
public enum NetworkUse
{
    /// <summary>From <see cref="ColdNetworkOptions.FromTracks"/> on.</summary>
    Auto,

    /// <summary>Wherever there is anything to learn from.</summary>
    Always,

    Never,
}

/// <summary>What training such networks may vary.</summary>
public sealed record ColdNetworkOptions
{
    /// <summary>Heard tracks with spectra from which networks are trained by themselves; docs/sounds-alike.md says why so many.</summary>
    public const int FromTracks = 20_000;

    /// <summary>Fewer teach nothing.</summary>
    public const int FewestTracks = 20;

    public NetworkUse Use { get; init; } = NetworkUse.Never;

    /// <summary>Steps of each network, 1 to 1,000,000; null: eight crops of each track, at least 2,000 steps, and a quarter where it goes on.</summary>
    public int? Steps { get; init; }

    /// <summary>Bytes of spectra that are learnt from at most: of many tracks fewer windows each, then a sample of them.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Filters and widths of each network; outputs and loss follow from the factors and from what is learnt.</summary>
    public FactorNetworkOptions Shape { get; init; } = FactorNetworkOptions.Small;

    public FactorObjective Objective { get; init; } = FactorObjective.Cosine;

    /// <summary>The networks of an earlier training stay as they are; where there are none, none are made.</summary>
    public bool KeepsPublished { get; init; }

    /// <summary>Tracks that nobody listened to and whose spectra were not kept that are heard again at most, the newest first.</summary>
    public int HeardAgain { get; init; }

    /// <summary>Hears a file again; null where it cannot be heard.</summary>
    public HearAgain Listen { get; init; } = (_, _, _) => null;
}

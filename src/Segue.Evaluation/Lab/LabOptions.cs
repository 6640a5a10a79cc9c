using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>What moves listeners of a lab world to vote and to keep playlists.</summary>
public enum LabStatements
{
    /// <summary>Strong feelings alone, and seldom: as services see it.</summary>
    Rare,

    /// <summary>Strong feelings, five times as often.</summary>
    Frequent,

    /// <summary>Chance: they say nothing of taste.</summary>
    Random,
}

/// <summary>The size of a lab world and the seed from which all of it follows.</summary>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names both.</exception>
public sealed record LabOptions
{
    /// <summary>From 1 to 10,000,000. A listener costs about 0.6 kB, and 0.5 kB more once a history was simulated.</summary>
    public int Listeners { get; init => field = Require(value, 1, 10_000_000, nameof(Listeners)); } = 2000;

    /// <summary>From 20 to 5,000,000. A track costs about 0.5 kB.</summary>
    public int Tracks { get; init => field = Require(value, 20, 5_000_000, nameof(Tracks)); } = 5000;

    /// <summary>Days of history, from 1 to 3650. Each listener adds about 6 plays a day, of 48 bytes each.</summary>
    public int Days { get; init => field = Require(value, 1, 3650, nameof(Days)); } = 30;

    public ulong Seed { get; init; } = 1;

    /// <summary>What moves listeners to vote and to keep playlists.</summary>
    public LabStatements Statements { get; init; } = LabStatements.Rare;

    /// <summary>The share of listeners who keep playlists of their own, in [0, 1]; 0: none is told of, as where a service logs no names of playlists.</summary>
    public double PlaylistKeepers
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(PlaylistKeepers), $"{nameof(PlaylistKeepers)} is {value}; it must lie from 0 to 1.");
    }

    /// <summary>The share of the days after which all tastes are drawn anew, in [0, 1); 0: they stay.</summary>
    public double TastesChangeAt
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TastesChangeAt), $"{nameof(TastesChangeAt)} is {value}; it must lie from 0 to below 1.");
    }

    /// <summary>From 1 to 1024; changes the time that a world takes, never its content.</summary>
    public int Threads { get; init => field = Require(value, 1, 1024, nameof(Threads)); } = Workers.Default;

    private static int Require(int value, int least, int most, string name)
        => value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, $"{name} is {value:N0}; it must lie from {least:N0} to {most:N0}.");
}

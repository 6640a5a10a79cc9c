using System.Text.Json.Serialization;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Matrices;

/// <summary>Which items of a user stay where a user has more than the cap.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CapMode>))]
public enum CapMode
{
    /// <summary>Those met last; among equally old ones the seed decides.</summary>
    Newest,

    /// <summary>A sample that depends on the seed, the user and the items alone.</summary>
    Sampled,
}

/// <summary>What a build of matrices may vary. The bytes of the result depend on all but <see cref="MemoryBytes"/> and <see cref="Threads"/>.</summary>
/// <remarks>In this order: older than <see cref="Horizon"/> is left out; then items of too few users; then users of too few of the items that
/// are left; then what is above the cap. Users and items that are left out keep their row, which is empty. Actions of weight 0 are not counted.</remarks>
public sealed record MatrixOptions
{
    /// <summary>Days: what is older is left out. 0: nothing is.</summary>
    public double Horizon { get; init; }

    /// <summary>Most items of a user; 0: all.</summary>
    public int MaxItemsPerUser { get; init; }

    public CapMode CapMode { get; init; }

    /// <summary>Least items of a user.</summary>
    public int MinUserItems { get; init; }

    /// <summary>Least users of an item.</summary>
    public int MinItemUsers { get; init; }

    /// <summary>Memory of the build, at least <see cref="MatrixNeeds.LeastMemory"/>. The process needs some 100 MiB beside it.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Of the sample.</summary>
    public ulong Seed { get; init; }

    public int Threads { get; init; } = Workers.Default;

    /// <summary>The part of what happened that counts, for a person; null where all of it does.</summary>
    public string? Told
    {
        get
        {
            var parts = new[]
            {
                Horizon > 0 ? FormattableString.Invariant($"of the last {Horizon} days") : null,
                MaxItemsPerUser > 0 ? FormattableString.Invariant($"{MaxItemsPerUser} tracks a listener, {(CapMode == CapMode.Newest ? "the newest" : "a sample")}") : null,
                MinUserItems > 0 ? FormattableString.Invariant($"listeners of {MinUserItems} tracks") : null,
                MinItemUsers > 0 ? FormattableString.Invariant($"tracks of {MinItemUsers} listeners") : null,
            }.OfType<string>().ToList();
            return parts.Count == 0 ? null : string.Join(", ", parts);
        }
    }

    /// <summary>Proves the options before a build of so many rows.</summary>
    /// <exception cref="ArgumentException">A number is out of range; the message names it.</exception>
    public void Require(int users, int items)
    {
        Require("The number of users", users, 1, int.MaxValue);
        Require("The number of items", items, 1, int.MaxValue);
        Require("The horizon in days", Horizon, 0, double.MaxValue);
        Require("The most items of a user", MaxItemsPerUser, 0, int.MaxValue);
        Require("The cap's mode", (int)CapMode, 0, (int)CapMode.Sampled);
        Require("The least items of a user", MinUserItems, 0, int.MaxValue);
        Require("The least users of an item", MinItemUsers, 0, int.MaxValue);
        Require("The number of threads", Threads, 1, 1024);
        var least = MatrixNeeds.LeastMemory(users, items, Threads);
        if (MemoryBytes < least)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Memory of {MemoryBytes:N0} bytes is too little for {users:N0} users, {items:N0} items and {Threads} threads: give at least {least:N0}."));
        }
    }

    private static void Require(string name, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}: give a number from {min} to {max}."));
        }
    }
}

/// <summary>How one action was weighed.</summary>
public sealed record ActionWeight(string Action, double Weight, double Target, double HalfLife);

/// <summary>All that the entries of matrices depend on. Equal recipes give equal bytes.</summary>
/// <param name="Source">Fingerprint of what happened.</param>
public sealed record MatrixRecipe(
    string Source,
    int Users,
    int Items,
    double Horizon,
    int MaxItemsPerUser,
    CapMode CapMode,
    int MinUserItems,
    int MinItemUsers,
    ulong Seed,
    double CountWeight,
    IReadOnlyList<ActionWeight> Actions)
{
    internal static MatrixRecipe Of(string source, int users, int items, TasteWeights weights, MatrixOptions options) => new(
        source, users, items, options.Horizon, options.MaxItemsPerUser, options.CapMode, options.MinUserItems, options.MinItemUsers, options.Seed, weights.CountWeight,
        [.. Enum.GetValues<Core.InteractionAction>()
            .Where(action => weights[action].Weight > 0)
            .Select(action => new ActionWeight(action.ToString(), weights[action].Weight, weights[action].Target, weights[action].HalfLife))]);

    internal bool IsSame(MatrixRecipe other) => this with { Actions = other.Actions } == other && Actions.SequenceEqual(other.Actions);
}

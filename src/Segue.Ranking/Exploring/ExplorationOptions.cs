namespace Segue.Ranking.Exploring;

/// <summary>How much of a list is given to tracks that few have heard.</summary>
public sealed record ExplorationOptions
{
    /// <summary>Off.</summary>
    public static ExplorationOptions None { get; } = new();

    /// <summary>ε: the chance of each place of a list that it goes to a new track, in [0, 0.5]; 0: never.</summary>
    public double Share
    {
        get;
        init => field = value is >= 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(Share), $"The share of exploration is {value}; it must lie from 0 to 0.5.");
    }

    /// <summary>A track is new until so many listeners kept or skipped it; 1 to 10.</summary>
    public int UntilListeners
    {
        get;
        init => field = value is >= 1 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(UntilListeners), $"A track is new until {value} listeners; it must be 1 to 10.");
    } = 10;
}

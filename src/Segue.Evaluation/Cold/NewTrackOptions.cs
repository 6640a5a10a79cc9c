using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Cold;

/// <summary>What a measurement of new tracks in a living radio may vary.</summary>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names both.</exception>
public sealed record NewTrackOptions
{
    /// <summary>The size of each world; its seed is not looked at.</summary>
    public LabOptions World { get; init; } = new() { Listeners = 500, Tracks = 1200 };

    /// <summary>Share of the tracks that are new, in [0.005, 0.2]: half of them whole artists, half single tracks of artists that are known.</summary>
    public double NewShare
    {
        get;
        init => field = value is >= 0.005 and <= 0.2 ? value : throw new ArgumentOutOfRangeException(nameof(NewShare), $"The share of new tracks is {value}; it must lie from 0.005 to 0.2.");
    } = 0.05;

    /// <summary>Days that the radio plays, with one sitting of each listener and a training each, 1 to 365.</summary>
    public int RadioDays
    {
        get;
        init => field = value is >= 1 and <= 365 ? value : throw new ArgumentOutOfRangeException(nameof(RadioDays), $"The radio plays {value} days; it must be 1 to 365.");
    } = 6;

    /// <summary>The share of places that explore, in [0, 0.5].</summary>
    public double Explore
    {
        get;
        init => field = value is >= 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(Explore), $"The share of exploration is {value}; it must lie from 0 to 0.5.");
    } = 0.05;
}

namespace Segue.Core;

/// <summary>Who picked the track that was played.</summary>
public enum ListenOrigin
{
    OwnChoice,
    Radio,
}

/// <summary>How much of a track was heard, in the three classes that counts and models use.</summary>
public enum Completion
{
    /// <summary>Less than a quarter.</summary>
    Skipped,

    /// <summary>From a quarter to nine tenths.</summary>
    Partial,

    /// <summary>Nine tenths or more.</summary>
    Full,
}

/// <summary>One playing of one track by one listener: the atom from which every model learns.</summary>
/// <remarks>Times are the server's, in UTC: a player's clock may run ahead, and a listen dated in the future
/// would leak into the training half of a temporal split.</remarks>
public sealed record Listen
{
    /// <param name="recommendation">The answer that the track came from; null for an own choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive, or the time heard is negative.</exception>
    public Listen(
        ListenerId listener,
        TrackId track,
        DateTimeOffset startedAt,
        TimeSpan heard,
        TimeSpan trackLength,
        ListenOrigin origin = ListenOrigin.OwnChoice,
        RecommendationId? recommendation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(trackLength, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(heard, TimeSpan.Zero);
        (Listener, Track, StartedAt, TrackLength) = (listener, track, startedAt.ToUniversalTime(), trackLength);
        Heard = heard < trackLength ? heard : trackLength;   // players overshoot the end by some milliseconds
        (Origin, Recommendation) = (origin, recommendation);
    }

    public ListenerId Listener { get; }
    public TrackId Track { get; }
    public DateTimeOffset StartedAt { get; }
    public TimeSpan TrackLength { get; }

    /// <summary>Time played, in [0, <see cref="TrackLength"/>]; pauses are not counted.</summary>
    public TimeSpan Heard { get; }
    public ListenOrigin Origin { get; }
    public RecommendationId? Recommendation { get; }

    /// <summary>The share heard, in [0, 1].</summary>
    public double HeardShare => Heard / TrackLength;

    public Completion Completion => HeardShare switch
    {
        < 0.25 => Completion.Skipped,
        < 0.90 => Completion.Partial,
        _ => Completion.Full,
    };
}

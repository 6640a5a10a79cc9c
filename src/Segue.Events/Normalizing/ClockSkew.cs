namespace Segue.Events.Normalizing;

/// <summary>How far a player's clock runs ahead of the server's, judged by the moment at which it says it sent.</summary>
/// <remarks>
/// A send takes time, so small differences say nothing: up to <see cref="Tolerated"/> nothing is corrected. Beyond <see cref="Largest"/>
/// the clock is not merely off but unset, and no correction can be trusted.
/// </remarks>
/// <param name="Milliseconds">Send time less receive time; negative when the player's clock is behind.</param>
public readonly record struct ClockSkew(long Milliseconds)
{
    public static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan Largest = TimeSpan.FromHours(1);
    private static readonly long ToleratedMs = (long)Tolerated.TotalMilliseconds, LargestMs = (long)Largest.TotalMilliseconds;

    /// <param name="sentAt">Unix milliseconds by the player's clock; null when it does not tell: no skew.</param>
    /// <param name="receivedAt">Unix milliseconds by the server's clock.</param>
    public static ClockSkew Between(long? sentAt, long receivedAt) => new(sentAt is { } sent ? sent - receivedAt : 0);

    public bool IsBeyondCorrection => Milliseconds > LargestMs || Milliseconds < -LargestMs;

    /// <summary>The server's time for a time by the player's clock, both in Unix milliseconds.</summary>
    public long Correct(long time) => Milliseconds > ToleratedMs || Milliseconds < -ToleratedMs ? time - Milliseconds : time;
}

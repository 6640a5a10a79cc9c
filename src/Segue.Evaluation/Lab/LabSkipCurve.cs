using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>When listeners skip, after Paul Lamere, "The Skip" (Music Machinery, 2014), who counted plays on Spotify.</summary>
internal static class LabSkipCurve
{
    /// <summary>Share of all plays that were skipped within 5 seconds.</summary>
    public const double Within5Seconds = 0.2414;

    /// <summary>Share of all plays that were skipped within 10 seconds.</summary>
    public const double Within10Seconds = 0.2897;

    /// <summary>Share of all plays that were skipped within 30 seconds.</summary>
    public const double Within30Seconds = 0.3505;

    /// <summary>Share of all plays that were skipped at some time.</summary>
    public const double BeforeEnd = 0.486;

    /// <summary>Nobody is faster.</summary>
    private const double Fastest = 0.3;

    /// <summary>Seconds until a skip that is known to happen: the inverse of the published curve, straight between its points, so that
    /// a world with the published share of skips has the published shares within 5, 10 and 30 seconds.</summary>
    /// <param name="length">The track's length in seconds, more than 30.</param>
    /// <returns>In [0.3, <paramref name="length"/>).</returns>
    public static double Draw(double length, ref SeededRandom random) => (random.NextDouble() * BeforeEnd) switch
    {
        < Within5Seconds and var u => Between(u, 0, Within5Seconds, Fastest, 5),
        < Within10Seconds and var u => Between(u, Within5Seconds, Within10Seconds, 5, 10),
        < Within30Seconds and var u => Between(u, Within10Seconds, Within30Seconds, 10, 30),
        var u => Between(u, Within30Seconds, BeforeEnd, 30, length),
    };

    private static double Between(double u, double low, double high, double from, double to)
        => from + (u - low) / (high - low) * (to - from);
}

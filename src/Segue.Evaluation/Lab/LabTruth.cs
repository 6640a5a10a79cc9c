using Segue.Core;
using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>How a listener takes a track: the law of the lab, P(kept) = logistic(utility).</summary>
/// <remarks>
/// utility = intercept + tolerance + 2.2 cos(mood, track) + 0.6 max over tastes cos(taste, track) + (0.1 + 0.35 mainstream) appeal
/// + 0.25 era + private affinity − fatigue. The weights are choices, made so that mood outweighs all else and that one who knew
/// all of it would keep listeners far longer than one who plays hits; the intercept is solved for the published share of skips.
/// Thread-safe.
/// </remarks>
internal sealed class LabTruth(ulong seed, LabGenres genres, LabCatalogue catalogue, LabPopulation population, double intercept, LabStatements statements)
{
    public const double MoodWeight = 2.2;
    private const double TasteWeight = 0.6, LeastAppeal = 0.1, MainstreamAppeal = 0.35, EraWeight = 0.25;

    /// <summary>Deviation of what is between one listener and one track alone, for ever.</summary>
    private const double AffinityDeviation = 0.3;

    /// <summary>Years from the favored era at which its pull has fallen to 1/e.</summary>
    private const double EraYears = 8;

    public ulong Seed => seed;
    public LabGenres Genres => genres;
    public LabCatalogue Catalogue => catalogue;
    public LabPopulation Population => population;
    public double Intercept => intercept;

    public LabTruth WithIntercept(double solved) => new(seed, genres, catalogue, population, solved, statements);

    public double Utility(LabListener listener, LabMood mood, LabMemory memory, int track, int second)
    {
        var style = catalogue.Style(track);
        return Still(listener, track, style)
            + MoodWeight * Vectors.Dot(mood.Point, style)
            - memory.Fatigue(track, second, catalogue.Artists, listener.RepeatAppetite);
    }

    // What no mood and no weariness changes.
    private double Still(LabListener listener, int track, ReadOnlySpan<float> style) => Expected(listener, track, style) + Affinity(listener.Index, track);

    /// <summary>What can be known beforehand of a track's utility for such a listener: no mood, no weariness, and nothing of what is between the two alone.</summary>
    public double Expected(LabListener listener, int track, ReadOnlySpan<float> style)
    {
        var fit = float.NegativeInfinity;
        for (var taste = 0; taste < listener.TasteCount; taste++)
        {
            fit = Math.Max(fit, Vectors.Dot(listener.Taste(taste), style));
        }
        var years = (catalogue.ReleaseDays[track] - listener.Era) / (365 * EraYears);
        return intercept
            + listener.Tolerance
            + TasteWeight * fit
            + (LeastAppeal + MainstreamAppeal * listener.Mainstream) * catalogue.Appeals[track]
            + EraWeight * Math.Exp(-years * years);
    }

    /// <summary>The chance that a track is kept by a rested listener, over the listener's moods.</summary>
    public double Liking(LabListener listener, int track)
    {
        var style = catalogue.Style(track);
        var still = Still(listener, track, style);
        double liking = 0;
        for (var taste = 0; taste < listener.TasteCount; taste++)
        {
            liking += listener.TasteWeights[taste] * Logistic(still + MoodWeight * Vectors.Dot(listener.Taste(taste), style));
        }
        return liking;
    }

    public static double Logistic(double utility) => 1 / (1 + Math.Exp(-utility));

    /// <summary>Draws the reaction. Every call takes its numbers in the same order, so equal luck meets equal tracks.</summary>
    public LabReaction React(double utility, int track, ref SeededRandom random)
    {
        var keeping = Logistic(utility);
        var kept = random.NextDouble() < keeping;
        var (voting, adding) = (random.NextDouble(), random.NextDouble());
        var length = catalogue.Lengths[track];
        var heard = kept ? length : (int)(1000 * LabSkipCurve.Draw(length / 1000.0, ref random));

        if (statements == LabStatements.Random)
        {
            var drawn = voting < 0.05 ? VoteValue.Up : voting < 0.1 ? VoteValue.Down : VoteValue.Withdrawn;
            return new LabReaction(!kept, TimeSpan.FromMilliseconds(heard), drawn, adding < 0.05);
        }

        // Few votes are cast, and by those who feel strongly: up to 6 % of kept tracks are voted up, up to 5 % of skipped ones down.
        var often = statements == LabStatements.Frequent ? 5 : 1;
        var up = kept && voting < often * 0.06 * keeping * keeping;
        var down = !kept && voting < often * 0.05 * (1 - keeping) * (1 - keeping);
        var vote = up ? VoteValue.Up : down ? VoteValue.Down : VoteValue.Withdrawn;
        return new LabReaction(!kept, TimeSpan.FromMilliseconds(heard), vote, kept && adding < often * 0.03 * keeping * keeping);
    }

    /// <summary>Mean 0, in [-1.04, 1.04]: the sum of four uniform numbers, since a bounded bell lets no oracle find a wonder.</summary>
    private double Affinity(int listener, int track)
    {
        var pair = (ulong)(uint)listener << 32 | (uint)track;
        var bits = SeededRandom.Mix(SeededRandom.Mix(seed ^ LabStreams.Affinity) ^ SeededRandom.Mix(pair));
        var sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        return AffinityDeviation * Math.Sqrt(3) * (sum / 65536.0 - 2);   // four uniforms have a variance of 1/3
    }
}

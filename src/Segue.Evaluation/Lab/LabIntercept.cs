using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>Finds the intercept at which picks by popularity are skipped as often as published, for any seed and size.</summary>
internal static class LabIntercept
{
    private const int Sittings = 8000;

    /// <remarks>Two rounds, since how long tracks are heard, and so how far one recovers, depends a little on the intercept.</remarks>
    public static LabTruth Solve(LabTruth truth, DateTimeOffset start, int threads)
    {
        for (var round = 0; round < 2; round++)
        {
            var known = truth;
            var utilities = new double[Sittings][];
            Workers.For(Sittings, threads, sitting => utilities[sitting] = Play(known, sitting, start));
            truth = truth.WithIntercept(truth.Intercept + Shift([.. utilities.SelectMany(plays => plays)]));
        }
        return truth;
    }

    /// <summary>The utilities met in one sitting at which popular tracks are played.</summary>
    private static double[] Play(LabTruth truth, int sitting, DateTimeOffset start)
    {
        // Negative numbers name sittings that nobody else can ask for.
        var play = new LabSitting(truth, sitting % truth.Population.Listeners.Length, -1 - sitting, start, start, past: null, length: null);
        var random = new SeededRandom(truth.Seed, LabStreams.Intercept, (ulong)sitting);
        var utilities = new double[play.Length];
        for (var i = 0; i < utilities.Length; i++)
        {
            var track = truth.Catalogue.DrawPopular(ref random);
            utilities[i] = play.Utility(track);
            play.React(track);
        }
        return utilities;
    }

    /// <summary>What must be added to all utilities for the mean chance of a skip to be the published one, by bisection.</summary>
    private static double Shift(double[] utilities)
    {
        double low = -20, high = 20;
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            var skipped = utilities.Sum(utility => 1 - LabTruth.Logistic(utility + middle)) / utilities.Length;
            (low, high) = skipped > LabSkipCurve.BeforeEnd ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }
}

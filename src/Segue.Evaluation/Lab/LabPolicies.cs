using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>The reference policies between which every recommender must fall, each measured over sittings after the history.</summary>
internal static class LabPolicies
{
    private const int Sittings = 8000, OracleSittings = 400, OracleTracks = 2000;

    /// <summary>Sittings of the measurement are numbered from here, away from those of experiments, which count from 0.</summary>
    private const int FirstNumber = 1_000_000_000;

    public static LabTally Popular(LabWorld world, CancellationToken cancellation)
        => Run(world, Sittings, (LabSitting _, ref SeededRandom random) => world.DrawPopular(ref random), cancellation);

    public static LabTally Even(LabWorld world, CancellationToken cancellation)
        => Run(world, Sittings, (LabSitting _, ref SeededRandom random) => random.NextInt(world.Options.Tracks), cancellation);

    /// <summary>Plays what is truly likeliest to be kept now, among every n-th track where the catalogue is large.</summary>
    public static LabTally Oracle(LabWorld world, CancellationToken cancellation)
    {
        var step = Math.Max(1, (world.Options.Tracks + OracleTracks - 1) / OracleTracks);
        return Run(
            world, OracleSittings, (LabSitting sitting, ref SeededRandom _) => BestOf(sitting, world.Options.Tracks, step), cancellation);
    }

    private static int BestOf(LabSitting sitting, int tracks, int step)
    {
        var (best, most) = (0, double.NegativeInfinity);
        for (var track = 0; track < tracks; track += step)
        {
            var utility = sitting.Utility(track);
            (best, most) = utility > most ? (track, utility) : (best, most);
        }
        return best;
    }

    private static LabTally Run(LabWorld world, int sittings, Pick pick, CancellationToken cancellation)
    {
        var reactions = new LabReaction[sittings][];
        Workers.For(
            sittings,
            world.Options.Threads,
            number =>
            {
                var random = new SeededRandom(world.Options.Seed, LabStreams.Calibration, (ulong)number);
                // Listeners are taken evenly over the whole range, each as often as the next.
                var listener = (int)((long)number * world.Options.Listeners / sittings);
                var sitting = world.Sit(listener, FirstNumber + number, world.End.AddHours(12));
                reactions[number] = new LabReaction[sitting.Length];
                for (var i = 0; i < sitting.Length; i++)
                {
                    reactions[number][i] = sitting.React(pick(sitting, ref random));
                }
            },
            cancellation);
        return new LabTally(reactions.SelectMany(sitting => sitting));
    }

    private delegate int Pick(LabSitting sitting, ref SeededRandom random);
}

/// <summary>What became of the tracks that a policy played.</summary>
internal sealed class LabTally
{
    private readonly double[] _skips;
    private readonly int _plays;

    public LabTally(IEnumerable<LabReaction> reactions)
    {
        var all = reactions.ToArray();
        _plays = all.Length;
        _skips = [.. all.Where(reaction => reaction.Skipped).Select(reaction => reaction.Heard.TotalSeconds)];
    }

    /// <summary>Share of plays heard to the end.</summary>
    public double Kept => 1 - _skips.Length / (double)_plays;

    /// <summary>Share of plays left within so many seconds.</summary>
    public double SkippedWithin(double seconds) => _skips.Count(at => at <= seconds) / (double)_plays;
}

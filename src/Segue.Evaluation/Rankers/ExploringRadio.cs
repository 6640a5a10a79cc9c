using Segue.Core;
using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio.Funnel;
using Segue.Ranking.Learnt;
using Segue.Retrieval;

namespace Segue.Evaluation.Rankers;

/// <summary>Lets simulated listeners hold sittings at a radio that explores, and keeps what it showed with what became of it.</summary>
/// <remarks>Three in four tracks are those that the radio would play; of the others each is any of the best fifty, all alike. Both ways' chances make the propensity of a track.</remarks>
public static class ExploringRadio
{
    private const double Exploration = 0.25;
    private const int Best = 50;

    /// <summary>Its sittings are numbered from here, away from those that are compared.</summary>
    private const int FirstNumber = 500_000_000;

    /// <summary>What is shown and reacted to, in the order of time.</summary>
    /// <param name="sittings">Of each listener, a day apart.</param>
    public static IReadOnlyList<RankingRow> Collect(LabWorld world, Dataset data, ModelSet models, int sittings, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sittings);
        var planner = new RadioPlanner(data.Catalogue, models, new(models.Taste, models.Trained), NewReleases.Of(data.Training, models.Trained.Items), new());
        var rows = new List<RankingRow>[world.Listeners.Count];
        Workers.For(rows.Length, world.Options.Threads, listener =>
        {
            rows[listener] = [];
            for (var n = 0; n < sittings; n++)
            {
                var sitting = world.Sit(listener, FirstNumber + n, world.End.AddDays(n));
                Hold(sitting, new(planner, data, data.History(listener)), data, models.Version, listener * sittings + n, new(world.Options.Seed, (ulong)listener, FirstNumber + (ulong)n), rows[listener]);
            }
        }, cancellation);
        return [.. rows.SelectMany(own => own).OrderBy(row => row.At).ThenBy(row => row.Group).Select((row, n) => row with { Group = n })];   // each is an answer of one track
    }

    private static void Hold(LabSitting sitting, RadioSitting radio, Dataset data, string version, int group, SeededRandom random, List<RankingRow> rows)
    {
        while (sitting.Heard < sitting.Length)
        {
            var explores = random.NextBool(Exploration);
            var plan = radio.Plan(Best);
            var place = explores ? random.NextInt(plan.Tracks.Count) : 0;
            var (track, at) = (plan.Weighed[place].Track, sitting.Now);
            var seen = Observation.Unpack(Observation.OfAnswer(plan.Context, [plan.Weighed[place]])[0])!;   // by way of the log's bytes, as from a radio on the air
            var reaction = sitting.React(track);
            radio.Told(track, reaction);
            var propensity = Exploration / plan.Tracks.Count + (place == 0 ? 1 - Exploration : 0);
            var isTaken = reaction.PlaylistAdd || (reaction.Vote == VoteValue.Withdrawn ? !reaction.Skipped : reaction.Vote == VoteValue.Up);
            rows.Add(new(group, at, data.Catalogue.Tracks[track].Id, 0, propensity, version, seen, isTaken));
        }
    }
}

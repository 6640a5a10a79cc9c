using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that others heard around those this sitting kept or began with; before any, around the last ones of the history.</summary>
public sealed class CoListenCandidates : ICandidateGenerator
{
    private const int LastOfHistory = 5;

    public string Source => "co-listen";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
    {
        var scores = new Dictionary<int, float>();
        foreach (var (track, weight) in Anchors(context))
        {
            foreach (var neighbor in context.Models.Neighbors.Neighbors(track))
            {
                if (!context.Excluded.Contains(neighbor.Item))
                {
                    scores[neighbor.Item] = scores.GetValueOrDefault(neighbor.Item) + weight * neighbor.Score;
                }
            }
        }
        var best = new TopK(Math.Min(count, scores.Count));
        foreach (var (track, score) in scores)
        {
            best.Add(track, score);
        }
        return best.Take().Where(scored => scored.Score > 0).Select(scored => new Candidate(scored.Item, Source, scored.Score));
    }

    private static IEnumerable<(int Track, float Weight)> Anchors(ListenerContext context)
        => context.Signals.Any(signal => signal.Strength > 0)
            ? context.Signals.Select((signal, n) => (signal.Track, signal.Strength * MathF.Pow(0.8f, context.Signals.Count - 1 - n)))
            : context.History.Items.TakeLast(LastOfHistory).Select(track => (track, 1f));
}

using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that others heard around those this sitting kept or began with; before any, around the last ones of the history.</summary>
public sealed class CoListenCandidates : ICandidateGenerator
{
    public string Source => "co-listen";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
    {
        var best = new TopK(count);
        foreach (var (track, score) in context.CoListen)
        {
            if (score > 0 && !context.Excluded.Contains(track))
            {
                best.Add(track, score);
            }
        }
        return best.Take().Select(scored => new Candidate(scored.Item, Source, scored.Score));
    }
}

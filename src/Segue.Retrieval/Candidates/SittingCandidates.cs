using Segue.Features.Interactions;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that others played in sittings like this one, and right after what was played last.</summary>
public sealed class SittingCandidates : ICandidateGenerator
{
    public string Source => "sittings";

    public bool IsSearch => true;

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
    {
        if (context.Models.Sittings is not { } model || !context.Signals.Any(signal => signal.Strength > 0))
        {
            return [];
        }
        var known = context.Signals.Where(signal => signal.Track < model.Items).ToList();
        var sitting = new UserHistory(null, [.. known.Select(signal => signal.Track)], [.. known.Select(signal => signal.Strength)]);
        return model.Propose(sitting, count + context.Signals.Count)   // what was heard is among them
            .Where(scored => !context.Excluded.Contains(scored.Item)).Take(count).Select(scored => new Candidate(scored.Item, Source, scored.Score));
    }
}

using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that others played in sittings like this one, and right after what was played last.</summary>
public sealed class SittingCandidates : ICandidateGenerator
{
    public string Source => "sittings";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        if (context.Models.Sittings is not { } model || !context.Signals.Any(signal => signal.Strength > 0))
        {
            return [];
        }
        List<int> tracks = new(context.Signals.Count);
        List<float> strengths = new(context.Signals.Count);
        foreach (var signal in context.Signals)
        {
            if (signal.Track < model.Items)
            {
                tracks.Add(signal.Track);
                strengths.Add(signal.Strength);
            }
        }
        var past = model.Propose(new(null, tracks, strengths, []), count + context.Signals.Count);   // what was heard is among them
        var (proposed, found) = (new ScoredItem[Math.Min(count, past.Length)], 0);
        for (var n = 0; n < past.Length && found < proposed.Length; n++)
        {
            if (!context.Excluded.Contains(past[n].Item))
            {
                proposed[found++] = past[n];
            }
        }
        return found == proposed.Length ? proposed : proposed[..found];
    }
}

using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that sound like what this sitting kept or began with, and not like what it skipped: the greatest Σ strength · cosine. Silent where the radio has not listened to its tracks, and until something was kept.</summary>
public sealed class SoundCandidates : ICandidateGenerator
{
    public string Source => "sound";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
        => context.Sounds?.Toward(context.Signals.Select(signal => (signal.Track, signal.Strength))) is not { } kept ? []
            : [.. context.Sounds.Nearest(kept, count, context.Excluded).TakeWhile(scored => scored.Score > 0)];
}

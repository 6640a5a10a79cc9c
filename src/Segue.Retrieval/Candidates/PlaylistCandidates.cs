using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that listeners put on playlists beside those this sitting began with and kept. Silent where the models hold no playlists.</summary>
/// <remarks>The greatest Σ strength · likeness (<see cref="Models.Playlists.PlaylistNeighborsModel"/>) over the sitting's seeds, of which a playlist may be hundreds, and the newest tracks that it kept.</remarks>
public sealed class PlaylistCandidates : ICandidateGenerator
{
    private const int MostSeeds = 500, MostKept = 20;

    public string Source => "playlist";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
        => context.Models.Playlists is { } model ? model.Continue(Anchors(context), count, context.Excluded.Contains) : [];

    /// <summary>The tracks whose company it looks for, with what each weighs: seeds first.</summary>
    public static IReadOnlyList<(int Track, float Weight)> Anchors(ListenerContext context)
    {
        var wanted = context.Signals.Where(signal => signal.Strength > 0).ToList();
        return [.. wanted.Where(signal => signal.IsSeed).Take(MostSeeds).Concat(wanted.Where(signal => !signal.IsSeed).TakeLast(MostKept)).Select(signal => (signal.Track, signal.Strength))];
    }
}

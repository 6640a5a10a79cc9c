using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks tagged like what the listener played and this sitting keeps. Silent where the models know no tags.</summary>
/// <remarks>The greatest Σ weight · cosine in the space of tags: a listener is the sum of what was played. The newest <see cref="Newest"/> items of the history weigh ± ln(1 + |strength|), together as much as one kept track; the sitting's weigh their strength.</remarks>
public sealed class TagCandidates : ICandidateGenerator
{
    /// <summary>Items of the history that count: each is read from another place of memory.</summary>
    public const int Newest = 100;

    public string Source => "tags";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
        => context.Tags?.Toward(Told(context)) is not { } liked ? []
            : [.. context.Tags.Nearest(liked, count, context.Excluded).TakeWhile(scored => scored.Score > 0)];

    private static List<(int Track, float Weight)> Told(ListenerContext context)
    {
        var (history, told, all) = (context.History, new List<(int Track, float Weight)>(), 0f);
        for (var n = Math.Max(0, history.Items.Count - Newest); n < history.Items.Count; n++)
        {
            var weight = MathF.Sign(history.Strengths[n]) * MathF.Log(1 + MathF.Abs(history.Strengths[n]));
            told.Add((history.Items[n], weight));
            all += MathF.Abs(weight);
        }
        for (var n = 0; n < told.Count && all > 0; n++)
        {
            told[n] = (told[n].Track, told[n].Weight / all);
        }
        told.AddRange(context.Signals.Select(signal => (signal.Track, signal.Strength)));
        return told;
    }
}

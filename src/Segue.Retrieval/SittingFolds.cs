using Segue.Models.Factorization;

namespace Segue.Retrieval;

/// <summary>The foldings that a sitting made last: a reaction changes what was kept or what was skipped, seldom both, and never the history. Not safe for two callers.</summary>
/// <remarks>Three times <see cref="FoldedTaste"/> at most: 33 KiB at d = 64, and 8 bytes a track of the history.</remarks>
public sealed class SittingFolds
{
    private FoldedTaste? _kept, _skipped;

    /// <summary>The history; null until somebody needed it.</summary>
    internal FoldedTaste? Past { get; set; }

    /// <summary>What was kept (sign 1) or skipped (−1), made anew where it is not what it was.</summary>
    internal FoldedTaste Of(int sign, ImplicitAlsModel taste, ReadOnlySpan<int> tracks, ReadOnlySpan<float> strengths)
    {
        ref var last = ref sign > 0 ? ref _kept : ref _skipped;
        if (last is null || !last.IsOf(tracks, strengths))
        {
            last = taste.Fold(tracks.ToArray(), strengths);
        }
        return last;
    }
}

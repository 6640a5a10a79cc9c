using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>What those who play it seldom skip, most of all in the genres that this sitting keeps: what the order may put in front though factors do not find it. Silent where nothing was skipped.</summary>
/// <remarks>The greatest appeal + <see cref="GenreWeight"/> · E, where E = Σ strengths ÷ (Σ |strengths| + 1) of the genre, as the order has it. A merge of charts that are at hand.</remarks>
public sealed class AppealCandidates : ICandidateGenerator
{
    private const int GenresAsked = 3;

    // As much as the order makes of a genre.
    private const float GenreWeight = 1.5f;

    public string Source => "appeal";

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        var genres = Kept(context);
        var next = new int[genres.Count + 1];
        var (proposed, found) = (new ScoredItem[count], 0);
        while (found < count && Best(context, genres, next) is { } best)
        {
            proposed[found] = best;
            found += context.Excluded.Contains(best.Item) ? 0 : 1;
        }
        return found == count ? proposed : proposed[..found];
    }

    // The first of the charts' heads, which moves on: genres that are kept, then all tracks but theirs.
    private static ScoredItem? Best(ListenerContext context, List<(int Genre, float Worth)> genres, int[] next)
    {
        var (best, from) = ((ScoredItem?)null, -1);
        for (var n = 0; n <= genres.Count; n++)
        {
            var (chart, worth) = n < genres.Count ? (context.Charts.ByAppeal(genres[n].Genre), genres[n].Worth) : (context.Charts.ByAppeal(), 0);
            while (n == genres.Count && next[n] < chart.Count && context.Catalogue.GenreOf(chart[next[n]]) is var genre && genres.Exists(kept => kept.Genre == genre))
            {
                next[n]++;
            }
            if (next[n] < chart.Count && context.Models.Popular.AppealOf(chart[next[n]]) + worth is var score && (best is null || score > best.Value.Score))
            {
                (best, from) = (new(chart[next[n]], score), n);
            }
        }
        if (best is not null)
        {
            next[from]++;
        }
        return best;
    }

    private static List<(int Genre, float Worth)> Kept(ListenerContext context)
    {
        var sizes = SessionLeanings.By([.. context.Signals.Select(signal => signal with { Strength = Math.Abs(signal.Strength) })], context.Catalogue.GenreOf);
        return [.. SessionLeanings.By(context.Signals, context.Catalogue.GenreOf)
            .Select((leaning, n) => (Genre: leaning.Group, Worth: GenreWeight * leaning.Strength / (sizes[n].Strength + 1)))
            .Where(genre => genre.Worth > 0).OrderByDescending(genre => genre.Worth).ThenBy(genre => genre.Genre).Take(GenresAsked)];
    }
}

using Segue.Retrieval;

namespace Segue.Radio.Funnel;

/// <summary>What a sitting moves to and away from, in words a listener knows.</summary>
internal static class Drift
{
    private const int Named = 3;

    public static (IReadOnlyList<string> Toward, IReadOnlyList<string> AwayFrom) Of(ListenerContext context)
    {
        var byGenre = context.Signals
            .Where(signal => context.Catalogue.GenreOf(signal.Track) >= 0)
            .GroupBy(signal => context.Catalogue.Genres[context.Catalogue.GenreOf(signal.Track)])
            .Select(group => (Genre: group.Key, Strength: group.Sum(signal => signal.Strength)))
            .ToList();
        return (
            [.. byGenre.Where(g => g.Strength > 0).OrderByDescending(g => g.Strength).Take(Named).Select(g => g.Genre)],
            [.. byGenre.Where(g => g.Strength < 0).OrderBy(g => g.Strength).Take(Named).Select(g => g.Genre)]);
    }
}

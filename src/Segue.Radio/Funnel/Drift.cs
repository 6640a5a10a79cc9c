using Segue.Retrieval;

namespace Segue.Radio.Funnel;

/// <summary>What a sitting moves to and away from, in words a listener knows.</summary>
internal static class Drift
{
    private const int Named = 3;

    public static (IReadOnlyList<string> Toward, IReadOnlyList<string> AwayFrom) Of(ListenerContext context)
    {
        var (genres, names) = (SessionLeanings.By(context.Signals, context.Catalogue.GenreOf), context.Catalogue.Genres);
        return (
            [.. genres.Where(genre => genre.Strength > 0).OrderByDescending(genre => genre.Strength).Take(Named).Select(genre => names[genre.Group])],
            [.. genres.Where(genre => genre.Strength < 0).OrderBy(genre => genre.Strength).Take(Named).Select(genre => names[genre.Group])]);
    }
}

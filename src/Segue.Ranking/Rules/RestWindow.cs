namespace Segue.Ranking.Rules;

/// <summary>How long a track rests before it is offered again, in tracks heard since.</summary>
public sealed record RestOptions
{
    /// <summary>Where nobody asks for the own rest, and for whose listens no order is known; 0 to 10,000.</summary>
    public int Usual { get; init; } = 30;

    /// <summary>Nobody's own rest is less; 0 to <see cref="Most"/>.</summary>
    public int Least { get; init; } = 10;

    /// <summary>Nobody's own rest is more, and of who never heard a track twice it is this; up to 10,000.</summary>
    public int Most { get; init; } = 60;
}

/// <summary>A listener's own rest, from how often and after how long they return to a track.</summary>
/// <remarks>rest = ρ · m ÷ 2 + (1 − ρ) · most, within its bounds, where ρ is the share of listens that repeat a track and m the median number of
/// listens between two of one track: who returns to tracks soon hears them again at half of that distance, who does not return waits longest. O(n log n).</remarks>
public static class RestWindow
{
    /// <param name="listens">Rows of the tracks heard, oldest first, with repeats; empty where no order is known.</param>
    public static int Of(ReadOnlySpan<int> listens, RestOptions options)
    {
        if (listens.IsEmpty)
        {
            return options.Usual;
        }
        var lastPlace = new Dictionary<int, int>();
        var gaps = new List<int>();
        for (var place = 0; place < listens.Length; place++)
        {
            if (lastPlace.TryGetValue(listens[place], out var before))
            {
                gaps.Add(place - before - 1);
            }
            lastPlace[listens[place]] = place;
        }
        gaps.Sort();
        var share = (double)gaps.Count / listens.Length;
        var median = gaps.Count == 0 ? 0 : (gaps[(gaps.Count - 1) / 2] + gaps[gaps.Count / 2]) / 2.0;
        return (int)Math.Round(Math.Clamp(share * median / 2 + (1 - share) * options.Most, options.Least, options.Most));
    }
}

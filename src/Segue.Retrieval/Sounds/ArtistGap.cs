namespace Segue.Retrieval.Sounds;

/// <summary>Keeps tracks of one artist apart in a list by sound: raw similarity favors the album that a track is from.</summary>
/// <param name="Gap">Tracks that lie at least between two of one artist, where others are left; 0 to 100.</param>
/// <param name="ArtistOf">The artist of a track, any number; -1 where nobody knows, and then nothing is kept apart.</param>
public sealed record ArtistGap(int Gap, Func<int, int> ArtistOf)
{
    private const int MostGap = 100;

    public int Gap { get; } = Gap is >= 0 and <= MostGap ? Gap : throw new ArgumentOutOfRangeException(nameof(Gap), Gap, $"Allowed are 0 to {MostGap}.");

    /// <summary>How many candidates a list needs so that another artist is mostly at hand.</summary>
    internal int CandidatesFor(int count) => Gap == 0 ? count : checked(count * 4 + 50);

    /// <summary>Whether a track may come after those; <paramref name="before"/> gives the tracks before it, the last first.</summary>
    internal bool Allows(int track, IEnumerable<int> before)
    {
        var artist = ArtistOf(track);
        return artist < 0 || before.Take(Gap).All(other => ArtistOf(other) != artist);
    }

    /// <summary>The head of a ranking with artists apart: at each place the best that is allowed, or the best of all where none is.</summary>
    internal IReadOnlyList<T> Pick<T>(IEnumerable<T> ranking, Func<T, int> trackOf, int count)
    {
        var (left, picked) = (new LinkedList<T>(ranking), new List<T>(count));
        while (picked.Count < count && left.First is { } next)
        {
            for (var node = next; node is not null; node = node.Next)
            {
                if (Allows(trackOf(node.Value), Enumerable.Range(1, picked.Count).Select(back => trackOf(picked[^back]))))
                {
                    next = node;
                    break;
                }
            }
            picked.Add(next.Value);
            left.Remove(next);
        }
        return picked;
    }
}

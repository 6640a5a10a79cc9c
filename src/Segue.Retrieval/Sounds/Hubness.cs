namespace Segue.Retrieval.Sounds;

/// <summary>How unevenly tracks are spread over the lists of all others.</summary>
/// <param name="Skewness">Skewness of N_k, the number of lists of length k that a track is in: about 0 to 1 without hubs, above 2 with strong ones.</param>
/// <param name="Largest">Share of all lists that the track of most lists is in.</param>
/// <param name="Neighbors">Length k of a list.</param>
/// <param name="Lists">Lists that were made for it.</param>
public sealed record HubnessMeasure(double Skewness, double Largest, int Neighbors, int Lists);

/// <summary>Measures hubness: Radovanović, Nanopoulos and Ivanović, "Hubs in Space", JMLR 2010.</summary>
public static class Hubness
{
    /// <param name="neighbors">k, at least 1.</param>
    /// <param name="lists">At most so many tracks, drawn by <paramref name="seed"/>, are asked for their neighbors; all tracks where there are no more.</param>
    /// <param name="holdHubsBack">Whether the lists are those that hold hubs back.</param>
    /// <remarks>With a share p of all lists, N_k of a track is thinned to about Binomial(N_k, p). Its factorial moments are those of N_k times p, p², p³, from which
    /// the skewness of the whole follows without bias in the moments.</remarks>
    /// <exception cref="ArgumentException">The space has fewer than two tracks.</exception>
    public static HubnessMeasure Measure(
        SoundSpace space, int neighbors = 10, int lists = 4096, bool holdHubsBack = true, ulong seed = 1, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lists);
        if (space.Count < 2)
        {
            throw new ArgumentException($"Hubs need at least 2 tracks; there are {space.Count}.", nameof(space));
        }
        var asked = SoundSample.Draw(space.Count, lists, seed).Select(space.TrackAt).ToList();
        var counts = new int[space.Count];
        foreach (var list in space.NearestOfAll(asked, neighbors, null, holdHubsBack, threads, cancellation))
        {
            foreach (var match in list)
            {
                counts[space.PlaceOf(match.Track)]++;
            }
        }
        return new(Skewness(counts, (double)asked.Count / space.Count), (double)counts.Max() / asked.Count, neighbors, asked.Count);
    }

    private static double Skewness(int[] counts, double share)
    {
        double first = 0, second = 0, third = 0;
        foreach (double count in counts)
        {
            first += count;
            second += count * (count - 1);
            third += count * (count - 1) * (count - 2);
        }
        first /= counts.Length * share;
        second /= counts.Length * share * share;
        third /= counts.Length * share * share * share;
        var (square, cube) = (second + first, third + 3 * second + first);   // E[N²], E[N³]
        var variance = square - first * first;
        return variance <= 1e-12 ? 0 : (cube - 3 * first * square + 2 * first * first * first) / Math.Pow(variance, 1.5);
    }
}

using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>Who makes how many tracks in which genre, and how popular each track is.</summary>
internal sealed class LabRoster
{
    /// <summary>Share of popularity held by the top 1 % of artists. Plays are a mixture of popular picks, which follow it, and of
    /// own, more even ones; at this value the plays of the history come near the published half.</summary>
    private const double HeadShare = 0.62;

    private readonly int[] _starts, _tracks;

    private LabRoster(int artists, int tracks)
    {
        (Artists, _starts, _tracks) = (artists, new int[artists + 1], new int[tracks]);
        (Genre, Popularity, PopularityScore) = (new byte[artists], new double[tracks], new float[tracks]);
    }

    /// <summary>One artist per four tracks.</summary>
    public int Artists { get; }
    public byte[] Genre { get; }

    /// <summary>By track; sums to 1.</summary>
    public double[] Popularity { get; }

    /// <summary>By track: standardized log-popularity, cut to [-2, 2].</summary>
    public float[] PopularityScore { get; }
    public double[] GenreShares { get; } = new double[LabGenres.Count];

    /// <summary>An artist's tracks, best known first.</summary>
    public ReadOnlySpan<int> TracksOf(int artist) => _tracks.AsSpan(_starts[artist].._starts[artist + 1]);

    public static LabRoster Create(int tracks, ulong seed)
    {
        var roster = new LabRoster(Math.Max(1, tracks / 4), tracks);
        var random = new SeededRandom(seed, LabStreams.Order);
        // An index must not betray popularity, or ties broken by index would favor hits.
        var artistOfRank = Enumerable.Range(0, roster.Artists).ToArray();
        random.Shuffle(artistOfRank.AsSpan());
        var weights = ArtistWeights(roster.Artists);
        roster.DealGenres(weights, artistOfRank);
        roster.DealTracks(weights, artistOfRank, ref random);
        roster.Score();
        return roster;
    }

    /// <summary>Zipf and Mandelbrot's law, weight = (rank + q)^-s, most popular first, summing to 1; s is the one at which the top 1 %
    /// hold <see cref="HeadShare"/>. The offset q keeps the very first from holding a fifth of all plays.</summary>
    private static double[] ArtistWeights(int artists)
    {
        var head = (artists + 99) / 100;
        double low = 0, high = 12;
        var weights = new double[artists];
        for (var step = 0; step < 40; step++)
        {
            var exponent = (low + high) / 2;
            double sum = 0, top = 0;
            for (var rank = 0; rank < artists; rank++)
            {
                sum += weights[rank] = Math.Pow(1 + rank / (1 + 0.006 * artists), -exponent);
                top = rank < head ? sum : top;
            }
            for (var rank = 0; rank < artists; rank++)
            {
                weights[rank] /= sum;
            }
            (low, high) = top / sum < HeadShare ? (exponent, high) : (low, exponent);
        }
        return weights;
    }

    /// <summary>Gives each artist, most popular first, to the genre that is furthest behind its target.</summary>
    private void DealGenres(double[] weights, int[] artistOfRank)
    {
        var missing = LabGenres.TargetShares();
        for (var rank = 0; rank < weights.Length; rank++)
        {
            var genre = Array.IndexOf(missing, missing.Max());
            missing[genre] -= weights[rank];
            GenreShares[genre] += weights[rank];
            Genre[artistOfRank[rank]] = (byte)genre;
        }
    }

    /// <summary>Gives each artist tracks, and each track its popularity: within an artist the k-th track holds a share proportional to
    /// k^-0.8.</summary>
    private void DealTracks(double[] weights, int[] artistOfRank, ref SeededRandom random)
    {
        CountTracks(weights, artistOfRank);
        var order = Enumerable.Range(0, Popularity.Length).ToArray();
        random.Shuffle(order.AsSpan());
        order.CopyTo(_tracks, 0);
        for (var rank = 0; rank < Artists; rank++)
        {
            var tracks = TracksOf(artistOfRank[rank]);
            double sum = 0;
            for (var k = 0; k < tracks.Length; k++)
            {
                sum += Popularity[tracks[k]] = Math.Pow(k + 1, -0.8);
            }
            foreach (var track in tracks)
            {
                Popularity[track] *= weights[rank] / sum;
            }
        }
    }

    /// <summary>One track for each artist; the rest by weight^0.4, so that stars have made more.</summary>
    private void CountTracks(double[] weights, int[] artistOfRank)
    {
        var extra = Popularity.Length - Artists;
        var total = weights.Sum(weight => Math.Pow(weight, 0.4));
        var counts = new int[Artists];
        double running = 0;
        var dealt = 0;
        for (var rank = 0; rank < Artists; rank++)
        {
            running += Math.Pow(weights[rank], 0.4) / total;
            var upTo = rank == Artists - 1 ? extra : Math.Min(extra, (int)(extra * running));
            counts[artistOfRank[rank]] = 1 + upTo - dealt;
            dealt = upTo;
        }
        for (var artist = 0; artist < Artists; artist++)
        {
            _starts[artist + 1] = _starts[artist] + counts[artist];
        }
    }

    private void Score()
    {
        double sum = 0, squares = 0;
        foreach (var popularity in Popularity)
        {
            var log = Math.Log(popularity);
            (sum, squares) = (sum + log, squares + log * log);
        }
        var mean = sum / Popularity.Length;
        var deviation = Math.Sqrt(Math.Max(1e-12, squares / Popularity.Length - mean * mean));
        for (var track = 0; track < Popularity.Length; track++)
        {
            PopularityScore[track] = (float)Math.Clamp((Math.Log(Popularity[track]) - mean) / deviation, -2, 2);
        }
    }
}

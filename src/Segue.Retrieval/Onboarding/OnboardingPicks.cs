using Segue.Features;
using Segue.Models.Registry;
using Segue.Numerics;

namespace Segue.Retrieval.Onboarding;

/// <summary>An artist to ask a new listener about.</summary>
/// <param name="Artist">The artist's number in the catalogue.</param>
/// <param name="Track">The track of theirs that most listeners like.</param>
/// <param name="Known">How well the artist is known beside the best known one, in (0, 1].</param>
public readonly record struct OnboardingPick(int Artist, int Track, float Known);

/// <summary>Chooses the artists whose liking or not tells most of a new listener's taste.</summary>
/// <remarks>
/// <para>Before anything is asked, the taste x of a new listener is normal with the covariance Σ of all listeners' factors. To say whether one likes an artist of
/// factors y is to measure yᵀx with an error σ², which tells ½ log(1 + yᵀΣy ÷ σ²) nats of x and leaves Σ − Σyyᵀ Σ ÷ (σ² + yᵀΣy). Greedily the artist comes next whose
/// gain, times the chance that one knows the artist at all, is largest; of who does not know them nothing is learnt, so Σ loses that share only. The sum of gains is
/// submodular, so that greedy picks tell at least 1 − 1/e of what the best ones would (Krause, Singh and Guestrin, "Near-Optimal Sensor Placements in Gaussian Processes", JMLR 2008).</para>
/// <para>y is the mean of the artist's <see cref="TracksAsked"/> most liked tracks, by which radio seeds stand for an artist too; the chance is the root of the
/// artist's likes ÷ those of the most liked one; σ² the mean of yᵀΣy. The first picks are the same however many are asked for. O(picks · artists · d²) over the <see cref="ArtistsAsked"/> most
/// liked artists.</para>
/// </remarks>
public static class OnboardingPicks
{
    /// <summary>Most picks.</summary>
    public const int MaxCount = 50;

    /// <summary>Artists to pick from, the most liked.</summary>
    public const int ArtistsAsked = 300;

    private const int TracksAsked = 5, ListenersAsked = 10_000;

    /// <param name="excluded">Rows that nobody is offered.</param>
    /// <returns>At most <paramref name="count"/> artists, the most telling first; fewer where the catalogue has fewer.</returns>
    public static IReadOnlyList<OnboardingPick> Choose(CatalogueIndex catalogue, ModelSet models, IReadOnlySet<int> excluded, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        var artists = Artists(catalogue, models, excluded);
        var covariance = Covariance(models);
        var spreads = artists.ConvertAll(artist => Spread(covariance, artist.Place));
        var error = Math.Max(1e-12f, spreads.Count == 0 ? 0 : spreads.Average());
        var picks = new List<OnboardingPick>(count);
        while (picks.Count < count && artists.Count > 0)
        {
            var best = Enumerable.Range(0, artists.Count).MaxBy(n => artists[n].Pick.Known * MathF.Log(1 + Spread(covariance, artists[n].Place) / error));
            picks.Add(artists[best].Pick);
            Measure(covariance, artists[best].Place, error, artists[best].Pick.Known);
            artists.RemoveAt(best);
        }
        return picks;
    }

    private static List<(OnboardingPick Pick, float[] Place)> Artists(CatalogueIndex catalogue, ModelSet models, IReadOnlySet<int> excluded)
    {
        var likes = new float[catalogue.Artists];
        var best = new int[catalogue.Artists];
        Array.Fill(best, -1);
        for (var track = 0; track < models.Items; track++)
        {
            var artist = catalogue.ArtistOf(track);
            if (!excluded.Contains(track))
            {
                likes[artist] += models.Popular.Likes(track);
                best[artist] = best[artist] < 0 || models.Popular.Likes(track) > models.Popular.Likes(best[artist]) ? track : best[artist];
            }
        }
        var asked = TopK.Select(likes, Math.Min(ArtistsAsked, likes.Length)).Where(artist => best[artist.Item] >= 0).ToList();
        var most = asked.Count == 0 ? 0 : asked[0].Score;
        return asked.ConvertAll(artist => (
            new OnboardingPick(artist.Item, best[artist.Item], most > 0 ? MathF.Sqrt(Math.Max(0.5f, artist.Score) / Math.Max(0.5f, most)) : 1),
            Place(catalogue, models, artist.Item)));
    }

    private static float[] Place(CatalogueIndex catalogue, ModelSet models, int artist)
    {
        int[] tracks = [.. catalogue.TracksOfArtist(artist).OrderByDescending(models.Popular.Likes).ThenBy(track => track).Take(TracksAsked)];
        var place = new float[models.Taste.Factors];
        foreach (var track in tracks)
        {
            Vectors.AddScaled(place, models.Taste.ItemFactors.Row(track), 1f / tracks.Length);
        }
        return place;
    }

    // Of listeners; where there are none, tastes are as the tracks are.
    private static DenseMatrix Covariance(ModelSet models)
    {
        var d = models.Taste.Factors;
        var all = models.Users > 0 ? models.Users : models.Items;
        var rows = Math.Min(all, ListenersAsked);
        var sample = new DenseMatrix(rows, d);
        var mean = new float[d];
        for (var n = 0; n < rows; n++)
        {
            var row = (int)((long)n * all / rows);
            (models.Users > 0 ? models.Taste.UserFactors(row) : models.Taste.ItemFactors.Row(row)).CopyTo(sample.Row(n));
            Vectors.AddScaled(mean, sample.Row(n), 1f / rows);
        }
        for (var n = 0; n < rows; n++)
        {
            Vectors.AddScaled(sample.Row(n), mean, -1);
        }
        var covariance = sample.Gram(threads: 1);
        foreach (ref var value in covariance.AsSpan())
        {
            value /= Math.Max(1, rows);
        }
        return covariance;
    }

    private static float Spread(DenseMatrix covariance, float[] place)
    {
        float spread = 0;
        for (var f = 0; f < place.Length; f++)
        {
            spread += place[f] * Vectors.Dot(covariance.Row(f), place);
        }
        return Math.Max(0, spread);
    }

    private static void Measure(DenseMatrix covariance, float[] place, float error, float share)
    {
        var turned = new float[place.Length];
        for (var f = 0; f < place.Length; f++)
        {
            turned[f] = Vectors.Dot(covariance.Row(f), place);
        }
        var scale = -share / (error + Math.Max(0, Vectors.Dot(turned, place)));
        for (var f = 0; f < place.Length; f++)
        {
            Vectors.AddScaled(covariance.Row(f), turned, scale * turned[f]);
        }
    }
}

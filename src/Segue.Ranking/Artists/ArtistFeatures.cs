using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Ranking.Artists;

/// <summary>What the second stage looks at, for each candidate of a pool.</summary>
/// <remarks>Scores and ranks of the sources count within the pool, so that models trained on more or on fewer pairs look alike. User factors alone would be the same for all
/// candidates of a user and move nothing, so of the two factors side by side only the item's stand here.</remarks>
/// <param name="turn">Lays the factors onto the axes of another model; null leaves them.</param>
internal sealed class ArtistFeatures(ArtistModels models, int perSource, DenseMatrix? turn = null)
{
    private const int ASource = 3, Others = 4;
    private readonly float _most = MathF.Log(1 + models.Popular.MostLiked.Take(1).Select(models.Popular.Likes).FirstOrDefault());

    /// <summary>Features that are not factors: they stand first.</summary>
    public static int Plain => ArtistModels.Sources.Count * ASource + Others;

    public int Count => Plain + 2 * models.Taste.Factors;

    /// <summary>Names by place.</summary>
    public IEnumerable<string> Names =>
    [
        .. ArtistModels.Sources.SelectMany(source => new[] { $"{source} score", $"{source} rank", $"{source} proposes" }),
        "tag cosine", "popularity", "popularity like the user's", "root of users",
        .. Enumerable.Range(0, models.Taste.Factors).Select(f => $"item factor {f}"),
        .. Enumerable.Range(0, models.Taste.Factors).Select(f => $"product of factors {f}"),
    ];

    /// <summary>The source whose opinion a feature tells: factors are taste's, the cosine of tags that of tags, popularity that of what is popular.</summary>
    public static int SourceOf(int feature)
        => feature < ArtistModels.Sources.Count * ASource ? feature / ASource
            : feature >= Plain ? ArtistModels.TasteSource
            : feature == ArtistModels.Sources.Count * ASource ? ArtistModels.TagSource
            : ArtistModels.PopularSource;

    /// <summary>Shape [candidates × <see cref="Count"/>].</summary>
    public float[][] Of(UserHistory user, ArtistPool pool)
    {
        var listener = models.Tags.Of(user);
        var factors = user.Row is { } row ? models.Taste.UserFactors(row) : models.Taste.FoldIn(user);
        factors = Turned(factors);
        var ownPopularity = user.Items.Count == 0 ? 0 : user.Items.Average(item => Popularity(item));
        var features = new float[pool.Items.Length][];
        for (var n = 0; n < features.Length; n++)
        {
            var (item, values) = (pool.Items[n], new float[Count]);
            var at = ArtistModels.Sources.Count * ASource;
            values[at++] = models.Tags.Cosine(listener, item);
            values[at++] = Popularity(item);
            values[at++] = (Popularity(item) - 0.5f) * (ownPopularity - 0.5f);
            values[at++] = MathF.Sqrt(models.Popular.Likes(item));
            var itemFactors = Turned(models.Taste.ItemFactors.Row(item));
            for (var f = 0; f < factors.Length; f++)
            {
                values[at + f] = itemFactors[f];
                values[at + factors.Length + f] = itemFactors[f] * factors[f];
            }
            features[n] = values;
        }
        GC.KeepAlive(models.Taste);
        for (var source = 0; source < ArtistModels.Sources.Count; source++)
        {
            AddOpinion(features, pool, source);
        }
        return features;
    }

    private void AddOpinion(float[][] features, ArtistPool pool, int source)
    {
        var scores = pool.Scores[source];
        var mean = scores.Length == 0 ? 0 : scores.Average();
        var deviation = scores.Length == 0 ? 0 : Math.Sqrt(scores.Average(score => ((double)score - mean) * (score - mean)));
        for (var n = 0; n < features.Length; n++)
        {
            var rank = pool.Ranks[source][n];
            features[n][source * ASource] = deviation > 0 ? (float)((scores[n] - mean) / deviation) : 0;
            features[n][source * ASource + 1] = -MathF.Log(rank);
            features[n][source * ASource + 2] = rank <= perSource ? 1 : 0;
        }
    }

    private float[] Turned(ReadOnlySpan<float> factors) => turn is null ? factors.ToArray() : Procrustes.Apply(factors, turn);

    private float Popularity(int item) => _most > 0 ? MathF.Log(1 + models.Popular.Likes(item)) / _most : 0;
}

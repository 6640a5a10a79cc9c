using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Tags;

/// <summary>Places items in a space of few dimensions by the words that were put on them.</summary>
/// <remarks>
/// Latent semantic analysis (Deerwester et al., JASIS 1990): an item is a document of tags, weighed ln(1 + count) · ln(1 + items ÷ items with the tag)^idfPower and of
/// length 1; the truncated singular value decomposition U Σ Vᵀ of all documents gives the places U Σ^singularPower, again of length 1. Behind them stand √popularityWeight ·
/// popularity and √freshnessWeight · freshness, both in [0, 1]: ln(1 + users) ÷ that of the most popular, and 2^(−days since the first listen ÷ freshDays).
/// Items without tags have a popularity and a freshness alone. Cost: see <see cref="SparseSvd"/>.
/// </remarks>
public sealed class TagSpaceTrainer(TagSpaceOptions options) : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var places = Places(data, run);
        var d = places?.Columns ?? 0;
        var vectors = new DenseMatrix(data.Items, d + 2);
        var (most, first) = (Math.Log(1 + data.ItemUsers.DefaultIfEmpty().Max()), data.HasAges ? data.FirstListens() : null);
        for (var item = 0; item < data.Items; item++)
        {
            var vector = vectors.Row(item);
            places?.Row(item).CopyTo(vector);
            Vectors.Normalize(vector[..d]);
            vector[d] = (float)(Math.Sqrt(options.PopularityWeight) * (most > 0 ? Math.Log(1 + data.ItemUsers[item]) / most : 0));
            vector[d + 1] = first is { } days && days[item] >= 0 ? (float)(Math.Sqrt(options.FreshnessWeight) * Math.Pow(2, -days[item] / options.FreshDays)) : 0;
        }
        return new TagSpaceModel(options, data.Users, vectors);
    }

    private DenseMatrix? Places(TrainingSet data, TrainingRun run)
    {
        if (Documents(data) is not { Count: > 0 } documents)
        {
            return null;
        }
        var rank = Math.Min(options.Dimensions, Math.Min(documents.Rows, documents.Columns));
        var places = SparseSvd.Project(documents, rank, run.Seed, run.Threads, run.Cancellation);
        var powers = new double[rank];   // σ^(singularPower − 1), for U Σ is what is known
        for (var item = 0; item < places.Rows; item++)
        {
            for (var f = 0; f < rank; f++)
            {
                powers[f] += (double)places.Row(item)[f] * places.Row(item)[f];
            }
        }
        for (var f = 0; f < rank; f++)
        {
            powers[f] = powers[f] > 0 ? Math.Pow(powers[f], (options.SingularPower - 1) / 2) : 0;
        }
        for (var item = 0; item < places.Rows; item++)
        {
            for (var f = 0; f < rank; f++)
            {
                places.Row(item)[f] *= (float)powers[f];
            }
        }
        return places;
    }

    // Items × tags, rows of length 1; null where the data know no tags.
    private CsrMatrix? Documents(TrainingSet data)
    {
        if (data.Tags is not { } tags)
        {
            return null;
        }
        var (itemsWith, tagged) = (new int[tags.Names.Count], 0);
        for (var item = 0; item < tags.Items; item++)
        {
            var row = tags.Counts.Row(item);
            tagged += row.Count > 0 ? 1 : 0;
            foreach (var tag in row.Columns)
            {
                itemsWith[tag]++;
            }
        }
        var elements = new List<(int, int, float)>();
        for (var item = 0; item < tags.Items; item++)
        {
            var row = tags.Counts.Row(item);
            var weights = new float[row.Count];
            for (var n = 0; n < row.Count; n++)
            {
                var items = itemsWith[row.Columns[n]];
                weights[n] = items < options.MinItems ? 0 : (float)(Math.Log(1 + row.Values[n]) * Math.Pow(Math.Log(1 + (double)tagged / items), options.IdfPower));
            }
            Vectors.Normalize(weights);
            for (var n = 0; n < row.Count; n++)
            {
                if (weights[n] > 0)
                {
                    elements.Add((item, row.Columns[n], weights[n]));
                }
            }
        }
        return CsrMatrix.FromTriplets(tags.Items, tags.Names.Count, elements);
    }
}

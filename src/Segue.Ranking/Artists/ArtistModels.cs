using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Similarity;
using Segue.Models.Tags;

namespace Segue.Ranking.Artists;

/// <summary>What the funnel of artists knows: four models of the same rows.</summary>
public sealed record ArtistModels(ImplicitAlsModel Taste, CooccurrenceModel CoListen, TagSpaceModel Tags, MostPopularModel Popular)
{
    /// <summary>The sources of candidates in the order of their columns: <see cref="Model"/> by name.</summary>
    public static IReadOnlyList<string> Sources { get; } = ["taste", "co-listen", "tags", "popular"];

    internal const int TasteSource = 0, TagSource = 2, PopularSource = 3;

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static ArtistModels Train(TrainingSet data, ArtistFunnelOptions options, TrainingRun run)
    {
        T Of<T>(string kind, IReadOnlyDictionary<string, double>? settings) => (T)ModelKinds.Get(kind).Trainer(settings).Train(data, run with { Progress = null });
        return new(
            Of<ImplicitAlsModel>(ImplicitAlsModel.KindName, new Dictionary<string, double>(options.Taste) { ["factors"] = options.Factors }),
            Of<CooccurrenceModel>(CooccurrenceModel.KindName, options.CoListen),
            Of<TagSpaceModel>(TagSpaceModel.KindName, options.Tags),
            Of<MostPopularModel>(MostPopularModel.KindName, null));
    }

    /// <summary>The model behind a source.</summary>
    public IRecommenderModel Model(int source) => source switch
    {
        TasteSource => Taste,
        TagSource => Tags,
        PopularSource => Popular,
        _ => CoListen,
    };
}

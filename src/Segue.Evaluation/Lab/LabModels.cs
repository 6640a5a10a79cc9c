using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;

namespace Segue.Evaluation.Lab;

/// <summary>The radio's models as they are trained on lab worlds.</summary>
public static class LabModels
{
    /// <summary>Settings of the factorization for a world of some thousand tracks: quick, and not searched for.</summary>
    public static IReadOnlyDictionary<string, double> Taste { get; } = new Dictionary<string, double>
    {
        ["factors"] = 32,
        ["sweeps"] = 8,
        ["alpha0"] = 0.1,
        ["lambda"] = 0.02,
    };

    /// <summary>Trains one kind of model with its settings for lab worlds.</summary>
    public static IRecommenderModel Train(string kind, TrainingSet training, TrainingRun run)
        => ModelKinds.Get(kind).Trainer(kind == ImplicitAlsModel.KindName ? Taste : null).Train(training, run);

    /// <summary>Trains all models that the radio needs.</summary>
    public static ModelSet TrainAll(string version, TrainingSet training, TrainingRun run) => new(
        version,
        (ImplicitAlsModel)Train(ImplicitAlsModel.KindName, training, run),
        (CooccurrenceModel)Train(CooccurrenceModel.KindName, training, run),
        (MostPopularModel)Train(MostPopularModel.KindName, training, run));
}

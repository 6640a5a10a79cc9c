using Segue.Models.Factorization;
using Segue.Models.Playlists;
using Segue.Models.Popularity;
using Segue.Models.Similarity;
using Segue.Models.Sittings;
using Segue.Models.Tags;

namespace Segue.Models;

/// <summary>One kind of model that the program knows.</summary>
/// <param name="Summary">One line for a person.</param>
/// <param name="Effort">The setting that a training's time is proportional to, such as its passes: a search may try with less of it first. Null: none.</param>
public sealed record ModelKind(
    string Name,
    string Summary,
    IReadOnlyList<Setting> Settings,
    Func<SettingValues, IModelTrainer> CreateTrainer,
    Func<ModelFile, IRecommenderModel> Load,
    string? Effort = null)
{
    /// <exception cref="ArgumentException">A setting is unknown or out of range.</exception>
    public IModelTrainer Trainer(IReadOnlyDictionary<string, double>? settings = null)
        => CreateTrainer(new SettingValues(Settings, settings ?? new Dictionary<string, double>()));
}

/// <summary>Every kind of model: a new one is one line here.</summary>
public static class ModelKinds
{
    public static IReadOnlyList<ModelKind> All { get; } =
    [
        new(RandomModel.KindName, "uniform chance: the floor", [], _ => new RandomTrainer(), RandomModel.Load),
        new(MostPopularModel.KindName, "items by number of users: the same list for all", [], _ => new MostPopularTrainer(), MostPopularModel.Load),
        new(ImplicitAlsModel.KindName, "matrix factorization by implicit alternating least squares", ImplicitAlsOptions.Schema,
            values => new ImplicitAlsTrainer(ImplicitAlsOptions.From(values)), ImplicitAlsModel.Load, Effort: "sweeps"),
        new(SeparateAlsModel.KindName, "as als, but with factors of their own for listens, votes, playlists and clicks", ImplicitAlsOptions.Schema,
            values => new SeparateAlsTrainer(ImplicitAlsOptions.From(values)), SeparateAlsModel.Load, Effort: "sweeps"),
        new(BprModel.KindName, "matrix factorization that learns an order: Bayesian personalized ranking", BprOptions.Schema,
            values => new BprTrainer(BprOptions.From(values)), BprModel.Load, Effort: "sweeps"),
        new(CooccurrenceModel.KindName, "item-to-item neighbors by windowed co-occurrence", CooccurrenceOptions.Schema,
            values => new CooccurrenceTrainer(CooccurrenceOptions.From(values)), CooccurrenceModel.Load),
        new(TagSpaceModel.KindName, "items near each other by their tags: latent semantic analysis", TagSpaceOptions.Schema,
            values => new TagSpaceTrainer(TagSpaceOptions.From(values)), TagSpaceModel.Load),
        new(PlaylistNeighborsModel.KindName, "item-to-item neighbors on playlists, with at least two users behind each pair", PlaylistNeighborsOptions.Schema,
            values => new PlaylistNeighborsTrainer(PlaylistNeighborsOptions.From(values)), PlaylistNeighborsModel.Load),
        new(SessionNeighborsModel.KindName, "past sittings most like the current one, by common items, their places and age", SessionNeighborsOptions.Schema,
            values => new SessionNeighborsTrainer(SessionNeighborsOptions.From(name => values[name])), SessionNeighborsModel.Load),
        new(TransitionsModel.KindName, "what followed the last items within past sittings", TransitionsOptions.Schema,
            values => new TransitionsTrainer(TransitionsOptions.From(name => values[name])), TransitionsModel.Load),
        new(SessionBlendModel.KindName, "session-neighbors and transitions together", SessionBlendOptions.Schema,
            values => new SessionBlendTrainer(SessionBlendOptions.From(values)), SessionBlendModel.Load),
    ];

    /// <exception cref="ArgumentException">No such kind; the message lists those there are.</exception>
    public static ModelKind Get(string name)
        => All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new ArgumentException($"There is no model '{name}'; there are {string.Join(", ", All.Select(kind => kind.Name))}.");

    /// <summary>Reads any model into memory, and proves every byte of it.</summary>
    /// <exception cref="InvalidDataException">The stream holds no whole model of a known kind.</exception>
    public static IRecommenderModel Load(Stream stream) => Make(ModelFile.ReadFrom(stream));

    /// <summary>Opens the file of any model in place: ready at once, whatever its size.</summary>
    /// <returns>The model, and the file whose <see cref="ModelFile.Verify"/> proves what was not read yet.</returns>
    /// <exception cref="InvalidDataException">The file holds no model of a known kind, or one that is damaged where it was read.</exception>
    public static (IRecommenderModel Model, ModelFile File) Open(string path)
    {
        var file = ModelFile.Open(path);
        return (Make(file), file);
    }

    private static IRecommenderModel Make(ModelFile file)
        => All.FirstOrDefault(kind => kind.Name == file.Kind) is { } kind
            ? kind.Load(file)
            : throw new InvalidDataException($"The file holds a model of the unknown kind '{file.Kind}'.");
}

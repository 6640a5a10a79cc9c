using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Popularity;

/// <summary>Chance: each user meets the items in an order of its own, fixed by the seed.</summary>
public sealed class RandomModel : IRecommenderModel
{
    public const string KindName = "random";
    private readonly ulong _seed;

    internal RandomModel(int users, int items, ulong seed) => (Users, Items, _seed) = (users, items, seed);

    public string Kind => KindName;
    public int Users { get; }
    public int Items { get; }

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        var random = new SeededRandom(_seed, (ulong)(user.Row ?? -1));
        foreach (ref var score in scores)
        {
            score = (float)random.NextDouble();
        }
    }

    public Explanation Explain(UserHistory user, int item) => new(ExplanationBasis.Chance, []);

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, new Dictionary<string, double>());
        file.Add<ulong>("seed", [_seed]);
        file.WriteTo(stream);
    }

    internal static RandomModel Load(ModelFile file) => new(file.Users, file.Items, file.Get<ulong>("seed", 1)[0]);
}

public sealed class RandomTrainer : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double>();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run) => new RandomModel(data.Users, data.Items, run.Seed);
}

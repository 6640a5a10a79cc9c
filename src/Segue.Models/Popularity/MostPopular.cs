using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Popularity;

/// <summary>Items by the number of users who like them: the baseline that every figure has beside it. It also tells how willingly each is heard to its end.</summary>
public sealed class MostPopularModel : IRecommenderModel
{
    public const string KindName = "popular";
    private readonly float[] _likes, _logs, _appeals;

    /// <param name="appeals">See <see cref="AppealOf"/>; null: nothing is known of any.</param>
    internal MostPopularModel(int users, float[] likes, float[]? appeals = null)
    {
        (Users, _likes, _appeals) = (users, likes, appeals ?? new float[likes.Length]);
        _logs = Array.ConvertAll(likes, static count => MathF.Log(1 + count));
        MostLiked = [.. TopK.Select(likes, likes.Length).Select(scored => scored.Item)];
    }

    public string Kind => KindName;
    public int Users { get; }
    public int Items => _likes.Length;

    /// <summary>All items, the most liked first.</summary>
    public IReadOnlyList<int> MostLiked { get; }

    /// <summary>Users who like an item.</summary>
    public float Likes(int item) => _likes[item];

    /// <summary>log(1 + the users who like an item).</summary>
    public float LogLikes(int item) => _logs[item];

    /// <summary>By how much the odds that an item is heard to its end lie above those of its listeners' other plays, as a logarithm, drawn to 0 where few play it: some tenths either way.</summary>
    public float AppealOf(int item) => _appeals[item];

    /// <summary>The same model with items behind that nobody likes yet.</summary>
    internal MostPopularModel WithItems(int items) => new(Users, [.. _likes, .. new float[items - Items]], [.. _appeals, .. new float[items - Items]]);

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        _likes.CopyTo(scores);
    }

    public Explanation Explain(UserHistory user, int item) => new(ExplanationBasis.Popularity, []);

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, new Dictionary<string, double>());
        file.Add("likes", _likes);
        if (Array.Exists(_appeals, static appeal => appeal != 0))
        {
            file.Add("appeals", _appeals);
        }
        file.WriteTo(stream);
    }

    internal static MostPopularModel Load(ModelFile file) => new(file.Users, file.Get<float>("likes", file.Items), file.Has("appeals") ? file.Get<float>("appeals", file.Items) : null);
}

public sealed class MostPopularTrainer : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double>();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
        => new MostPopularModel(data.Users, [.. data.ItemUsers.Select(count => (float)count)], Appeal.Of(data));
}

using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Similarity;

/// <summary>Each item's neighbors; a user's score for an item is the decayed sum over the history of its similarity.</summary>
/// <remarks>Where the history says nothing (an empty one, or items that no neighbor list holds) popularity decides, by a term too
/// small to outweigh any neighbor.</remarks>
public sealed class CooccurrenceModel : IRecommenderModel
{
    public const string KindName = "cooccurrence";
    private const float TieBreak = 1e-6f;
    private readonly CooccurrenceOptions _options;
    private readonly ScoredItem[][] _neighbors;
    private readonly float[] _likes;
    private readonly float _likesScale;
    private readonly bool _isOrdered;

    internal CooccurrenceModel(CooccurrenceOptions options, bool isOrdered, int users, ScoredItem[][] neighbors, float[] likes)
    {
        (_options, _isOrdered, Users, _neighbors, _likes) = (options, isOrdered, users, neighbors, likes);
        _likesScale = TieBreak / Math.Max(1, likes.DefaultIfEmpty().Max());
    }

    public string Kind => KindName;
    public int Users { get; }
    public int Items => _neighbors.Length;

    /// <summary>The nearest items, best first.</summary>
    public ReadOnlySpan<ScoredItem> Neighbors(int item) => _neighbors[item];

    /// <summary>The same model with items behind that have no neighbors; shares this one's lists.</summary>
    internal CooccurrenceModel WithItems(int items)
        => new(_options, _isOrdered, Users, [.. _neighbors, .. Enumerable.Range(Items, items - Items).Select(_ => Array.Empty<ScoredItem>())], [.. _likes, .. new float[items - Items]]);

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _likes[item] * _likesScale;
        }
        for (var n = 0; n < user.Items.Count; n++)
        {
            var weight = HistoryWeight(user, n);
            foreach (var neighbor in _neighbors[user.Items[n]])
            {
                scores[neighbor.Item] += weight * neighbor.Score;
            }
        }
    }

    public Explanation Explain(UserHistory user, int item)
        => Explanation.FromContributions(Enumerable.Range(0, user.Items.Count).Select(n =>
            (user.Items[n], (double)HistoryWeight(user, n) * _neighbors[user.Items[n]].FirstOrDefault(neighbor => neighbor.Item == item).Score)));

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        file.Add("counts", Array.ConvertAll(_neighbors, neighbors => neighbors.Length));
        file.Add<int>("neighbors", [.. _neighbors.SelectMany(neighbors => neighbors.Select(n => n.Item))]);
        file.Add<float>("similarities", [.. _neighbors.SelectMany(neighbors => neighbors.Select(n => n.Score))]);
        file.Add("likes", _likes);
        file.Add<bool>("isOrdered", [_isOrdered]);
        file.WriteTo(stream);
    }

    internal static CooccurrenceModel Load(ModelFile file)
    {
        var counts = file.Get<int>("counts", file.Items);
        var total = counts.Sum(count => (long)count);
        var (items, scores) = (file.Get<int>("neighbors", total), file.Get<float>("similarities", total));
        var neighbors = new ScoredItem[file.Items][];
        var at = 0;
        for (var item = 0; item < neighbors.Length; item++)
        {
            neighbors[item] = new ScoredItem[counts[item]];
            for (var n = 0; n < counts[item]; n++, at++)
            {
                neighbors[item][n] = new(items[at], scores[at]);
            }
        }
        var options = CooccurrenceOptions.From(new SettingValues(CooccurrenceOptions.Schema, file.Settings));
        return new(options, file.Get<bool>("isOrdered", 1)[0], file.Users, neighbors, file.Get<float>("likes", file.Items));
    }

    // One place of a history counts at most once: raw play counts would drown all but one item. Where the training data knew no
    // time, neither does the history, and its items weigh alike.
    private float HistoryWeight(UserHistory user, int place)
        => _isOrdered
            ? Math.Clamp(user.Strengths[place], -1, 1) * (float)Math.Pow(2, -(user.Items.Count - 1 - place) / _options.HalfLife)
            : Math.Sign(user.Strengths[place]);
}

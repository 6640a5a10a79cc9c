using System.Buffers;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Sittings;

/// <summary>A model that goes by the end of a history alone, and scores few items: those that past sittings bring.</summary>
/// <remarks>Where the sitting says nothing popularity decides, by a term too small to outweigh what a sitting brings.</remarks>
public abstract class SittingModel : IRecommenderModel
{
    private const float TieBreak = 1e-6f;
    [ThreadStatic]
    private static TouchedSums? _sums;
    private readonly float[] _likes;
    private readonly float _likesScale;

    private protected SittingModel(int users, float[] likes)
    {
        (Users, _likes) = (users, likes);
        _likesScale = TieBreak / Math.Max(1, likes.DefaultIfEmpty().Max());
    }

    public abstract string Kind { get; }
    public int Users { get; }
    public int Items => _likes.Length;

    private protected ReadOnlySpan<float> Likes => _likes;

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _likes[item] * _likesScale;
        }
        var sums = Ask(user);
        for (var n = 0; n < sums.Count; n++)
        {
            var (item, sum) = sums.At(n);
            scores[item] += sum;
        }
    }

    /// <summary>The items that past sittings bring, best first, equal scores by lower row; those of the history may be among them.</summary>
    /// <param name="user">A history whose items lie inside the model.</param>
    /// <param name="k">Items at most, at least 0; fewer where sittings bring fewer.</param>
    /// <remarks>As <see cref="Score"/> without popularity, but in a time that does not grow with the catalogue; allocates the answer alone.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">k is negative.</exception>
    public ScoredItem[] Propose(UserHistory user, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        var sums = Ask(user);
        var rented = ArrayPool<ScoredItem>.Shared.Rent(sums.Count + 1);
        var brought = 0;
        for (var n = 0; n < sums.Count; n++)
        {
            var (item, sum) = sums.At(n);
            rented[brought] = new(item, sum);
            brought += sum > 0 ? 1 : 0;
        }
        var best = Selection.Best(rented.AsSpan(0, brought), k).ToArray();
        ArrayPool<ScoredItem>.Shared.Return(rented);
        return best;
    }

    public abstract Explanation Explain(UserHistory user, int item);

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, Settings);
        file.Add("likes", _likes);
        AddTo(file, "");
        file.WriteTo(stream);
    }

    private protected abstract IReadOnlyDictionary<string, double> Settings { get; }

    /// <summary>Adds the arrays that are this model's own.</summary>
    internal abstract void AddTo(ModelFile file, string prefix);

    /// <summary>Adds to <paramref name="sums"/>, which are empty, what each item is scored.</summary>
    internal abstract void Gather(UserHistory user, TouchedSums sums);

    /// <summary>What each item of a history brings to the score of <paramref name="item"/>.</summary>
    internal abstract IEnumerable<(int Item, double Value)> Contributions(UserHistory user, int item);

    private TouchedSums Ask(UserHistory user)
    {
        var sums = _sums ??= new();
        sums.Clear();
        Gather(user, sums);
        return sums;
    }
}

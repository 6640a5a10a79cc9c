using System.Collections.Concurrent;
using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Factorization;

/// <summary>Users and items as points of one space; a score is their inner product.</summary>
public sealed class ImplicitAlsModel : IRecommenderModel
{
    public const string KindName = "als";
    private readonly ImplicitAlsOptions _options;
    private readonly DenseMatrix _users;
    private readonly DenseMatrix _gram;
    private readonly TasteWeights _weights;
    private readonly ConcurrentBag<RowSystem> _systems = [];   // scratch, one for each caller at a time

    internal ImplicitAlsModel(ImplicitAlsOptions options, DenseMatrix users, DenseMatrix items)
    {
        (_options, _users, ItemFactors) = (options, users, items);
        _gram = items.Gram(threads: 1);
        _weights = options.Weights;
    }

    public string Kind => KindName;
    public int Users => _users.Rows;
    public int Items => ItemFactors.Rows;

    /// <summary>Latent dimensions d.</summary>
    public int Factors => ItemFactors.Columns;

    /// <summary>Item factors Y, shape [items × d].</summary>
    public DenseMatrix ItemFactors { get; }

    /// <summary>The factors of a user of the training set, length d.</summary>
    public ReadOnlySpan<float> UserFactors(int row) => _users.Row(row);

    /// <summary>The same model with the factors of one user zero.</summary>
    public ImplicitAlsModel WithoutUser(int row)
    {
        var users = new DenseMatrix(_users.Rows, _users.Columns, _users.Values.ToArray());
        users.Row(row).Clear();
        return new(_options, users, ItemFactors);
    }

    /// <summary>The factors that best explain a history, the items being as they were learnt: for a listener the model has not seen,
    /// or who has done something since. O(n d² + d³) for n distinct items.</summary>
    public float[] FoldIn(UserHistory user)
    {
        var (items, weights, targets) = Weigh(user);
        return FoldIn(items, weights, targets);
    }

    /// <summary>The factors that best explain likings of given confidence: for the few signals of a sitting, each with its own weight.</summary>
    /// <param name="items">Rows; a repeated one counts as often.</param>
    /// <param name="confidences">One for each item, above 0; 1 is an interaction as in training.</param>
    public float[] FoldIn(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        var targets = new float[items.Length];
        Array.Fill(targets, 1f);
        return FoldIn(items, confidences, targets);
    }

    public void Score(UserHistory user, Span<float> scores)
        => Score(user.Row is { } row ? UserFactors(row) : FoldIn(user), scores);

    /// <summary>Inner products of <paramref name="factors"/> with every item.</summary>
    public void Score(ReadOnlySpan<float> factors, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = Vectors.Dot(factors, ItemFactors.Row(item));
        }
    }

    public Explanation Explain(UserHistory user, int item) => Explanation.FromContributions(Contributions(user, item));

    /// <summary>What each item of a history adds to the score of one item; the sum is the score that folding in gives, exactly.</summary>
    internal IEnumerable<(int Item, double Value)> Contributions(UserHistory user, int item)
    {
        var (items, weights, targets) = Weigh(user);
        return items.Zip(new ImplicitAlsSolver(_options, ItemFactors, _gram).Contributions(items, weights, targets, item));
    }

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        AddTo(file, "");
        file.WriteTo(stream);
    }

    internal void AddTo(ModelFile file, string prefix)
    {
        file.Add<float>(prefix + "userFactors", _users.Values);
        file.Add<float>(prefix + "itemFactors", ItemFactors.Values);
    }

    internal static ImplicitAlsModel Load(ModelFile file) => Read(file, ImplicitAlsOptions.FromFile(file.Settings), "");

    internal static ImplicitAlsModel Read(ModelFile file, ImplicitAlsOptions options, string prefix)
    {
        var d = options.Factors;
        return new(
            options,
            new DenseMatrix(file.Users, d, file.Get<float>(prefix + "userFactors", (long)file.Users * d)),
            new DenseMatrix(file.Items, d, file.Get<float>(prefix + "itemFactors", (long)file.Items * d)));
    }

    private float[] FoldIn(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        var factors = new float[Factors];
        if (items.Length == 0)
        {
            return factors;
        }
        var system = _systems.TryTake(out var free) ? free : new RowSystem(Factors);
        system.Begin(_gram.Values, (float)_options.Alpha0, _options.PenaltyOf(items.Length, Items));
        system.Add(ItemFactors, items, weights, targets);
        var solved = system.TrySolve(factors);
        _systems.Add(system);
        return solved ? factors : throw new ModelDivergedException("Folding in met a system that is not positive definite; raise lambda.");
    }

    private (int[] Items, float[] Weights, float[] Targets) Weigh(UserHistory user)
    {
        var actions = PairAction.Gather(user.Actions);
        var (items, weights, targets) = (new int[actions.Length], new float[actions.Length], new float[actions.Length]);
        var count = _weights.Weigh(actions, items, weights, targets);
        Array.Resize(ref items, count);
        Array.Resize(ref weights, count);
        Array.Resize(ref targets, count);
        return (items, weights, targets);
    }
}

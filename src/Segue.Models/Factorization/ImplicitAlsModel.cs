using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    private readonly ImmutableHashSet<int> _erased;

    /// <param name="gram">YᵀY; null computes it.</param>
    /// <param name="erased">Users whose factors count as zero, whatever <paramref name="users"/> holds.</param>
    internal ImplicitAlsModel(ImplicitAlsOptions options, DenseMatrix users, DenseMatrix items, DenseMatrix? gram = null, ImmutableHashSet<int>? erased = null)
    {
        (_options, _users, ItemFactors) = (options, users, items);
        _gram = gram ?? items.Gram(threads: 1);
        _weights = options.CreateWeights();
        _erased = erased ?? [];
    }

    public string Kind => KindName;
    public int Users => _users.Rows;
    public int Items => ItemFactors.Rows;

    /// <summary>Latent dimensions d.</summary>
    public int Factors => ItemFactors.Columns;

    internal ImplicitAlsOptions Options => _options;

    /// <summary>What the training was set to, by name.</summary>
    public IReadOnlyDictionary<string, double> Settings => _options.ToSettings();

    /// <summary>Item factors Y, shape [items × d]; may lie in a mapped file, so hold the model while a row is looked at.</summary>
    public DenseMatrix ItemFactors { get; }

    /// <summary>A copy of the factors of a user of the training set, length d; zero for one that was erased.</summary>
    public float[] UserFactors(int row)
    {
        var factors = _users.Row(row);
        var copy = _erased.Contains(row) ? new float[factors.Length] : factors.ToArray();
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>The same model with the factors of one user zero; it shares this one's memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ImplicitAlsModel WithoutUser(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Users, nameof(row));
        return new(_options, _users, ItemFactors, _gram, _erased.Add(row));
    }

    /// <summary>The same model with items behind that it was not trained on; copies the item factors.</summary>
    /// <param name="more">Factors, shape [items × d].</param>
    internal ImplicitAlsModel WithItems(DenseMatrix more)
    {
        var items = new DenseMatrix(Items + more.Rows, Factors);
        for (var row = 0; row < items.Rows; row++)
        {
            (row < Items ? ItemFactors.Row(row) : more.Row(row - Items)).CopyTo(items.Row(row));
        }
        GC.KeepAlive(this);
        return new(_options, _users, items, _gram, _erased);
    }

    /// <summary>The same model with other places of its items; it shares the rest of this one's memory.</summary>
    /// <param name="items">Item factors, shape [items × d].</param>
    /// <remarks>What the model holds of unheard tracks as a whole (YᵀY) stays as it was learnt.</remarks>
    /// <exception cref="ArgumentException">The shape is not that of the items.</exception>
    public ImplicitAlsModel WithItemFactors(DenseMatrix items)
    {
        Shape.RequireSame(items.Rows, Items);
        Shape.RequireSame(items.Columns, Factors);
        return new(_options, _users, items, _gram, _erased);
    }

    /// <summary>XᵀX of the user factors, shape [d × d]; those who were erased count as zero. O(users · d²); the same for any number of threads.</summary>
    public DenseMatrix UserGram(int threads)
    {
        var users = _users;
        if (!_erased.IsEmpty)
        {
            users = new(Users, Factors);
            for (var row = 0; row < Users; row++)
            {
                UserFactors(row).CopyTo(users.Row(row));
            }
        }
        var gram = users.Gram(threads);
        GC.KeepAlive(this);
        return gram;
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
        GC.KeepAlive(this);
    }

    public Explanation Explain(UserHistory user, int item) => Explanation.FromContributions(Contributions(Fold(user), [item]).Told(0));

    /// <summary>As <see cref="FoldIn(UserHistory)"/>, with what it takes to say what each item adds.</summary>
    /// <exception cref="ModelDivergedException">The system is not positive definite.</exception>
    public FoldedTaste Fold(UserHistory user)
    {
        var (items, weights, targets) = Weigh(user);
        return Fold(items, weights, targets);
    }

    /// <summary>As <see cref="FoldIn(ReadOnlySpan{int}, ReadOnlySpan{float})"/>, with what it takes to say what each item adds.</summary>
    /// <param name="items">Rows, each once; kept.</param>
    /// <param name="confidences">One for each item, above 0.</param>
    /// <exception cref="ModelDivergedException">The system is not positive definite.</exception>
    public FoldedTaste Fold(int[] items, ReadOnlySpan<float> confidences)
    {
        var targets = new float[items.Length];
        Array.Fill(targets, 1f);
        return Fold(items, confidences, targets);
    }

    /// <summary>What the items that were folded in add to the scores of some tracks. O(n d + d²) a track.</summary>
    /// <param name="folded">Of this model.</param>
    /// <param name="tracks">Rows of items.</param>
    /// <exception cref="ModelDivergedException">The system is too near to a singular one.</exception>
    public TasteContributions Contributions(FoldedTaste folded, ReadOnlySpan<int> tracks)
    {
        var (items, gains) = (folded.Rows, folded.Gains);
        var values = new float[tracks.Length * items.Length];
        if (values.Length == 0)
        {
            return new(items, values);
        }
        var directions = new float[tracks.Length * Factors];
        for (var t = 0; t < tracks.Length; t++)
        {
            ItemFactors.Row(tracks[t]).CopyTo(directions.AsSpan(t * Factors));
        }
        var system = _systems.TryTake(out var free) ? free : new RowSystem(Factors);
        system.Restore(folded.System);
        var solved = system.TrySolveEach(directions);
        _systems.Add(system);
        if (solved)
        {
            Vectors.DotRows(ItemFactors, items, directions, values);
        }
        for (var from = 0; from < values.Length; from += items.Length)
        {
            var ofTrack = values.AsSpan(from, items.Length);
            for (var n = 0; n < ofTrack.Length; n++)
            {
                ofTrack[n] *= gains[n];
            }
        }
        GC.KeepAlive(this);
        return solved ? new(items, values) : throw Diverged();
    }

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        AddTo(file, "");
        file.WriteTo(stream);
        GC.KeepAlive(this);
    }

    internal void AddTo(ModelFile file, string prefix)
    {
        file.Add(prefix + "userFactors", sizeof(float) * _users.Count, ReadUsers);
        file.Add(prefix + "itemFactors", ItemFactors);
        file.Add(prefix + "gram", _gram);
    }

    internal static ImplicitAlsModel Load(ModelFile file) => Read(file, ImplicitAlsOptions.FromFile(file.Settings), "");

    internal static ImplicitAlsModel Read(ModelFile file, ImplicitAlsOptions options, string prefix)
    {
        var d = options.Factors;
        return new(
            options,
            file.GetMatrix(prefix + "userFactors", file.Users, d),
            file.GetMatrix(prefix + "itemFactors", file.Items, d),
            file.Has(prefix + "gram") ? new DenseMatrix(d, d, file.Get<float>(prefix + "gram", d * d)) : null);   // format 1 had none
    }

    // The users' bytes, with zeros for who was erased.
    private void ReadUsers(long from, Span<byte> target)
    {
        var first = from / sizeof(float);
        var values = MemoryMarshal.Cast<byte, float>(target);
        _users.Elements(first, values.Length).CopyTo(values);
        foreach (var row in _erased)
        {
            var start = Math.Max((long)row * Factors, first);
            var end = Math.Min((row + 1L) * Factors, first + values.Length);
            if (start < end)
            {
                values[(int)(start - first)..(int)(end - first)].Clear();
            }
        }
    }

    private float[] FoldIn(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        var factors = new float[Factors];
        if (items.Length == 0)
        {
            return factors;
        }
        var system = SystemOf(items, weights, targets);
        var solved = system.TrySolve(factors);
        _systems.Add(system);
        GC.KeepAlive(this);
        return solved ? factors : throw Diverged();
    }

    private FoldedTaste Fold(int[] items, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        var factors = new float[Factors];
        if (items.Length == 0)
        {
            return new([], [], factors, []);
        }
        var system = SystemOf(items, weights, targets);
        var kept = system.TryFactor() ? system.Keep() : throw Diverged();
        var solved = system.TrySubstitute(factors);
        _systems.Add(system);
        GC.KeepAlive(this);
        var gains = new float[items.Length];
        for (var n = 0; n < gains.Length; n++)
        {
            gains[n] = weights[n] * targets[n];
        }
        return solved ? new(items, gains, factors, kept) : throw Diverged();
    }

    private RowSystem SystemOf(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        var system = _systems.TryTake(out var free) ? free : new RowSystem(Factors);
        system.Begin(_gram.AsSpan(), (float)_options.Alpha0, _options.PenaltyOf(items.Length, Items));
        system.Add(ItemFactors, items, weights, targets);
        return system;
    }

    private static ModelDivergedException Diverged() => new("Folding in met a system that is not positive definite; raise lambda.");

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

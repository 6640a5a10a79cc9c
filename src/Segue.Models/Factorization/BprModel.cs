using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Factorization;

/// <summary>Users and items as points of one space, and a bias an item; a score is bias and inner product.</summary>
public sealed class BprModel : IRecommenderModel
{
    public const string KindName = "bpr";
    private readonly BprOptions _options;
    private readonly DenseMatrix _users, _items;
    private readonly float[] _biases;

    internal BprModel(BprOptions options, DenseMatrix users, DenseMatrix items, float[] biases)
        => (_options, _users, _items, _biases) = (options, users, items, biases);

    public string Kind => KindName;
    public int Users => _users.Rows;
    public int Items => _items.Rows;

    /// <summary>The factors that order a history as training would, length d; for a user whom the model has not seen.</summary>
    public float[] FoldIn(UserHistory user) => new BprFoldIn(_options, _items, _biases, user).Factors();

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        ReadOnlySpan<float> x = user.Row is { } row ? _users.Row(row) : FoldIn(user);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _biases[item] + Vectors.Dot(x, _items.Row(item));
        }
        GC.KeepAlive(this);
    }

    public Explanation Explain(UserHistory user, int item)
        => Explanation.FromContributions(new BprFoldIn(_options, _items, _biases, user).Contributions(item));

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        file.Add("userFactors", _users);
        file.Add("itemFactors", _items);
        file.Add("itemBiases", _biases);
        file.WriteTo(stream);
        GC.KeepAlive(this);
    }

    internal static BprModel Load(ModelFile file)
    {
        var options = BprOptions.From(new SettingValues(BprOptions.Schema, file.Settings));
        return new(
            options,
            file.GetMatrix("userFactors", file.Users, options.Factors),
            file.GetMatrix("itemFactors", file.Items, options.Factors),
            file.Get<float>("itemBiases", file.Items));
    }
}

using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Tags;

/// <summary>Items by what words were put on them; a listener is the weighted sum of what was played.</summary>
public sealed class TagSpaceModel : IRecommenderModel
{
    public const string KindName = "tags";

    // Beside a cosine next to nothing, so that popularity decides where the history says nothing.
    private const float TieBreak = 1e-6f;
    private readonly TagSpaceOptions _options;
    private readonly DenseMatrix _vectors;

    /// <param name="vectors">Shape [items × (dimensions + 2)]: places of length 1 or 0, popularity, freshness.</param>
    internal TagSpaceModel(TagSpaceOptions options, int users, DenseMatrix vectors) => (_options, Users, _vectors) = (options, users, vectors);

    public string Kind => KindName;
    public int Users { get; }
    public int Items => _vectors.Rows;

    /// <summary>Dimensions of the space, popularity and freshness not counted; 0 where the training knew no tags.</summary>
    public int Dimensions => _vectors.Columns - 2;

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        var listener = Of(user);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = Vectors.Dot(listener, _vectors.Row(item));
        }
        GC.KeepAlive(this);
    }

    /// <summary>Cosine of a listener and an item in the space alone, popularity and freshness left out; in [-1, 1].</summary>
    /// <param name="listener">As <see cref="Of"/> gives it.</param>
    public float Cosine(ReadOnlySpan<float> listener, int item) => Vectors.Cosine(listener[..Dimensions], _vectors.Row(item)[..Dimensions]);

    /// <summary>An item's place in the space, of length 1; all zero where it has no tags. Length <see cref="Dimensions"/>; valid while the model is.</summary>
    public ReadOnlySpan<float> Place(int item) => _vectors.Row(item)[..Dimensions];

    /// <summary>The listener of a history: Σ wᵢ xᵢ ÷ Σ |wᵢ| over its items, w = ± ln(1 + |strength|)^playPower. Length dimensions + 2.</summary>
    public float[] Of(UserHistory user)
    {
        var sum = new float[_vectors.Columns];
        double total = 0;
        for (var n = 0; n < user.Items.Count; n++)
        {
            var weight = Weight(user.Strengths[n]);
            Vectors.AddScaled(sum, _vectors.Row(user.Items[n]), weight);
            total += Math.Abs(weight);
        }
        for (var f = 0; f < sum.Length && total > 0; f++)
        {
            sum[f] /= (float)total;
        }
        sum[^2] += TieBreak;
        return sum;
    }

    public Explanation Explain(UserHistory user, int item)
        => Explanation.FromContributions(Enumerable.Range(0, user.Items.Count).Select(n =>
            (user.Items[n], (double)Weight(user.Strengths[n]) * Vectors.Dot(_vectors.Row(user.Items[n]), _vectors.Row(item)))));

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        file.Add<int>("dimensions", [Dimensions]);
        file.Add("vectors", _vectors);
        file.WriteTo(stream);
    }

    internal static TagSpaceModel Load(ModelFile file)
        => file.Get<int>("dimensions", 1)[0] is >= 0 and <= 2000 and var dimensions
            ? new(TagSpaceOptions.From(new(TagSpaceOptions.Schema, file.Settings)), file.Users, file.GetMatrix("vectors", file.Items, dimensions + 2))
            : throw new InvalidDataException("The model's dimensions lie outside 0 to 2000.");

    private float Weight(float strength) => Math.Sign(strength) * (float)Math.Pow(Math.Log(1 + Math.Abs(strength)), _options.PlayPower);
}

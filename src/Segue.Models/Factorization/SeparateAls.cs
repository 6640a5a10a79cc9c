using Segue.Core;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Factorization;

/// <summary>Factors of their own for each group of actions, side by side: the alternative to shared ones.</summary>
/// <remarks>Groups are listens with skips, votes, playlists and clicks; those of weight 0 have no part. Each gets d ÷ (number of groups) dimensions, at least 1,
/// learns from its own actions alone, and its scores count by its greatest weight. <c>docs/adr/0014-shared-factors.md</c> compares the two.</remarks>
public sealed class SeparateAlsModel : IRecommenderModel
{
    public const string KindName = "als-separate";
    private static readonly InteractionAction[][] Groups =
    [
        [InteractionAction.Listen, InteractionAction.Skip],
        [InteractionAction.VoteUp, InteractionAction.VoteDown],
        [InteractionAction.PlaylistAdd],
        [InteractionAction.Click],
    ];

    private readonly ImplicitAlsOptions _options;
    private readonly (float Share, ImplicitAlsModel Model)[] _parts;

    internal SeparateAlsModel(ImplicitAlsOptions options, int users, int items, IEnumerable<ImplicitAlsModel> parts)
    {
        (_options, Users, Items) = (options, users, items);
        var greatest = PartsOf(options).Sum(part => part.Greatest);
        _parts = [.. PartsOf(options).Zip(parts, (part, model) => ((float)(part.Greatest / greatest), model))];
    }

    public string Kind => KindName;
    public int Users { get; }
    public int Items { get; }

    public void Score(UserHistory user, Span<float> scores)
    {
        Shape.RequireSame(scores.Length, Items);
        scores.Clear();
        var part = new float[Items];
        foreach (var (share, model) in _parts)
        {
            model.Score(user, part);
            Vectors.AddScaled(scores, part, share);
        }
    }

    public Explanation Explain(UserHistory user, int item) => Explanation.FromContributions(
        _parts.SelectMany(part => part.Model.Contributions(part.Model.Fold(user), [item]).Told(0).Select(told => (told.Item, part.Share * told.Value))));

    public void Save(Stream stream)
    {
        var file = new ModelFile(Kind, Users, Items, _options.ToSettings());
        for (var n = 0; n < _parts.Length; n++)
        {
            _parts[n].Model.AddTo(file, SectionOf(n));
        }
        file.WriteTo(stream);
        GC.KeepAlive(this);
    }

    internal static SeparateAlsModel Load(ModelFile file)
    {
        var options = ImplicitAlsOptions.FromFile(file.Settings);
        return new(options, file.Users, file.Items, PartsOf(options).Select((part, n) => ImplicitAlsModel.Read(file, part.Options, SectionOf(n))));
    }

    /// <summary>The options of each group that has a weight, and its greatest weight.</summary>
    internal static (ImplicitAlsOptions Options, double Greatest)[] PartsOf(ImplicitAlsOptions options)
    {
        var weighing = Groups.Where(group => group.Any(action => options.Terms[action].Weight > 0)).ToArray();
        return [.. weighing.Select(group =>
        {
            var greatest = group.Max(action => options.Terms[action].Weight);
            var terms = options.Terms.ToDictionary(
                term => term.Key, term => term.Value with { Weight = group.Contains(term.Key) ? term.Value.Weight / greatest : 0 });
            return (options with { Factors = Math.Max(1, options.Factors / weighing.Length), Terms = terms }, greatest);
        })];
    }

    private static string SectionOf(int part) => FormattableString.Invariant($"{part}.");
}

/// <summary>Learns a <see cref="SeparateAlsModel"/>: one run of <see cref="ImplicitAlsTrainer"/> a group.</summary>
public sealed class SeparateAlsTrainer(ImplicitAlsOptions options) : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run) => new SeparateAlsModel(
        options, data.Users, data.Items,
        [.. SeparateAlsModel.PartsOf(options).Select(part => (ImplicitAlsModel)new ImplicitAlsTrainer(part.Options).Train(data, run with { Progress = null }))]);
}

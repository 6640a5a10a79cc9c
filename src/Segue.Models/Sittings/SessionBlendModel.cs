using Segue.Features.Interactions;

namespace Segue.Models.Sittings;

/// <summary>Neighboring sittings and transitions together: neighbors find what fits a sitting, transitions what comes right after its last item.</summary>
/// <remarks>score = (1 − w) · neighbors ÷ their largest + w · transitions ÷ their largest; where one says nothing the other decides alone.</remarks>
public sealed class SessionBlendModel : SittingModel
{
    public const string KindName = "session-blend";
    private const string OfNeighbors = "neighbors.", OfTransitions = "transitions.";
    [ThreadStatic]
    private static TouchedSums? _part;
    private readonly SessionBlendOptions _options;
    private readonly (SittingModel Model, double Weight)[] _parts;

    internal SessionBlendModel(SessionBlendOptions options, SessionNeighborsModel neighbors, TransitionsModel transitions, float[] likes)
        : base(neighbors.Users, likes)
    {
        _options = options;
        _parts = [(neighbors, 1 - options.Transitions), (transitions, options.Transitions)];
    }

    public override string Kind => KindName;

    private protected override IReadOnlyDictionary<string, double> Settings => _options.ToSettings();

    public override Explanation Explain(UserHistory user, int item) => Explanation.FromContributions(Contributions(user, item));

    internal override void Gather(UserHistory user, TouchedSums sums)
    {
        var (first, second) = (_parts[0], _parts[1]);
        first.Model.Gather(user, sums);   // in place: there is nothing in them yet
        sums.Scale(ScaleOf(sums, first.Weight));
        var (part, scale) = Ask(second.Model, user, second.Weight);
        for (var n = 0; scale > 0 && n < part.Count; n++)
        {
            var (item, sum) = part.At(n);
            sums.Add(item, scale * sum);
        }
    }

    internal override IEnumerable<(int Item, double Value)> Contributions(UserHistory user, int item)
        => _parts.SelectMany(of =>
        {
            var scale = Ask(of.Model, user, of.Weight).Scale;
            return of.Model.Contributions(user, item).Select(part => (part.Item, scale * part.Value));
        });

    internal override void AddTo(ModelFile file, string prefix)
    {
        _parts[0].Model.AddTo(file, prefix + OfNeighbors);
        _parts[1].Model.AddTo(file, prefix + OfTransitions);
    }

    internal static SessionBlendModel Load(ModelFile file)
    {
        var options = SessionBlendOptions.From(new(SessionBlendOptions.Schema, file.Settings));
        return new(
            options, SessionNeighborsModel.From(file, OfNeighbors, options.NeighborsOptions), TransitionsModel.From(file, OfTransitions, options.TransitionsOptions),
            file.Get<float>("likes", file.Items));
    }

    // A part's sums, and what makes its best item score its weight; 0 where it says nothing.
    private static (TouchedSums Sums, float Scale) Ask(SittingModel model, UserHistory user, double weight)
    {
        var part = _part ??= new();
        part.Clear();
        model.Gather(user, part);
        return (part, ScaleOf(part, weight));
    }

    private static float ScaleOf(TouchedSums part, double weight) => part.Largest() is > 0 and var largest && weight > 0 ? (float)(weight / largest) : 0;
}

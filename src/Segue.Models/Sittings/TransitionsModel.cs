using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Sittings;

/// <summary>What follows the last items of a history: rules a → b with the weights of <see cref="TransitionsTrainer"/>, in flat arrays.</summary>
/// <remarks>A question costs O(recent · rules); 8 bytes a rule.</remarks>
public sealed class TransitionsModel : SittingModel
{
    public const string KindName = "transitions";
    [ThreadStatic]
    private static CurrentSitting? _current;
    private readonly TransitionsOptions _options;
    private readonly bool _isOrdered;
    private readonly int[] _starts;
    private readonly int[] _targets;
    private readonly float[] _weights;

    internal TransitionsModel(TransitionsOptions options, bool isOrdered, int users, ScoredItem[][] rules, float[] likes)
        : this(options, isOrdered, users, Array.ConvertAll(rules, of => of.Length), [.. rules.SelectMany(of => of.Select(rule => rule.Item))],
            [.. rules.SelectMany(of => of.Select(rule => rule.Score))], likes)
    {
    }

    private TransitionsModel(TransitionsOptions options, bool isOrdered, int users, int[] counts, int[] targets, float[] weights, float[] likes)
        : base(users, likes)
    {
        (_options, _isOrdered, _targets, _weights) = (options, isOrdered, targets, weights);
        _starts = new int[counts.Length + 1];
        for (var item = 0; item < counts.Length; item++)
        {
            _starts[item + 1] = _starts[item] + counts[item];
        }
    }

    public override string Kind => KindName;

    private protected override IReadOnlyDictionary<string, double> Settings => _options.ToSettings();

    public override Explanation Explain(UserHistory user, int item) => Explanation.FromContributions(Contributions(user, item));

    internal override void Gather(UserHistory user, TouchedSums sums)
    {
        var current = Current(user);
        for (var n = 0; n < current.Items.Length; n++)
        {
            for (var (rule, end) = (_starts[current.Items[n]], _starts[current.Items[n] + 1]); rule < end; rule++)
            {
                sums.Add(_targets[rule], current.Weights[n] * _weights[rule]);
            }
        }
    }

    internal override IEnumerable<(int Item, double Value)> Contributions(UserHistory user, int item)
    {
        var current = Current(user);
        var parts = new List<(int, double)>();
        for (var n = 0; n < current.Items.Length; n++)
        {
            var from = _starts[current.Items[n]];
            if (_targets.AsSpan(from.._starts[current.Items[n] + 1]).IndexOf(item) is >= 0 and var rule)
            {
                parts.Add((current.Items[n], (double)current.Weights[n] * _weights[from + rule]));
            }
        }
        return parts;
    }

    internal override void AddTo(ModelFile file, string prefix)
    {
        file.Add<int>(prefix + "counts", [.. Enumerable.Range(0, Items).Select(item => _starts[item + 1] - _starts[item])]);
        file.Add(prefix + "targets", _targets);
        file.Add(prefix + "weights", _weights);
        file.Add<bool>(prefix + "isOrdered", [_isOrdered]);
    }

    internal static TransitionsModel Load(ModelFile file)
    {
        var values = new SettingValues(TransitionsOptions.Schema, file.Settings);
        return From(file, "", TransitionsOptions.From(name => values[name]));
    }

    internal static TransitionsModel From(ModelFile file, string prefix, TransitionsOptions options)
    {
        var counts = file.Get<int>(prefix + "counts", file.Items);
        var total = counts.Sum(count => (long)count);
        return new(
            options, file.Get<bool>(prefix + "isOrdered", 1)[0], file.Users, counts,
            file.Get<int>(prefix + "targets", total), file.Get<float>(prefix + "weights", total), file.Get<float>("likes", file.Items));
    }

    private CurrentSitting Current(UserHistory user)
    {
        var current = _current ??= new();
        current.Take(user, _isOrdered, _options.Recent, _options.PositionPower);
        return current;
    }
}

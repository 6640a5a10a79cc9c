using Segue.Core;

namespace Segue.Features.Interactions;

/// <summary>How one action counts in the collective factorization.</summary>
/// <param name="Weight">ω_a, at least 0; 0 leaves the action out.</param>
/// <param name="Target">What the action is fitted to, in [-1, 1]: 1 a liking, below 0 a refusal.</param>
/// <param name="HalfLife">Days after which it weighs half; 0: it never fades.</param>
public readonly record struct ActionTerm(double Weight, double Target, double HalfLife = 0);

/// <summary>From what a user did to the weights c and targets p that are fitted (<c>docs/notation.md</c>): the same for matrices on disk, for
/// training in memory and for folding in.</summary>
/// <remarks>
/// An action of amount s and age t weighs ω_a · f(s) · 2^(−t / half-life), with f(s) = 1 + w · log(1 + s / the user's mean) for listens and
/// log₂(1 + s) for all else. The actions of a pair become one weight and one target, which changes no minimum
/// (<see cref="Segue.Numerics.Sparse.WeightCodebook"/>).
/// </remarks>
public sealed class TasteWeights
{
    private readonly ActionTerm[] _terms;
    private readonly double _countWeight;

    /// <param name="terms">Actions that are not named weigh nothing.</param>
    /// <param name="countWeight">w, at least 0.</param>
    /// <exception cref="ArgumentException">A number is not finite or out of range; the message names it.</exception>
    public TasteWeights(IReadOnlyDictionary<InteractionAction, ActionTerm> terms, double countWeight)
    {
        Require("countWeight", countWeight, 0, double.MaxValue);
        _countWeight = countWeight;
        _terms = new ActionTerm[Enum.GetValues<InteractionAction>().Max(action => (int)action) + 1];
        foreach (var (action, term) in terms)
        {
            Require($"the weight of {action}", term.Weight, 0, float.MaxValue);
            Require($"the target of {action}", term.Target, -1, 1);
            Require($"the half-life of {action}", term.HalfLife, 0, double.MaxValue);
            _terms[(int)action] = term;
        }
    }

    /// <summary>w, at least 0.</summary>
    public double CountWeight => _countWeight;

    public ActionTerm this[InteractionAction action] => _terms[(int)action];

    /// <summary>Weighs a user's row.</summary>
    /// <param name="row">Ascending by item.</param>
    /// <param name="items">Receives the distinct items of weight above 0; as long as <paramref name="row"/>, as are the next two.</param>
    /// <param name="weights">Receives c > 0.</param>
    /// <param name="targets">Receives p in [-1, 1].</param>
    /// <returns>How many items.</returns>
    public int Weigh(ReadOnlySpan<PairAction> row, Span<int> items, Span<float> weights, Span<float> targets)
    {
        var mean = _countWeight > 0 ? MeanListens(row) : 1;
        var count = 0;
        for (var n = 0; n < row.Length;)
        {
            var item = row[n].Item;
            double weight = 0, pull = 0;
            for (; n < row.Length && row[n].Item == item; n++)
            {
                var part = WeightOf(row[n], mean);
                weight += part;
                pull += part * _terms[(int)row[n].Action].Target;
            }
            if ((float)weight > 0)
            {
                (items[count], weights[count], targets[count]) = (item, (float)weight, (float)Math.Clamp(pull / weight, -1, 1));
                count++;
            }
        }
        return count;
    }

    private double WeightOf(in PairAction entry, double mean)
    {
        var term = _terms[(int)entry.Action];
        if (term.Weight == 0)
        {
            return 0;
        }
        var often = entry.Action != InteractionAction.Listen ? Math.Log2(1 + entry.Amount)
            : _countWeight > 0 ? 1 + _countWeight * Math.Log(1 + entry.Amount / mean)
            : 1;
        return term.Weight * often * (term.HalfLife > 0 ? Math.Pow(2, -entry.Age / term.HalfLife) : 1);
    }

    private static double MeanListens(ReadOnlySpan<PairAction> row)
    {
        double sum = 0;
        var count = 0;
        foreach (ref readonly var entry in row)
        {
            if (entry.Action == InteractionAction.Listen)
            {
                sum += entry.Amount;
                count++;
            }
        }
        return count == 0 ? 1 : sum / count;
    }

    private static void Require(string name, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}: give a number from {min} to {max}."));
        }
    }
}

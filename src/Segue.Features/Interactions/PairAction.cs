using Segue.Core;

namespace Segue.Features.Interactions;

/// <summary>All that one user did to one item by one action.</summary>
/// <param name="Amount">How often, above 0; of skips the sum of the shares not heard.</param>
/// <param name="Age">Days from the newest of them to the moment of training, at least 0; 0 where time is not known.</param>
public readonly record struct PairAction(int Item, InteractionAction Action, float Amount, float Age);

/// <summary>Each user's pairs and actions in memory, 16 bytes each: by item, then by action.</summary>
public sealed class ActionRows
{
    private readonly long[] _starts;
    private readonly PairAction[] _entries;

    private ActionRows(long[] starts, PairAction[] entries) => (_starts, _entries) = (starts, entries);

    public int Users => _starts.Length - 1;
    public int Count => _entries.Length;

    /// <summary>Ascending by item, then by action; each action of an item once.</summary>
    public ReadOnlySpan<PairAction> Row(int user) => _entries.AsSpan((int)_starts[user], (int)(_starts[user + 1] - _starts[user]));

    /// <summary>Gathers what happened, in any order: amounts of one pair and action add up, the least age holds.</summary>
    /// <exception cref="ArgumentException">A user lies outside, an amount is not above 0 and finite, or an age is below 0 or not finite.</exception>
    public static ActionRows Gather(int users, IEnumerable<(int User, PairAction Action)> happened)
    {
        var sums = new Dictionary<(int User, int Item, InteractionAction Action), (double Amount, float Age)>();
        foreach (var (user, (item, action, amount, age)) in happened)
        {
            if ((uint)user >= (uint)users || item < 0 || !(amount > 0) || !float.IsFinite(amount) || !(age >= 0) || !float.IsFinite(age))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"{action} of item {item} by user {user} with amount {amount} and age {age}: give one of {users} users, an amount above 0, an age of at least 0."));
            }
            var before = sums.TryGetValue((user, item, action), out var sum) ? sum : (0, age);
            sums[(user, item, action)] = (before.Amount + amount, Math.Min(before.Age, age));
        }
        var starts = new long[users + 1];
        var entries = new PairAction[sums.Count];
        var n = 0;
        foreach (var ((user, item, action), (amount, age)) in sums.OrderBy(sum => sum.Key))
        {
            entries[n++] = new(item, action, (float)amount, age);
            starts[user + 1]++;
        }
        for (var user = 0; user < users; user++)
        {
            starts[user + 1] += starts[user];
        }
        return new(starts, entries);
    }
}

using System.Runtime.InteropServices;
using Segue.Core;

namespace Segue.Features.Interactions;

/// <summary>All that one user did to one item by one action.</summary>
/// <param name="Amount">How often, above 0; of skips the sum of the shares not heard.</param>
/// <param name="Age">Days from the newest of them to the moment of training, at least 0; 0 where time is not known.</param>
public readonly record struct PairAction(int Item, InteractionAction Action, float Amount, float Age)
{
    /// <summary>One user's actions in order, each action of an item once: amounts add up, the least age holds.</summary>
    public static PairAction[] Gather(IReadOnlyCollection<PairAction> happened)
    {
        PairAction[] entries = [.. happened];
        Array.Sort(entries, static (a, b) => Compare(a, b));
        return entries.AsSpan(0, Merge(entries)).ToArray();
    }

    // What is ordered by Compare becomes one entry for each item and action, in place. Returns how many.
    internal static int Merge(Span<PairAction> ordered)
    {
        var last = -1;
        double amount = 0;
        foreach (var entry in ordered)
        {
            if (last < 0 || entry.Item != ordered[last].Item || entry.Action != ordered[last].Action)
            {
                ordered[++last] = entry;
                amount = entry.Amount;
                continue;
            }
            amount += entry.Amount;
            ordered[last] = ordered[last] with { Amount = (float)amount, Age = Math.Min(ordered[last].Age, entry.Age) };
        }
        return last + 1;
    }

    // By all they hold, so that a sum does not depend on the order in which its parts came.
    internal static int Compare(in PairAction a, in PairAction b)
        => a.Item != b.Item ? a.Item.CompareTo(b.Item)
            : a.Action != b.Action ? a.Action.CompareTo(b.Action)
            : a.Amount != b.Amount ? a.Amount.CompareTo(b.Amount)
            : a.Age.CompareTo(b.Age);

    /// <summary>What strengths stand for where nothing else is known: so many listens, or a skip of that amount; a strength of 0 is nothing.</summary>
    internal static IEnumerable<PairAction> OfStrengths(IReadOnlyList<int> items, IReadOnlyList<float> strengths)
    {
        for (var n = 0; n < items.Count; n++)
        {
            if (strengths[n] != 0)
            {
                yield return new(items[n], strengths[n] > 0 ? InteractionAction.Listen : InteractionAction.Skip, Math.Abs(strengths[n]), 0);
            }
        }
    }
}

/// <summary>Each user's pairs and actions in memory, 16 bytes each: by item, then by action.</summary>
public sealed class ActionRows
{
    private readonly long[] _starts;
    private readonly PairAction[] _entries;

    private ActionRows(long[] starts, PairAction[] entries) => (_starts, _entries) = (starts, entries);

    public int Users => _starts.Length - 1;
    public int Count => _entries.Length;

    /// <summary>The actions that somebody did.</summary>
    public IReadOnlySet<InteractionAction> Kinds => _entries.Select(entry => entry.Action).ToHashSet();

    /// <summary>Days; 0 where time is not known.</summary>
    public float OldestAge => _entries.Length == 0 ? 0 : _entries.Max(entry => entry.Age);

    /// <summary>Ascending by item, then by action; each action of an item once.</summary>
    public ReadOnlySpan<PairAction> Row(int user) => _entries.AsSpan((int)_starts[user], (int)(_starts[user + 1] - _starts[user]));

    /// <summary>Gathers what happened, in any order: amounts of one pair and action add up, the least age holds.</summary>
    /// <exception cref="ArgumentException">A user lies outside, an amount is not above 0 and finite, or an age is below 0 or not finite.</exception>
    public static ActionRows Gather(int users, IEnumerable<(int User, PairAction Action)> happened)
    {
        var all = new List<(int User, PairAction Action)>();
        foreach (var (user, entry) in happened)
        {
            Require(users, user, entry);
            all.Add((user, entry));
        }
        var ordered = CollectionsMarshal.AsSpan(all);
        ordered.Sort(static (a, b) => a.User != b.User ? a.User.CompareTo(b.User) : PairAction.Compare(a.Action, b.Action));
        var (starts, entries) = (new long[users + 1], new PairAction[all.Count]);
        var end = 0;
        for (var n = 0; n < ordered.Length;)
        {
            var (from, user) = (n, ordered[n].User);
            for (; n < ordered.Length && ordered[n].User == user; n++)
            {
                entries[end + n - from] = ordered[n].Action;
            }
            var merged = PairAction.Merge(entries.AsSpan(end, n - from));
            starts[user + 1] = merged;
            end += merged;
        }
        for (var user = 0; user < users; user++)
        {
            starts[user + 1] += starts[user];
        }
        return new(starts, entries.AsSpan(0, end).ToArray());
    }

    private static void Require(int users, int user, in PairAction entry)
    {
        if ((uint)user >= (uint)users || entry.Item < 0 || !(entry.Amount > 0) || !float.IsFinite(entry.Amount) || !(entry.Age >= 0) || !float.IsFinite(entry.Age))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{entry.Action} of item {entry.Item} by user {user} with amount {entry.Amount} and age {entry.Age}: give one of {users} users, an amount above 0, an age of at least 0."));
        }
    }
}

using Segue.Numerics;

namespace Segue.Features.Interactions;

/// <summary>A training set without a seeded part of each user's likings, and that part.</summary>
/// <param name="Train">All that was not held out; users, items and tags as before.</param>
/// <param name="Answers">The items held out, by user ascending; users of fewer than two likings have none.</param>
public sealed record HeldOutPairs(TrainingSet Train, IReadOnlyDictionary<int, IReadOnlySet<int>> Answers)
{
    /// <param name="share">Of each user's likings, rounded up; in (0, 1).</param>
    /// <param name="seed">Each user has an own stream of it.</param>
    public static HeldOutPairs Of(TrainingSet data, double share, ulong seed)
    {
        var kept = new List<(int, int, float)>();
        var answers = new SortedDictionary<int, IReadOnlySet<int>>();
        for (var user = 0; user < data.Users; user++)
        {
            var row = data.Strengths.Row(user);
            var random = new SeededRandom(seed, (ulong)user);
            var order = Enumerable.Range(0, row.Count).ToArray();
            random.Shuffle<int>(order);
            var left = Count(row, share);
            var held = new HashSet<int>();
            foreach (var place in order)
            {
                var (item, strength) = (row.Columns[place], row.Values[place]);
                if (strength <= 0 || left-- <= 0)
                {
                    kept.Add((user, item, strength));
                }
                else
                {
                    held.Add(item);
                }
            }
            if (held.Count > 0)
            {
                answers.Add(user, held);
            }
        }
        bool IsHeld(int user, int item) => answers.TryGetValue(user, out var held) && held.Contains(item);
        var actions = ActionRows.Gather(data.Users, Enumerable.Range(0, data.Users).SelectMany(user =>
            data.Actions.Row(user).ToArray().Where(action => !IsHeld(user, action.Item)).Select(action => (user, action))));
        int[][]? sequences = !data.IsOrdered ? null
            : [.. Enumerable.Range(0, data.Users).Select(user => Array.FindAll(data.Sequence(user).ToArray(), item => !IsHeld(user, item)))];
        return new(new(CsrMatrix.FromTriplets(data.Users, data.Items, kept), sequences, actions) { Tags = data.Tags }, answers);
    }

    private static int Count(SparseRow row, double share)
    {
        var liked = 0;
        foreach (var strength in row.Values)
        {
            liked += strength > 0 ? 1 : 0;
        }
        return liked < 2 ? 0 : (int)Math.Ceiling(liked * share);
    }
}

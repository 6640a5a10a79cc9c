namespace Segue.Ranking.Rules;

/// <summary>A list and, where it is shorter than asked for, which rules ended it.</summary>
/// <param name="KeptOut">Candidates that were left at the end, by the first rule that kept them out.</param>
public sealed record PickedList(IReadOnlyList<RankedTrack> Tracks, IReadOnlyDictionary<string, int> KeptOut);

/// <summary>Takes a list from a ranking under rules, one track after the other.</summary>
/// <remarks>At each place comes, of the candidates that every rule without exception allows, one that breaks the fewest other rules; of those the one
/// of the highest score, changes included; of equal ones that which the ranking names first. Candidates of lower scores than could win are not looked at: O(count · ranking · rules) at worst.</remarks>
public static class ListPicker
{
    /// <param name="rules">Made for this scene, and used for no other list.</param>
    /// <param name="count">Tracks wanted; fewer come where no others may.</param>
    public static PickedList Pick(ListScene scene, IReadOnlyList<ListRule> rules, int count)
    {
        ListRule[] strict = [.. rules.Where(rule => !rule.Yields)];
        ListRule[] yielding = [.. rules.Where(rule => rule.Yields)];
        var left = Enumerable.Range(0, scene.Ranking.Count).ToList();
        var picked = new List<RankedTrack>(Math.Min(count, left.Count));
        while (picked.Count < count && BestOf(left, scene, rules, strict, yielding) is >= 0 and var best)
        {
            var candidate = left[best];
            picked.Add(scene.Ranking[candidate]);
            left.RemoveAt(best);
            foreach (var rule in rules)
            {
                rule.Take(candidate);
            }
        }
        return new(picked, picked.Count == count ? new Dictionary<string, int>() : KeptOut(left, strict));
    }

    private static int BestOf(List<int> left, ListScene scene, IReadOnlyList<ListRule> rules, ListRule[] strict, ListRule[] yielding)
    {
        var (best, bestScore, fewestBroken) = (-1, float.NegativeInfinity, int.MaxValue);
        for (var n = 0; n < left.Count; n++)
        {
            var candidate = left[n];
            if (best >= 0 && fewestBroken == 0 && Most(scene.Ranking[candidate].Score, rules) <= bestScore)
            {
                break;   // nor can any behind it
            }
            var broken = Broken(candidate, yielding);
            if (broken > fewestBroken || Broken(candidate, strict) > 0)
            {
                continue;
            }
            var score = scene.Ranking[candidate].Score;
            foreach (var rule in rules)
            {
                score += rule.Change(candidate);
            }
            if (best < 0 || broken < fewestBroken || score > bestScore)
            {
                (best, bestScore, fewestBroken) = (n, score, broken);
            }
        }
        return best;
    }

    // Added up as scores are, so that rounding cannot make it less.
    private static float Most(float score, IReadOnlyList<ListRule> rules)
    {
        foreach (var rule in rules)
        {
            score += rule.MostAdded;
        }
        return score;
    }

    private static int Broken(int candidate, ListRule[] rules)
    {
        var broken = 0;
        foreach (var rule in rules)
        {
            broken += rule.Allows(candidate) ? 0 : 1;
        }
        return broken;
    }

    private static Dictionary<string, int> KeptOut(List<int> left, ListRule[] strict)
        => left.GroupBy(candidate => strict.First(rule => !rule.Allows(candidate)).Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}

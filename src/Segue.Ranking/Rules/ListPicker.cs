namespace Segue.Ranking.Rules;

/// <summary>A list and, where it is shorter than asked for, which rules ended it.</summary>
/// <param name="KeptOut">Candidates that were left at the end, by the first rule that kept them out.</param>
public sealed record PickedList(IReadOnlyList<RankedTrack> Tracks, IReadOnlyDictionary<string, int> KeptOut);

/// <summary>Takes a list from a ranking under rules, one track after the other.</summary>
/// <remarks>At each place comes, of the candidates that every rule without exception allows, one that breaks the fewest other rules; of those the one
/// of the highest score, changes included; of equal ones that which the ranking names first. Candidates that could not win are not looked at, by their scores or by what was found of them before (<see cref="ListRule.OnlyFalls"/>): O(count · ranking · rules) at worst.</remarks>
public static class ListPicker
{
    /// <param name="rules">Made for this scene, and used for no other list.</param>
    /// <param name="count">Tracks wanted; fewer come where no others may.</param>
    public static PickedList Pick(ListScene scene, IReadOnlyList<ListRule> rules, int count)
    {
        var picker = new Picking(scene, rules);
        var picked = new List<RankedTrack>(Math.Min(count, scene.Ranking.Count));
        while (picked.Count < count && picker.Best() is >= 0 and var best)
        {
            picked.Add(scene.Ranking[picker.Take(best)]);
        }
        return new(picked, picked.Count == count ? new Dictionary<string, int>() : KeptOut(picker.Left, picker.Strict));
    }

    /// <summary>What is left to pick from.</summary>
    private sealed class Picking
    {
        private readonly ListRule[] _rules, _yielding;
        private readonly ListScene _scene;
        private readonly int[] _left;
        private readonly float[] _most;   // by place: no score of the candidate will be above it
        private readonly float[] _added;
        private readonly bool[] _falls;   // likewise by rule
        private int _count, _looked;   // the first so many places were looked at

        public Picking(ListScene scene, IReadOnlyList<ListRule> rules)
        {
            (_rules, Strict, _yielding) = ([.. rules], [.. rules.Where(rule => !rule.Yields)], [.. rules.Where(rule => rule.Yields)]);
            (_scene, _count, _left, _most) = (scene, scene.Ranking.Count, new int[scene.Ranking.Count], new float[scene.Ranking.Count]);
            (_added, _falls) = (Array.ConvertAll(_rules, static rule => rule.MostAdded), Array.ConvertAll(_rules, static rule => rule.OnlyFalls));
            for (var n = 0; n < _count; n++)
            {
                _left[n] = n;
            }
        }

        public ListRule[] Strict { get; }

        public ReadOnlySpan<int> Left => _left.AsSpan(0, _count);

        /// <returns>Its place among <see cref="Left"/>; -1 where none may come.</returns>
        public int Best()
        {
            var (best, bestScore, fewestBroken) = (-1, float.NegativeInfinity, int.MaxValue);
            for (var n = 0; n < _count; n++)
            {
                if (n == _looked)
                {
                    (_most[n], _looked) = (Most(_scene.Score(_left[n])), n + 1);
                    if (fewestBroken == 0 && _most[n] <= bestScore)
                    {
                        break;   // nor can any behind it
                    }
                }
                if (fewestBroken == 0 && _most[n] <= bestScore)
                {
                    continue;
                }
                var candidate = _left[n];
                var broken = Broken(candidate, _yielding);
                if (broken > fewestBroken || (Strict.Length > 0 && Broken(candidate, Strict) > 0))
                {
                    continue;
                }
                var score = Score(candidate, out _most[n]);
                if (best < 0 || broken < fewestBroken || score > bestScore)
                {
                    (best, bestScore, fewestBroken) = (n, score, broken);
                }
            }
            return best;
        }

        /// <returns>The candidate that was taken.</returns>
        public int Take(int place)
        {
            var candidate = _left[place];
            _left.AsSpan(place + 1, _count - place - 1).CopyTo(_left.AsSpan(place));
            _most.AsSpan(place + 1, _count - place - 1).CopyTo(_most.AsSpan(place));
            (_count, _looked) = (_count - 1, _looked - 1);
            foreach (var rule in _rules)
            {
                rule.Take(candidate);
            }
            return candidate;
        }

        // Both are added up in one order, so that rounding cannot make the second less.
        private float Score(int candidate, out float most)
        {
            var score = most = _scene.Score(candidate);
            for (var n = 0; n < _rules.Length; n++)
            {
                var change = _rules[n].Change(candidate);
                score += change;
                most += _falls[n] ? change : _added[n];
            }
            return score;
        }

        private float Most(float score)
        {
            foreach (var added in _added)
            {
                score += added;
            }
            return score;
        }
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

    private static Dictionary<string, int> KeptOut(ReadOnlySpan<int> left, ListRule[] strict)
        => left.ToArray().GroupBy(candidate => strict.First(rule => !rule.Allows(candidate)).Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}

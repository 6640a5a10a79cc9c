using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Models.Sittings;

/// <summary>What the users played in one go, newest sitting first, in flat arrays; whose a sitting is, is not kept.</summary>
/// <param name="Starts">Where each sitting's items begin in <paramref name="Items"/>, and the end of the last; length sittings + 1.</param>
/// <param name="Items">The items of all sittings, oldest first in each; repeats kept.</param>
/// <param name="Ages">Days from each sitting to the moment of training; 0 where time is not known.</param>
internal sealed record PastSittings(int[] Starts, int[] Items, float[] Ages)
{
    private const double MinutesADay = 24 * 60;

    public int Count => Ages.Length;

    public ReadOnlySpan<int> this[int sitting] => Items.AsSpan(Starts[sitting]..Starts[sitting + 1]);

    /// <summary>Cuts each user's sequence where listening paused, and what is longer than a window again, from its end; without order a whole row is one sitting.</summary>
    /// <remarks>
    /// Data keep the age of the newest listen of each pair. As ages fall along a sequence, a place is at least as old as every later one; that bound is
    /// exact for each item's last place, and for an earlier one it is that of the next such place, so that a cut may lie some places late where an item is repeated.
    /// Sittings of one age come by their place from the end of their user's sequence, then by user. O(places).
    /// </remarks>
    /// <param name="window">Most items of a sitting, at least 1.</param>
    /// <param name="gapMinutes">A pause of more than this ends a sitting; means nothing where time is not known.</param>
    public static PastSittings Cut(TrainingSet data, int window, double gapMinutes)
    {
        var cuts = new List<(float Age, int FromEnd, int User, int From, int To)>();
        var timed = data.IsOrdered && data.HasAges;
        for (var user = 0; user < data.Users; user++)
        {
            var sequence = data.Sequence(user);
            var ages = timed ? AgesOf(sequence, data.Actions.Row(user)) : new float[sequence.Length];
            var fromEnd = 0;
            for (var to = sequence.Length; to > 0;)
            {
                var from = to - 1;
                while (from > 0 && (!data.IsOrdered || (to - from < window && (ages[from - 1] - ages[from]) * MinutesADay <= gapMinutes)))
                {
                    from--;
                }
                cuts.Add((ages[to - 1], fromEnd++, user, from, to));
                to = from;
            }
        }
        cuts.Sort(static (a, b) => (a.Age, a.FromEnd, a.User).CompareTo((b.Age, b.FromEnd, b.User)));
        return Lay(data, cuts);
    }

    public void AddTo(ModelFile file, string prefix)
    {
        file.Add<int>(prefix + "lengths", [.. Enumerable.Range(0, Count).Select(sitting => Starts[sitting + 1] - Starts[sitting])]);
        file.Add(prefix + "sittings", Items);
        file.Add(prefix + "ages", Ages);
    }

    public static PastSittings From(ModelFile file, string prefix)
    {
        var lengths = file.Get<int>(prefix + "lengths");
        var starts = new int[lengths.Length + 1];
        for (var sitting = 0; sitting < lengths.Length; sitting++)
        {
            starts[sitting + 1] = starts[sitting] + lengths[sitting];
        }
        return new(starts, file.Get<int>(prefix + "sittings", starts[^1]), file.Get<float>(prefix + "ages", lengths.Length));
    }

    private static PastSittings Lay(TrainingSet data, List<(float Age, int FromEnd, int User, int From, int To)> cuts)
    {
        var (starts, ages) = (new int[cuts.Count + 1], new float[cuts.Count]);
        for (var n = 0; n < cuts.Count; n++)
        {
            (starts[n + 1], ages[n]) = (checked(starts[n] + cuts[n].To - cuts[n].From), cuts[n].Age);
        }
        var items = new int[starts[^1]];
        for (var n = 0; n < cuts.Count; n++)
        {
            data.Sequence(cuts[n].User)[cuts[n].From..cuts[n].To].CopyTo(items.AsSpan(starts[n]));
        }
        return new(starts, items, ages);
    }

    private static float[] AgesOf(ReadOnlySpan<int> sequence, ReadOnlySpan<PairAction> actions)
    {
        var newest = new Dictionary<int, float>();
        foreach (var action in actions)
        {
            if (action.Action == InteractionAction.Listen)
            {
                newest[action.Item] = action.Age;
            }
        }
        var ages = new float[sequence.Length];
        float least = 0;
        for (var place = sequence.Length - 1; place >= 0; place--)
        {
            ages[place] = least = Math.Max(least, newest.GetValueOrDefault(sequence[place]));
        }
        return ages;
    }
}

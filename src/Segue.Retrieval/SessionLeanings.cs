namespace Segue.Retrieval;

/// <summary>What a sitting keeps less what it skips, by genre or by artist.</summary>
public static class SessionLeanings
{
    /// <summary>Σ strengths of the signals of each group, groups in the order in which they came first.</summary>
    /// <param name="groupOf">The group of a track; below 0: none.</param>
    /// <remarks>O(signals · groups): a sitting has few of both.</remarks>
    public static IReadOnlyList<(int Group, float Strength)> By(IReadOnlyList<SessionSignal> signals, Func<int, int> groupOf)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(groupOf);
        var (groups, sums) = (new List<int>(signals.Count), new List<double>(signals.Count));
        foreach (var signal in signals)
        {
            if (groupOf(signal.Track) is not (>= 0 and var group))
            {
                continue;
            }
            var at = groups.IndexOf(group);
            if (at < 0)
            {
                groups.Add(group);
                sums.Add(signal.Strength);
            }
            else
            {
                sums[at] += signal.Strength;
            }
        }
        return [.. groups.Select((group, at) => (group, (float)sums[at]))];
    }
}

using System.Collections.Concurrent;
using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Radio.Sessions;

/// <summary>Long-term histories: what the models were trained on, and what each listener did at the radio since.</summary>
/// <remarks>What came since is kept in memory, the newest <see cref="MaxSince"/> events a listener, and enters the listener's factors by
/// fold-in at the next plan.</remarks>
internal sealed class ListenerMemory(Dataset data)
{
    private const int MaxSince = 200;
    private readonly ConcurrentDictionary<int, List<Entry>> _since = new();

    public UserHistory History(int? user)
    {
        if (user is not { } row)
        {
            return UserHistory.Empty;
        }
        var history = data.History(row);
        if (!_since.TryGetValue(row, out var since))
        {
            return history;
        }
        lock (since)
        {
            return Merge(history, since);
        }
    }

    // One strength a track, as in the training data: the newest vote replaces what was said before it, plays and skips add up, and no
    // refusal weighs more than a vote. What was heard since stands last.
    private static UserHistory Merge(UserHistory history, List<Entry> since)
    {
        var strengths = new Dictionary<int, float>();
        for (var n = 0; n < history.Items.Count; n++)
        {
            strengths[history.Items[n]] = history.Strengths[n];
        }
        foreach (var entry in since)
        {
            var before = strengths.GetValueOrDefault(entry.Track);
            strengths[entry.Track] = entry.Vote switch
            {
                VoteValue.Down => -Dataset.MaxRefusal,
                not null => Math.Max(0, before) + entry.Strength,
                null => Math.Max(before + entry.Strength, -Dataset.MaxRefusal),
            };
        }
        var latest = since.Where(entry => entry.Vote is null).Select(entry => entry.Track).Reverse().Distinct().Reverse().ToList();
        List<int> items = [.. strengths.Keys.Except(history.Items).Except(latest), .. history.Items.Except(latest), .. latest];
        return new(null, items, [.. items.Select(item => strengths[item])]);
    }

    /// <summary>Takes one event in. Of the votes on a track the newest holds, also over one in the data; a down vote keeps the track away in
    /// later sittings too.</summary>
    public void Add(int? user, int track, RadioEvent reaction, float strength)
    {
        if (user is not { } row)
        {
            return;
        }
        var since = _since.GetOrAdd(row, _ => []);
        lock (since)
        {
            if (reaction.Vote is not null)
            {
                since.RemoveAll(entry => entry.Vote is not null && entry.Track == track);
            }
            since.Add(new(track, strength, reaction.Vote));
            if (since.Count > MaxSince)
            {
                since.RemoveAt(0);
            }
        }
    }

    private readonly record struct Entry(int Track, float Strength, VoteValue? Vote);
}

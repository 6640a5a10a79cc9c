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
            return new(null, [.. history.Items, .. since.Select(e => e.Track)], [.. history.Strengths, .. since.Select(e => e.Strength)]);
        }
    }

    /// <summary>Takes one event in. Of the votes on a track the newest holds; a down vote weighs as much as one in the data, so that the
    /// track stays away in later sittings too.</summary>
    public void Add(int? user, int track, RadioEvent reaction, float strength)
    {
        if (user is not { } row)
        {
            return;
        }
        var isVote = reaction.Kind == RadioEventKind.Voted;
        var since = _since.GetOrAdd(row, _ => []);
        lock (since)
        {
            if (isVote)
            {
                since.RemoveAll(entry => entry.IsVote && entry.Track == track);
            }
            if (strength != 0)
            {
                since.Add(new(track, reaction.Vote == VoteValue.Down ? -Dataset.MaxRefusal : strength, isVote));
            }
            if (since.Count > MaxSince)
            {
                since.RemoveAt(0);
            }
        }
    }

    private readonly record struct Entry(int Track, float Strength, bool IsVote);
}

using System.Collections.Concurrent;
using Segue.Features.Interactions;

namespace Segue.Radio.Sessions;

/// <summary>Long-term histories: what the models were trained on, and what each listener did at the radio since.</summary>
/// <remarks>What came since is kept in memory, the newest <see cref="MaxSince"/> events a listener, and enters the listener's factors by
/// fold-in at the next plan.</remarks>
internal sealed class ListenerMemory(Dataset data)
{
    private const int MaxSince = 200;
    private readonly ConcurrentDictionary<int, List<(int Track, float Strength)>> _since = new();

    public UserHistory History(int? user)
    {
        if (user is not { } row)
        {
            return UserHistory.Empty;
        }
        var history = data.History(row);
        if (!_since.TryGetValue(row, out var since))
        {
            return history with { Row = row < data.Training.Users ? row : null };
        }
        lock (since)
        {
            return new(null, [.. history.Items, .. since.Select(e => e.Track)], [.. history.Strengths, .. since.Select(e => e.Strength)]);
        }
    }

    public void Add(int? user, int track, float strength)
    {
        if (user is not { } row || strength == 0)
        {
            return;
        }
        var since = _since.GetOrAdd(row, _ => []);
        lock (since)
        {
            since.Add((track, strength));
            if (since.Count > MaxSince)
            {
                since.RemoveAt(0);
            }
        }
    }
}

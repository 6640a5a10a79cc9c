using System.Collections.Concurrent;
using Segue.Core;
using Segue.Features.Interactions;
using Segue.Ranking.Rules;

namespace Segue.Radio.Sessions;

/// <summary>Long-term histories: what the models were trained on, and what each listener did since.</summary>
/// <remarks>What came since is kept in memory, the newest <see cref="MaxSince"/> events a listener (40 bytes each), and enters the listener's
/// factors by fold-in at the next plan.</remarks>
internal sealed class ListenerMemory(Dataset data, TimeProvider time)
{
    private const int MaxSince = 200;
    private readonly ConcurrentDictionary<ListenerId, Since> _since = new();

    /// <summary>Listeners that did something since.</summary>
    public int Count => _since.Count;

    /// <summary>Whether the data, or anything that came since, tells of the listener.</summary>
    public bool Knows(ListenerId listener)
    {
        if (!_since.TryGetValue(listener, out var since))
        {
            return data.Users.Find(listener.Value) is not null;
        }
        lock (since)
        {
            return !since.Forgotten || since.Entries.Count > 0 || since.Bans.Count > 0 || since.Artists.Count > 0;
        }
    }

    public UserHistory History(ListenerId? listener)
    {
        if (listener is not { } id)
        {
            return UserHistory.Empty;
        }
        var forgotten = _since.TryGetValue(id, out var since) && since.Forgotten;
        var history = !forgotten && data.Users.Find(id.Value) is { } row ? data.History(row) : UserHistory.Empty;
        if (since is null)
        {
            return history;
        }
        lock (since)
        {
            return since.Entries.Count == 0 ? history : Merge(history, since.Entries);
        }
    }

    /// <summary>The listener's rest by the listens that the data tells of, in their order.</summary>
    public int Rest(ListenerId? listener, RestOptions options)
        => listener is { } id && !(_since.TryGetValue(id, out var since) && since.Forgotten) && data.Users.Find(id.Value) is { } row && data.Training.IsOrdered
            ? RestWindow.Of(data.Training.Sequence(row), options)
            : options.Usual;

    /// <summary>Tracks that the listener heard, refused or bans now, ascending. For who did nothing since, no more than a copy of the data's row.</summary>
    public int[] NotNew(ListenerId listener)
        => _since.ContainsKey(listener) ? [.. History(listener).Items.Concat(Banned(listener)).Distinct().Order()]
            : data.Users.Find(listener.Value) is { } row ? data.Training.Strengths.Row(row).Columns.ToArray()
            : [];

    /// <summary>Tracks that the listener bans now.</summary>
    public IReadOnlyCollection<int> Banned(ListenerId? listener) => Banned(listener, time.GetUtcNow());

    /// <summary>Tracks that the listener bans at a time, by what is known of bans now.</summary>
    public IReadOnlyCollection<int> Banned(ListenerId? listener, DateTimeOffset at)
    {
        if (listener is not { } id || !_since.TryGetValue(id, out var since))
        {
            return [];
        }
        lock (since)
        {
            return [.. since.Bans.Where(ban => ban.Value.Until > at).Select(ban => ban.Key)];
        }
    }

    /// <summary>Notes when a listener voted on a track.</summary>
    /// <returns>False when a newer vote is known, whichever came first: then this one changes nothing. Of equal times the last to come holds.</returns>
    public bool IsNewestVote(ListenerId listener, int track, DateTimeOffset at)
    {
        var since = _since.GetOrAdd(listener, _ => new());
        lock (since)
        {
            if (since.VotedAt.TryGetValue(track, out var newest) && at < newest)
            {
                return false;
            }
            since.VotedAt[track] = at;
            return true;
        }
    }

    /// <summary>Takes one event in. A vote holds over those before it (see <see cref="IsNewestVote"/>), also over one in the data; a down vote keeps
    /// the track away in later sittings too.</summary>
    /// <param name="length">The track's; null where nobody knows.</param>
    public void Add(ListenerId listener, int track, RadioEvent reaction, TimeSpan? length)
    {
        var strength = reaction.Strength(length);
        var since = _since.GetOrAdd(listener, _ => new());
        lock (since)
        {
            if (reaction.Vote is not null)
            {
                since.Entries.RemoveAll(entry => entry.Vote is not null && entry.Track == track);
            }
            since.Entries.Add(new(track, strength, reaction.Vote, reaction.IsListen, reaction.ActionOn(track, length)));
            if (since.Entries.Count > MaxSince)
            {
                since.Entries.RemoveAt(0);
            }
        }
    }

    /// <summary>Keeps tracks away from a listener until a time, or lets them back when it lies in the past. Of each track the newest ban holds,
    /// whichever came first; of equal times the last to come.</summary>
    /// <param name="artist">All of whose tracks are meant, those that <see cref="Grow"/> brings later included; null: no others are.</param>
    public void Ban(ListenerId listener, IEnumerable<int> tracks, ArtistId? artist, DateTimeOffset until, DateTimeOffset at)
    {
        var since = _since.GetOrAdd(listener, _ => new());
        lock (since)
        {
            if (artist is { } name)
            {
                Note(since.Artists, name, until, at);
            }
            foreach (var track in tracks)
            {
                Note(since.Bans, track, until, at);
            }
        }
    }

    /// <summary>Lets bans of artists reach tracks that came behind those of the data.</summary>
    /// <param name="first">Row of the first; the others follow.</param>
    public void Grow(IReadOnlyList<Track> more, int first)
    {
        foreach (var since in _since.Values)
        {
            lock (since)
            {
                for (var n = 0; n < more.Count && since.Artists.Count > 0; n++)
                {
                    if (since.Artists.TryGetValue(more[n].Artist.Id, out var ban))
                    {
                        Note(since.Bans, first + n, ban.Until, ban.At);
                    }
                }
            }
        }
    }

    /// <summary>Drops all that is known of a listener, the training data's part included.</summary>
    public void Forget(ListenerId listener)
    {
        if (data.Users.Find(listener.Value) is null)
        {
            _since.TryRemove(listener, out _);
        }
        else
        {
            _since[listener] = new() { Forgotten = true };   // covers the data's part until the next start, which will not have it
        }
    }

    /// <summary>Drops what came since; the training data's part counts on.</summary>
    public void Restart(ListenerId listener)
    {
        if (_since.TryGetValue(listener, out var since))
        {
            _since[listener] = new() { Forgotten = since.Forgotten };
        }
    }

    /// <summary>Notes that a listener is there, though nothing is known of them.</summary>
    public void Meet(ListenerId listener) => _since.TryAdd(listener, new());

    private static void Note<T>(Dictionary<T, (DateTimeOffset Until, DateTimeOffset At)> bans, T what, DateTimeOffset until, DateTimeOffset at)
        where T : notnull
    {
        if (!bans.TryGetValue(what, out var newest) || at >= newest.At)
        {
            bans[what] = (until, at);
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
            var sum = strengths.GetValueOrDefault(entry.Track);
            strengths[entry.Track] = entry.Vote switch
            {
                VoteValue.Down => -Dataset.MaxRefusal,
                not null => Math.Max(0, sum) + entry.Strength,
                null => Math.Max(sum + entry.Strength, -Dataset.MaxRefusal),
            };
        }
        var latest = since.Where(entry => entry.IsListen).Select(entry => entry.Track).Reverse().Distinct().Reverse().ToList();
        List<int> items = [.. strengths.Keys.Except(history.Items).Except(latest), .. history.Items.Except(latest), .. latest];
        var voted = since.Where(entry => entry.Vote is not null).Select(entry => entry.Track).ToHashSet();
        var before = history.Actions.Where(action => !(action.Action is InteractionAction.VoteUp or InteractionAction.VoteDown && voted.Contains(action.Item)));
        return new(null, items, [.. items.Select(item => strengths[item])], [.. before, .. since.Select(entry => entry.Action).OfType<PairAction>()]);
    }

    private readonly record struct Entry(int Track, float Strength, VoteValue? Vote, bool IsListen, PairAction? Action);

    private sealed class Since
    {
        /// <summary>The listener was erased: the training data's part counts no more.</summary>
        public bool Forgotten { get; init; }
        public List<Entry> Entries { get; } = [];
        public Dictionary<int, (DateTimeOffset Until, DateTimeOffset At)> Bans { get; } = [];

        /// <summary>Bans of artists, for tracks of theirs that come later.</summary>
        public Dictionary<ArtistId, (DateTimeOffset Until, DateTimeOffset At)> Artists { get; } = [];

        /// <summary>Of the newest vote on each track, those in the data included.</summary>
        public Dictionary<int, DateTimeOffset> VotedAt { get; } = [];
    }
}

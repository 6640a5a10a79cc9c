using Segue.Core;
using Segue.Features.Interactions;
using Segue.Radio.State;
using Segue.Ranking.Rules;

namespace Segue.Radio.Sessions;

/// <summary>Long-term histories: what the models were trained on, and what each listener did since.</summary>
/// <remarks>What came since is kept in a <see cref="ListenerTable"/>, the newest <see cref="ListenerTable.MaxEvents"/> events a listener, and enters the listener's
/// factors by fold-in at the next plan.</remarks>
internal sealed class ListenerMemory(Dataset data, TimeProvider time)
{
    private readonly ListenerTable _table = new();

    /// <summary>What came since; for who saves it and brings it back.</summary>
    public ListenerTable Table => _table;

    /// <summary>Whether the data, or anything that came since, tells of the listener.</summary>
    public bool Knows(ListenerId listener)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            if (owner.Find(key) is var record and >= 0)
            {
                return !owner[record].Flags.HasFlag(RecordFlags.Forgotten) || owner[record].Count > 0
                    || (owner.Sides.TryGetValue(record, out var side) && (side.Bans.Count > 0 || side.Artists.Count > 0));
            }
        }
        return data.Users.Find(listener.Value) is not null;
    }

    public UserHistory History(ListenerId? listener) => History(listener, Since(listener));

    /// <summary>The history as it was, or is, when this had been done since the training.</summary>
    public UserHistory History(ListenerId? listener, SinceEvents since)
    {
        var history = listener is { } id && !since.IsForgotten && data.Users.Find(id.Value) is { } row ? data.History(row) : UserHistory.Empty;
        return since.Events.Count == 0 ? history : Merge(history, since.Events);
    }

    /// <summary>What a listener did since the training, as of now.</summary>
    public SinceEvents Since(ListenerId? listener)
    {
        if (listener is not { } id)
        {
            return SinceEvents.None;
        }
        var key = ListenerKey.Of(id);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            if (!owner.TryRead(key, out var record))
            {
                return SinceEvents.None;
            }
            var events = record.Count == 0 ? [] : new SinceEvent[record.Count];
            record.CopyTo(events);
            return new(events, record.Flags.HasFlag(RecordFlags.Forgotten));
        }
    }

    /// <summary>The listener's rest by the listens that the data tells of, in their order.</summary>
    public int Rest(ListenerId? listener, RestOptions options)
        => listener is { } id && !Since(id).IsForgotten && data.Users.Find(id.Value) is { } row && data.Training.IsOrdered
            ? RestWindow.Of(data.Training.Sequence(row), options)
            : options.Usual;

    /// <summary>Tracks that the listener heard, refused or bans now, ascending. For who did nothing since, no more than a copy of the data's row.</summary>
    public int[] NotNew(ListenerId listener)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        bool isHere;
        lock (owner.Gate)
        {
            isHere = owner.Find(key) >= 0;
        }
        return isHere ? [.. History(listener).Items.Concat(Banned(listener)).Distinct().Order()]
            : data.Users.Find(listener.Value) is { } row ? data.Training.Strengths.Row(row).Columns.ToArray()
            : [];
    }

    /// <summary>Tracks that the listener bans now.</summary>
    public IReadOnlyCollection<int> Banned(ListenerId? listener) => Banned(listener, time.GetUtcNow());

    /// <summary>Tracks that the listener bans at a time, by what is known of bans now.</summary>
    public IReadOnlyCollection<int> Banned(ListenerId? listener, DateTimeOffset at)
    {
        if (listener is not { } id)
        {
            return [];
        }
        var key = ListenerKey.Of(id);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            return owner.Sides.TryGetValue(owner.Find(key), out var side) ? [.. side.Bans.Where(ban => ban.Value.Until > at).Select(ban => ban.Key)] : [];
        }
    }

    /// <summary>Notes when a listener voted on a track.</summary>
    /// <returns>False when a newer vote is known, whichever came first: then this one changes nothing. Of equal times the last to come holds.</returns>
    public bool IsNewestVote(ListenerId listener, int track, DateTimeOffset at)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            var votes = owner.Beside(owner.Take(key)).VotedAt;
            if (votes.TryGetValue(track, out var newest) && at < newest)
            {
                return false;
            }
            votes[track] = at;
            return true;
        }
    }

    /// <summary>Takes one event in. A vote holds over those before it (see <see cref="IsNewestVote"/>), also over one in the data; a down vote keeps
    /// the track away in later sittings too.</summary>
    /// <param name="length">The track's; null where nobody knows.</param>
    public void Add(ListenerId listener, int track, RadioEvent reaction, TimeSpan? length)
        => _table.Append(ListenerKey.Of(listener), SinceEvent.Of(track, reaction, length));

    /// <summary>Keeps tracks away from a listener until a time, or lets them back when it lies in the past. Of each track the newest ban holds,
    /// whichever came first; of equal times the last to come.</summary>
    /// <param name="artist">All of whose tracks are meant, those that <see cref="Grow"/> brings later included; null: no others are.</param>
    public void Ban(ListenerId listener, IEnumerable<int> tracks, ArtistId? artist, DateTimeOffset until, DateTimeOffset at)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            var side = owner.Beside(owner.Take(key));
            if (artist is { } name)
            {
                Note(side.Artists, name, until, at);
            }
            foreach (var track in tracks)
            {
                Note(side.Bans, track, until, at);
            }
        }
    }

    /// <summary>Lets bans of artists reach tracks that came behind those of the data.</summary>
    /// <param name="first">Row of the first; the others follow.</param>
    public void Grow(IReadOnlyList<Track> more, int first)
    {
        foreach (var owner in _table.Owners)
        {
            lock (owner.Gate)
            {
                foreach (var side in owner.Sides.Values.Where(side => side.Artists.Count > 0))
                {
                    for (var n = 0; n < more.Count; n++)
                    {
                        if (side.Artists.TryGetValue(more[n].Artist.Id, out var ban))
                        {
                            Note(side.Bans, first + n, ban.Until, ban.At);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Drops all that is known of a listener, the training data's part included.</summary>
    public void Forget(ListenerId listener)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            if (data.Users.Find(listener.Value) is null)
            {
                owner.Remove(key);
            }
            else
            {
                owner.Reset(owner.Take(key), RecordFlags.Taken | RecordFlags.Forgotten);   // covers the data's part until the next start, which will not have it
            }
        }
    }

    /// <summary>Drops what came since; the training data's part counts on.</summary>
    public void Restart(ListenerId listener)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            if (owner.Find(key) is var record and >= 0)
            {
                owner.Reset(record, owner[record].Flags);
            }
        }
    }

    /// <summary>Notes that a listener is there, though nothing is known of them.</summary>
    public void Meet(ListenerId listener)
    {
        var key = ListenerKey.Of(listener);
        var owner = _table.Of(key);
        lock (owner.Gate)
        {
            owner.Take(key);
        }
    }

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
    private static UserHistory Merge(UserHistory history, IReadOnlyList<SinceEvent> since)
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
}

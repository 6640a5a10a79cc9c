using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Features.Interactions;
using Segue.Radio.State;
using Segue.Ranking.Rules;
using Segue.Retrieval;

namespace Segue.Radio.Sessions;

/// <summary>The state of one sitting: seeds, what was heard and how it was taken. Not safe for two callers: the station locks it.</summary>
/// <param name="isPrivate">What happens in it is kept nowhere else.</param>
/// <param name="since">What the listener had done since the training when it began.</param>
/// <param name="wishes">What is asked of its lists.</param>
internal sealed partial class RadioSession(
    SessionId id, KnownListener? listener, bool isPrivate, Repertoire repertoire, SinceEvents since, IReadOnlyDictionary<int, float> seeds, ListWishes wishes)
{
    // A long sitting is remembered by its newest part: the mood of hours ago says little, and memory stays bounded.
    private const int MaxSignals = 60;
    private const int MaxHeard = 10_000;

    // What was asked for at the start gives way to what is done: after ten reactions a seed weighs a third.
    private const float SeedFading = 0.9f;
    private List<SessionSignal> _seeds = [.. seeds.Select(seed => new SessionSignal(seed.Key, seed.Value, IsSeed: true))];
    private List<SessionSignal> _signals = [];
    private List<int> _heard = [];
    private List<TimedPlay> _plays = [];
    private HashSet<int> _banned = [], _skipped = [];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly Queue<string> _toldInOrder = new();
    private SinceEvents _since = since;
    private int _events;

    public SessionId Id { get; } = id;
    public KnownListener? Known { get; } = listener;
    public ListenerId? Listener => Known?.Id;
    public bool IsPrivate { get; } = isPrivate;
    public ListWishes Wishes { get; } = wishes;

    /// <summary>The long-term history as it was when the sitting began; what happens in it counts through <see cref="Signals"/>.</summary>
    public UserHistory History { get; private set; } = repertoire.Memory.History(listener?.Id, since);

    /// <summary>So many of the tracks heard last before the sitting do not come; null: as many as usual.</summary>
    public int? Rest { get; private set; } = !wishes.RestsByHabit ? null : repertoire.Memory.Rest(listener?.Id, repertoire.Options.Rest);

    /// <summary>Whose rows all numbers of tracks here are.</summary>
    public Repertoire Repertoire { get; private set; } = repertoire;
    public DateTimeOffset LastUsed { get; set; }

    /// <summary>Offset of the start in the log; null where no log keeps the sitting.</summary>
    public long? Began { get; init; }

    /// <summary>When it began; told with <see cref="Began"/>.</summary>
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>Offset behind the last event of the log that the sitting followed.</summary>
    public long Position { get; set; }
    public IReadOnlyList<SessionSignal> Signals
        => [.. _seeds.Select(seed => seed with { Strength = seed.Strength * MathF.Pow(SeedFading, _signals.Count) }), .. _signals];
    public IReadOnlyList<int> Heard => _heard;
    /// <summary>What was played in the last three hours, oldest first; a track played again is there again.</summary>
    public IReadOnlyList<TimedPlay> Plays => _plays;
    public IReadOnlySet<int> Banned => _banned;

    /// <summary>All that was skipped and not kept since, also where <see cref="Signals"/> have forgotten it.</summary>
    public IReadOnlySet<int> Skipped => _skipped;

    /// <summary>What is kept from plan to plan.</summary>
    public SittingPool Pool { get; private set; } = new();

    /// <summary>The moment whose searches the plans go by.</summary>
    public SittingAnchor Anchor
    {
        get => field ??= SittingAnchor.Of([.. _seeds]);
        private set;
    }

    /// <summary>The answer that each offered track came from, so that reactions can be joined to it.</summary>
    public Dictionary<int, RecommendationId> OfferedIn { get; private set; } = [];

    /// <summary>Notes the id of an event; false when one of that id was told before (among the newest 10,000).</summary>
    public bool IsNew(string? id)
    {
        if (id is null)
        {
            return true;
        }
        if (!_told.Add(id))
        {
            return false;
        }
        _toldInOrder.Enqueue(id);
        if (_toldInOrder.Count > MaxHeard)
        {
            _told.Remove(_toldInOrder.Dequeue());
        }
        return true;
    }

    /// <summary>Goes on in another repertoire: everything keeps its meaning, but for tracks that it lacks, which drop out.</summary>
    public void MoveTo(Repertoire next)
    {
        if (ReferenceEquals(next, Repertoire))
        {
            return;
        }
        var before = Repertoire.Catalogue;
        int? Row(int track) => next.Catalogue.Find(before.Tracks[track].Id);
        List<int> Rows(IEnumerable<int> tracks) => [.. tracks.Select(Row).OfType<int>()];
        List<SessionSignal> Signals(List<SessionSignal> signals)
            => [.. signals.Where(signal => Row(signal.Track) is not null).Select(signal => signal with { Track = Row(signal.Track)!.Value })];

        (_seeds, _signals) = (Signals(_seeds), Signals(_signals));
        (_heard, _banned, _skipped) = (Rows(_heard), [.. Rows(_banned)], [.. Rows(_skipped)]);
        _plays = [.. _plays.Where(play => Row(play.Track) is not null).Select(play => play with { Track = Row(play.Track)!.Value })];
        OfferedIn = OfferedIn.Where(offer => Row(offer.Key) is not null).ToDictionary(offer => Row(offer.Key)!.Value, offer => offer.Value);
        var kept = Enumerable.Range(0, History.Items.Count).Where(n => Row(History.Items[n]) is not null).ToList();
        var user = History.Row is not null && Listener is { } listener ? next.Data.Users.Find(listener.Value) : null;
        (Anchor, Pool) = (new(Anchor.Events, Signals([.. Anchor.Signals]), Rows(Anchor.Out), Rows(Anchor.OutOfHistory)), new());
        History = new(user, Rows(kept.Select(n => History.Items[n])), [.. kept.Select(n => History.Strengths[n])],
            [.. History.Actions.Where(action => Row(action.Item) is not null).Select(action => action with { Item = Row(action.Item)!.Value })]);
        Repertoire = next;
    }

    /// <summary>Goes on as the log recalls the same sitting; what was offered since, and the log may not have yet, stays offered.</summary>
    /// <param name="recalled">Is not used afterwards.</param>
    public void Become(RadioSession recalled)
    {
        MoveTo(recalled.Repertoire);
        (_seeds, _signals, _heard, _plays, _banned) = (recalled._seeds, recalled._signals, recalled._heard, recalled._plays, recalled._banned);
        _skipped = recalled._skipped;
        (_since, History, Rest, Position) = (recalled._since, recalled.History, recalled.Rest, Math.Max(Position, recalled.Position));
        (_events, Anchor, Pool) = (recalled._events, recalled.Anchor, recalled.Pool);
    }

    /// <summary>Takes one event in. A second event on a track replaces what the first one said of it, unless it says more:
    /// a vote outweighs the listen it follows.</summary>
    /// <param name="at">When it was done.</param>
    public void Apply(int track, RadioEvent reaction, DateTimeOffset at)
    {
        Take(track, reaction, at);
        if (Anchor.IsPast(++_events))
        {
            Anchor = Anchor.Then(_events, Signals, [.. _heard, .. _banned, .. Repertoire.Memory.Banned(Listener, at)]);
        }
    }

    private void Take(int track, RadioEvent reaction, DateTimeOffset at)
    {
        if (reaction.IsListen)
        {
            _plays.RemoveAll(play => play.At <= at - WebRadioRule.Window);
            Append(_plays, new(track, at), MaxHeard);
        }
        var strength = reaction.Strength(Repertoire.Catalogue.Tracks[track].Length);
        if (reaction.IsListen && !_heard.Contains(track))
        {
            Append(_heard, track, MaxHeard);
        }
        if (reaction.Vote == VoteValue.Down || reaction.Kind == RadioEventKind.Less)
        {
            _banned.Add(track);
        }
        else if (reaction.Kind == RadioEventKind.Voted)
        {
            _banned.Remove(track);
        }
        _seeds.RemoveAll(seed => seed.Track == track);   // what the listener does with it says more than that it was asked for
        var before = _signals.FindIndex(signal => signal.Track == track);
        if (before >= 0 && reaction.Kind == RadioEventKind.Clicked)
        {
            return;   // a look says less than anything that was done before it
        }
        if (before >= 0)
        {
            var keepsMore = reaction.Kind != RadioEventKind.Voted && Math.Abs(_signals[before].Strength) > Math.Max(1, strength);
            strength = keepsMore ? _signals[before].Strength : strength;
            _signals.RemoveAt(before);
        }
        if (strength >= 0)
        {
            _skipped.Remove(track);
        }
        else if (_skipped.Add(track) && _skipped.Count > MaxHeard)
        {
            _skipped.IntersectWith(_heard);
        }
        if (strength != 0)
        {
            Append(_signals, new(track, strength, IsSeed: false), MaxSignals);
        }
    }

    private static void Append<T>(List<T> list, T entry, int max)
    {
        list.Add(entry);
        if (list.Count > max)
        {
            list.RemoveAt(0);
        }
    }
}

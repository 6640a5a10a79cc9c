using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Features.Trends;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio.Feed;
using Segue.Radio.Funnel;
using Segue.Radio.Sessions;
using Segue.Ranking.Learnt;
using Segue.Ranking.Rules;
using Segue.Retrieval;

namespace Segue.Radio;

/// <summary>The radio: starts sittings, takes reactions in, says what comes next and why. Safe for any number of callers.</summary>
/// <remarks>Sittings live in memory; those that a log keeps are made anew from it (see <see cref="Recall"/>), the others end with the process. An answer
/// never repeats a track of its sitting (of the newest 10,000, in one that never ends).</remarks>
public sealed partial class RadioStation
{
    /// <summary>Most tracks that one answer may hold.</summary>
    public const int MaxCount = 100;

    private readonly IFeedbackSink _sink;
    private readonly TimeProvider _time;
    private readonly SessionTable _sessions;
    private volatile Repertoire _repertoire;
    private volatile LiveTrends? _trends;

    public RadioStation(Repertoire repertoire, RadioOptions options, IFeedbackSink sink, TimeProvider time)
    {
        (_repertoire, _sink, _time) = (repertoire, sink, time);
        _sessions = new(options, time);
    }

    /// <param name="data">What the models were trained on, or the same with listeners added since.</param>
    /// <exception cref="ArgumentException">The models were trained on other data.</exception>
    public RadioStation(Dataset data, ModelSet models, RadioOptions options, IFeedbackSink sink, TimeProvider time)
        : this(new Repertoire(data, models, options, time), options, sink, time)
    {
    }

    /// <summary>What is played from; <see cref="Use(Repertoire)"/> changes it.</summary>
    public Repertoire Repertoire => _repertoire;
    public CatalogueIndex Catalogue => _repertoire.Catalogue;
    public string ModelVersion => _repertoire.Models.Version;

    /// <summary>The published version that <see cref="ModelVersion"/> begins with.</summary>
    public string PublishedVersion => _repertoire.Models.Published;

    /// <summary>Ids of the listeners that the data knows, in its order.</summary>
    public IReadOnlyList<string> Listeners => _repertoire.Data.Users.Ids;

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Sittings in memory.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Offers what trends where each listener is from now on.</summary>
    public void Follow(LiveTrends trends) => _trends = trends;

    /// <summary>Plays from another repertoire from now on; sittings under way go on in it, without the tracks that it lacks.</summary>
    /// <param name="repertoire">Has been told everything that listeners did up to now.</param>
    public void Use(Repertoire repertoire) => Use(repertoire, _ => { });

    private void Use(Repertoire repertoire, Action<RadioSession> move)
    {
        repertoire.ReachWithBans();
        _repertoire = repertoire;
        repertoire.ReachWithBans();
        foreach (var session in _sessions.All())   // else a sitting at rest would hold the old models in memory
        {
            lock (session)
            {
                session.MoveTo(_repertoire);
                move(session);
            }
        }
    }

    /// <summary>Begins a sitting.</summary>
    /// <param name="listener">Null for somebody without a history.</param>
    /// <param name="isNew">True lets an id through that nothing tells of: a new listener.</param>
    /// <param name="isPrivate">True: what happens in the sitting moves its own next tracks and is kept nowhere else.</param>
    /// <param name="wishes">What is asked of all lists of the sitting; null: nothing.</param>
    /// <exception cref="NotKnownException">The listener, a seed, or an artist, genre or tag of the wishes is unknown.</exception>
    public RadioAnswer Start(
        KnownListener? listener, RadioSeeds seeds, int count, bool isNew = false, bool isPrivate = false, ListWishes? wishes = null)
    {
        RequireCount(count);
        var repertoire = RequireStart(listener, isNew, wishes);
        var session = new RadioSession(new(Guid.NewGuid()), listener, isPrivate, repertoire, repertoire.Memory.Since(listener?.Id), repertoire.SeedTracks(seeds), wishes ?? ListWishes.None);
        _sessions.Add(session);
        return In(session, () => Answer(session, count));
    }

    /// <summary>What comes next. Asking changes nothing: without a reaction between, the answer names the same tracks.</summary>
    /// <exception cref="NotKnownException">No such sitting.</exception>
    public RadioAnswer Next(SessionId id, int count)
    {
        RequireCount(count);
        var session = Find(id);
        return In(session, () => Answer(session, count));
    }

    /// <summary>Takes reactions in, in their order, and plans anew: for a radio without an event log.</summary>
    /// <exception cref="NotKnownException">No such sitting, or a track is unknown; then none of the reactions was taken.</exception>
    public RadioAnswer React(SessionId id, IReadOnlyList<RadioEvent> events, int count)
    {
        RequireCount(count);
        var session = Find(id);
        return In(session, () =>
        {
            var tracks = events.Select(reaction => session.Repertoire.RequireTrack(reaction.Track)).ToList();
            for (var n = 0; n < events.Count; n++)
            {
                if (session.IsNew(events[n].Id))
                {
                    Take(session, tracks[n], events[n]);
                }
            }
            return Answer(session, count);
        });
    }

    /// <summary>What a sitting's reactions are, for a log to keep before they are taken in by <see cref="Observe"/>.</summary>
    /// <returns>Null where nothing may be kept: nobody is known to listen, or the sitting is private. Then <see cref="React"/> takes them.</returns>
    /// <exception cref="NotKnownException">No such sitting, or a track is unknown.</exception>
    public ReactionContext? Prepare(SessionId id, IReadOnlyList<RadioEvent> events)
    {
        var session = Find(id);
        return In(session, () =>
        {
            var tracks = events.Select(reaction => session.Repertoire.RequireTrack(reaction.Track)).ToList();
            return session.Known is not { } listener || session.IsPrivate
                ? null
                : new ReactionContext(listener, [.. tracks.Select(track => session.Repertoire.Catalogue.Tracks[track].Length)],
                    [.. tracks.Select(track => session.OfferedIn.TryGetValue(track, out var offer) ? offer : (RecommendationId?)null)]);
        });
    }

    /// <summary>Takes in what a listener did, wherever it was done: the next answer follows it. See <see cref="Repertoire.Take"/>.</summary>
    /// <param name="session">The sitting it belongs to; null, or one that ended: all of the listener's sittings follow it.</param>
    /// <param name="at">When it was done.</param>
    /// <param name="offset">Its place in the log; -1 where it lies in none.</param>
    public void Observe(ListenerId listener, RadioEvent reaction, SessionId? session, DateTimeOffset at, long offset = -1)
    {
        var repertoire = _repertoire;
        if (repertoire.Take(listener, reaction, at) is not { } track)
        {
            return;
        }
        Tell(session, listener, reaction, at, offset);
        Tell(listener, repertoire.Catalogue.Tracks[track], reaction, recommendation: null);
    }

    /// <summary>Forgets a listener: ends the sittings and drops the history, at once.</summary>
    public void Forget(ListenerId listener)
    {
        _sessions.EndAll(listener);
        _repertoire.Memory.Forget(listener);
    }

    /// <summary>Drops what a listener did since the training, and ends the sittings: for a caller who then tells again what is still to count.</summary>
    public void Restart(ListenerId listener)
    {
        _sessions.EndAll(listener);
        _repertoire.Memory.Restart(listener);
    }

    /// <summary>The tracks that suit a listener best, outside any sitting.</summary>
    /// <exception cref="NotKnownException">No such listener.</exception>
    public TrackList Recommend(ListenerId listener, int count)
    {
        RequireCount(count);
        var repertoire = _repertoire;
        var memory = repertoire.Memory;
        if (!memory.Knows(listener))
        {
            throw new NotKnownException("listener", listener.Value);
        }
        var plan = repertoire.Planner.Next(new(memory.History(listener), [], [], new HashSet<int>(memory.Banned(listener))) { Facts = repertoire.Facts, KeptOut = repertoire.KeptOut, Trending = TrendingFor(repertoire, listener, _time.GetUtcNow()), People = repertoire.People.Of(listener) }, count);
        return List(repertoire, listener, Describe(repertoire, plan), plan);
    }

    /// <summary>Offers a listener tracks that were chosen elsewhere, such as those of a list made beforehand.</summary>
    /// <param name="choose">Told the repertoire in use; names its rows, best first.</param>
    /// <exception cref="NotKnownException">No such listener.</exception>
    public TrackList Offer(ListenerId listener, Func<Repertoire, IReadOnlyList<ScoredItem>> choose)
    {
        var repertoire = _repertoire;
        if (!repertoire.Memory.Knows(listener))
        {
            throw new NotKnownException("listener", listener.Value);
        }
        var reason = Reason.Of("taste", "close to your taste as a whole", 1);
        return List(repertoire, listener, [.. choose(repertoire).Select((scored, position) => new RecommendedTrack(
            position, repertoire.Catalogue.Tracks[scored.Item], scored.Score, "taste", reason))]);
    }

    /// <summary>The tracks nearest to one in taste space, by cosine, with the tracks of all artists.</summary>
    /// <exception cref="NotKnownException">No such track.</exception>
    public TrackList Similar(TrackId track, int count)
    {
        RequireCount(count);
        var repertoire = _repertoire;
        var row = repertoire.RequireTrack(track);
        var factors = repertoire.Models.Taste.ItemFactors;
        var best = new TopK(Math.Min(count, repertoire.Models.Items - 1));
        for (var other = 0; other < repertoire.Models.Items; other++)
        {
            if (other != row && !repertoire.KeptOut.Contains(other))
            {
                best.Add(other, Vectors.Cosine(factors.Row(row), factors.Row(other)));
            }
        }
        var reason = $"{(repertoire.Models.IsOfSound ? "sounds like" : "heard by those who hear")} {Reasons.Name(repertoire.Catalogue, row)}";
        return List(repertoire, null, [.. best.Take().Select((scored, position) => new RecommendedTrack(
            position, repertoire.Catalogue.Tracks[scored.Item], scored.Score, "taste", Reason.Of("taste", reason, 1)))]);
    }

    // A sitting is used under its lock, and never with rows of a repertoire that went before.
    private T In<T>(RadioSession session, Func<T> use)
    {
        lock (session)
        {
            session.MoveTo(_repertoire);
            return use();
        }
    }

    private void Take(RadioSession session, int track, RadioEvent reaction)
    {
        session.Apply(track, reaction, _time.GetUtcNow());
        if (session.Listener is { } listener && !session.IsPrivate && session.Repertoire.Take(listener, reaction, _time.GetUtcNow()) is not null)
        {
            Tell(listener, session.Repertoire.Catalogue.Tracks[track], reaction,
                session.OfferedIn.TryGetValue(track, out var recommendation) ? recommendation : null);
        }
    }

    private void Tell(ListenerId listener, Track track, RadioEvent reaction, RecommendationId? recommendation)
    {
        var now = _time.GetUtcNow();
        if (reaction.Kind == RadioEventKind.Voted)
        {
            _sink.Voted(new(listener, track.Id, now, reaction.Vote!.Value));
        }
        else if (reaction.IsListen)
        {
            var length = track.Length ?? RadioEvent.UsualLength;
            var told = reaction.Heard ?? (reaction.Kind == RadioEventKind.Played ? length : TimeSpan.Zero);
            var heard = told < length ? told : length;   // an absurd time would put the start before the calendar's
            _sink.Heard(new(listener, track.Id, now - heard, heard, length, ListenOrigin.Radio, recommendation));
        }
    }

    private RadioAnswer Answer(RadioSession session, int count, RecommendationId? again = null)
    {
        var repertoire = session.Repertoire;
        var now = EventFeed.Whole(_time.GetUtcNow());   // as the log keeps it
        var (position, request) = Request(session, repertoire, now);
        var plan = repertoire.Planner.Next(request, count);
        var recommendation = again ?? new(Guid.NewGuid());
        foreach (var track in plan.Tracks)
        {
            session.OfferedIn[track.Track] = recommendation;
        }
        var described = Describe(repertoire, plan);
        Show(repertoire, recommendation, session.Id, session.IsPrivate ? null : session.Listener, described, plan);
        var (toward, away) = Drift.Of(plan.Context);
        var answer = new RadioAnswer(session.Id, recommendation, repertoire.Models.Version, described, toward, away, plan.Shortfall, plan.Repeated);
        if (session is { Began: { } began, Listener: { } listener })
        {
            Answered?.Invoke(new(answer, listener, now, repertoire.LogEnd, began, position, count, plan.Ranker, repertoire.Options));
        }
        return answer;
    }

    internal LocalTrend? TrendingFor(Repertoire repertoire, ListenerId? listener, DateTimeOffset now)
    {
        if (_trends?.Around(listener, now) is not { } trending)
        {
            return null;
        }
        var rows = trending.Tracks.Select(track => (Row: repertoire.Catalogue.Find(track.Track), track.Weight)).Where(found => found.Row is not null);
        return new(trending.Name, [.. rows.Select(found => new ScoredItem(found.Row!.Value, found.Weight))]);
    }

    private TrackList List(Repertoire repertoire, ListenerId? listener, IReadOnlyList<RecommendedTrack> tracks, Plan? plan = null)
    {
        var recommendation = new RecommendationId(Guid.NewGuid());
        Show(repertoire, recommendation, null, listener, tracks, plan);
        return new(recommendation, repertoire.Models.Version, tracks);
    }

    internal void Show(
        Repertoire repertoire, RecommendationId recommendation, SessionId? session, ListenerId? listener, IReadOnlyList<RecommendedTrack> tracks, Plan? plan)
    {
        if (listener is { } id)
        {
            var now = _time.GetUtcNow();
            var seen = plan is null ? null : Observation.OfAnswer(plan.Context, plan.Weighed);   // as it is now: a ranker learns from it later
            _sink.Shown([.. tracks.Select(track => new Impression(
                recommendation, session, id, track.Track.Id, now, track.Position, track.Source, repertoire.Models.Version, "none", track.Propensity)
            {
                Seen = track.Source == RadioPlanner.RepeatSource ? null : seen?[track.Position], Ranker = plan?.Ranker,
            })]);
        }
    }

    private static List<RecommendedTrack> Describe(Repertoire repertoire, Plan plan)
    {
        var reasons = new Reasons(plan);
        return [.. plan.Tracks.Select((track, position) => new RecommendedTrack(
            position, repertoire.Catalogue.Tracks[track.Track], track.Score, track.Candidate.Source, reasons.For(position), plan.Propensities[position]))];
    }

    /// <summary>The repertoire that a sitting may begin in.</summary>
    private Repertoire RequireStart(KnownListener? listener, bool isNew, ListWishes? wishes)
    {
        var repertoire = _repertoire;
        if (listener is { Id: var id } && !isNew && !repertoire.Memory.Knows(id))
        {
            throw new NotKnownException("listener", id.Value);
        }
        repertoire.RequireKnown(wishes ?? ListWishes.None);
        return repertoire;
    }

    private RadioSession Find(SessionId id) => _sessions.Find(id) ?? throw new NotKnownException("session", id.ToString());

    private static void RequireCount(int count)
    {
        if (count is < 1 or > MaxCount)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"count is {count}; allowed are 1 to {MaxCount}.");
        }
    }
}

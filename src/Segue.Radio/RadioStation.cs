using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio.Funnel;
using Segue.Radio.Sessions;

namespace Segue.Radio;

/// <summary>What a radio may begin with; all empty for "just play".</summary>
public sealed record RadioSeeds(IReadOnlyList<TrackId> Tracks, IReadOnlyList<ArtistId> Artists, IReadOnlyList<string> Genres)
{
    public static RadioSeeds None { get; } = new([], [], []);
}

/// <summary>One track of an answer.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Source">The candidate generator that brought it.</param>
public sealed record RecommendedTrack(int Position, Track Track, float Score, string Source, Reason Reason);

/// <summary>An answer of the radio.</summary>
/// <param name="Toward">What this sitting moves to, strongest first.</param>
/// <param name="AwayFrom">What it moves away from, strongest first.</param>
public sealed record RadioAnswer(
    SessionId Session,
    RecommendationId Recommendation,
    string ModelVersion,
    IReadOnlyList<RecommendedTrack> Tracks,
    IReadOnlyList<string> Toward,
    IReadOnlyList<string> AwayFrom);

/// <summary>What is known of reactions before they are taken in, one entry a reaction.</summary>
/// <param name="Lengths">Playing times of the tracks; null where nobody knows.</param>
/// <param name="Offers">The answers that offered the tracks; null where none did.</param>
public sealed record ReactionContext(KnownListener Listener, IReadOnlyList<TimeSpan?> Lengths, IReadOnlyList<RecommendationId?> Offers);

/// <summary>A list outside any sitting.</summary>
public sealed record TrackList(RecommendationId Recommendation, string ModelVersion, IReadOnlyList<RecommendedTrack> Tracks);

/// <summary>Something was asked about that does not exist.</summary>
public sealed class NotKnownException(string what, string id) : Exception($"There is no {what} '{id}'.")
{
    public string What { get; } = what;
    public string Id { get; } = id;
}

/// <summary>The radio: starts sittings, takes reactions in, says what comes next and why. Safe for any number of callers.</summary>
/// <remarks>Sittings live in memory and end with the process. An answer never repeats a track
/// of its sitting (of the newest 10,000, in one that never ends).</remarks>
public sealed class RadioStation
{
    /// <summary>Most tracks that one answer may hold.</summary>
    public const int MaxCount = 100;

    private const int TracksPerGroupSeed = 5;

    // What a listener asks for by name counts as much as a vote: it must outweigh a taste that points elsewhere.
    private const float SeedStrength = 2;
    private readonly Dataset _data;
    private readonly ModelSet _models;
    private readonly RadioPlanner _planner;
    private readonly IFeedbackSink _sink;
    private readonly TimeProvider _time;
    private readonly SessionTable _sessions;
    private readonly ListenerMemory _memory;

    /// <param name="data">What the models were trained on, or the same with listeners added since.</param>
    /// <exception cref="ArgumentException">The models were trained on other data.</exception>
    public RadioStation(Dataset data, ModelSet models, RadioOptions options, IFeedbackSink sink, TimeProvider time)
    {
        if (models.Items != data.Catalogue.Count || models.Users > data.Users.Count)
        {
            throw new ArgumentException(
                $"The models know {models.Items} items and {models.Users} users, the data {data.Catalogue.Count} and {data.Users.Count}: train again.",
                nameof(models));
        }
        (_data, _models, _sink, _time) = (data, models, sink, time);
        _planner = new(data.Catalogue, models, options);
        _sessions = new(options, time);
        _memory = new(data, time);
    }

    public CatalogueIndex Catalogue => _data.Catalogue;
    public string ModelVersion => _models.Version;

    /// <summary>Ids of the listeners that the data knows, in its order.</summary>
    public IReadOnlyList<string> Listeners => _data.Users.Ids;

    /// <summary>Sittings in memory.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Begins a sitting.</summary>
    /// <param name="listener">Null for somebody without a history.</param>
    /// <param name="isNew">True lets an id through that nothing tells of: a new listener.</param>
    /// <param name="isPrivate">True: what happens in the sitting moves its own next tracks and is kept nowhere else.</param>
    /// <exception cref="NotKnownException">The listener or a seed is unknown.</exception>
    public RadioAnswer Start(KnownListener? listener, RadioSeeds seeds, int count, bool isNew = false, bool isPrivate = false)
    {
        RequireCount(count);
        if (listener is { Id: var id } && !isNew && !_memory.Knows(id))
        {
            throw new NotKnownException("listener", id.Value);
        }
        var session = new RadioSession(new(Guid.NewGuid()), listener, isPrivate, _memory.History(listener?.Id), SeedTracks(seeds));
        _sessions.Add(session);
        lock (session)
        {
            return Answer(session, count);
        }
    }

    /// <summary>What comes next. Asking changes nothing: without a reaction between, the answer names the same tracks.</summary>
    /// <exception cref="NotKnownException">No such sitting.</exception>
    public RadioAnswer Next(SessionId id, int count)
    {
        RequireCount(count);
        var session = Find(id);
        lock (session)
        {
            return Answer(session, count);
        }
    }

    /// <summary>Takes reactions in, in their order, and plans anew: for a radio without an event log.</summary>
    /// <exception cref="NotKnownException">No such sitting, or a track is unknown; then none of the reactions was taken.</exception>
    public RadioAnswer React(SessionId id, IReadOnlyList<RadioEvent> events, int count)
    {
        RequireCount(count);
        var session = Find(id);
        var tracks = events.Select(reaction => RequireTrack(reaction.Track)).ToList();
        lock (session)
        {
            for (var n = 0; n < events.Count; n++)
            {
                if (session.IsNew(events[n].Id))
                {
                    Take(session, tracks[n], events[n]);
                }
            }
            return Answer(session, count);
        }
    }

    /// <summary>What a sitting's reactions are, for a log to keep before they are taken in by <see cref="Observe"/>.</summary>
    /// <returns>Null where nothing may be kept: nobody is known to listen, or the sitting is private. Then <see cref="React"/> takes them.</returns>
    /// <exception cref="NotKnownException">No such sitting, or a track is unknown.</exception>
    public ReactionContext? Prepare(SessionId id, IReadOnlyList<RadioEvent> events)
    {
        var session = Find(id);
        var tracks = events.Select(reaction => RequireTrack(reaction.Track)).ToList();
        lock (session)
        {
            return session.Known is not { } listener || session.IsPrivate
                ? null
                : new(listener, [.. tracks.Select(track => Catalogue.Tracks[track].Length)],
                    [.. tracks.Select(track => session.OfferedIn.TryGetValue(track, out var offer) ? offer : (RecommendationId?)null)]);
        }
    }

    /// <summary>Takes in what a listener did, wherever it was done: the next answer follows it. A track that the models do not know changes
    /// nothing but that the listener is known.</summary>
    /// <param name="session">The sitting it belongs to; null, or one that ended: all of the listener's sittings follow it.</param>
    /// <param name="at">When it was done: a vote changes nothing when a newer one on the track is known, whichever came first.</param>
    public void Observe(ListenerId listener, RadioEvent reaction, SessionId? session, DateTimeOffset at)
    {
        if (Catalogue.Find(reaction.Track) is not { } track)
        {
            _memory.Meet(listener);
            return;
        }
        if (reaction.Kind == RadioEventKind.Voted && !_memory.IsNewestVote(listener, track, at))
        {
            return;
        }
        var own = session is { } id ? _sessions.Find(id) : null;
        var followers = own?.Listener == listener ? [own] : _sessions.Of(listener).Where(other => !other.IsPrivate);
        foreach (var follower in followers)
        {
            lock (follower)
            {
                follower.Apply(track, reaction, Catalogue.Tracks[track].Length);
            }
        }
        Remember(listener, track, reaction);
    }

    /// <summary>Tells of a vote that is in the data already: an older one that comes after it changes nothing.</summary>
    public void Know(Vote vote)
    {
        if (Catalogue.Find(vote.Track) is { } track)
        {
            _memory.IsNewestVote(vote.Listener, track, vote.At);
        }
    }

    /// <summary>Keeps a track, or all tracks of an artist, away from a listener until a time; one in the past lets them back.</summary>
    /// <param name="at">When it was said: of each track the newest ban holds, whichever came first.</param>
    public void Ban(ListenerId listener, TrackId? track, ArtistId? artist, DateTimeOffset until, DateTimeOffset at)
        => _memory.Ban(
            listener,
            track is { } id && Catalogue.Find(id) is { } row ? [row]
                : artist is { } name && Catalogue.FindArtist(name) is { } group ? Catalogue.TracksOfArtist(group)
                : [],
            until,
            at);

    /// <summary>Forgets a listener: ends the sittings and drops the history, at once.</summary>
    public void Forget(ListenerId listener)
    {
        _sessions.EndAll(listener);
        _memory.Forget(listener);
    }

    /// <summary>Drops what a listener did since the training, and ends the sittings: for a caller who then tells again what is still to count.</summary>
    public void Restart(ListenerId listener)
    {
        _sessions.EndAll(listener);
        _memory.Restart(listener);
    }

    /// <summary>The tracks that suit a listener best, outside any sitting.</summary>
    /// <exception cref="NotKnownException">No such listener.</exception>
    public TrackList Recommend(ListenerId listener, int count)
    {
        RequireCount(count);
        if (!_memory.Knows(listener))
        {
            throw new NotKnownException("listener", listener.Value);
        }
        var plan = _planner.Next(new(_memory.History(listener), [], [], new HashSet<int>(_memory.Banned(listener))), count);
        return List(listener, Describe(plan));
    }

    /// <summary>The tracks nearest to one in taste space, by cosine, with the tracks of all artists.</summary>
    /// <exception cref="NotKnownException">No such track.</exception>
    public TrackList Similar(TrackId track, int count)
    {
        RequireCount(count);
        var row = RequireTrack(track);
        var factors = _models.Taste.ItemFactors;
        var best = new TopK(Math.Min(count, _models.Items - 1));
        for (var other = 0; other < _models.Items; other++)
        {
            if (other != row)
            {
                best.Add(other, Vectors.Cosine(factors.Row(row), factors.Row(other)));
            }
        }
        var reason = $"heard by those who hear {Reasons.Name(Catalogue, row)}";
        return List(null, [.. best.Take().Select((scored, position) => new RecommendedTrack(
            position, Catalogue.Tracks[scored.Item], scored.Score, "taste", new("taste", reason, 1)))]);
    }

    private void Take(RadioSession session, int track, RadioEvent reaction)
    {
        session.Apply(track, reaction, Catalogue.Tracks[track].Length);
        if (session.Listener is { } listener && !session.IsPrivate
            && (reaction.Kind != RadioEventKind.Voted || _memory.IsNewestVote(listener, track, _time.GetUtcNow())))
        {
            Remember(listener, track, reaction, session.OfferedIn.TryGetValue(track, out var recommendation) ? recommendation : null);
        }
    }

    private void Remember(ListenerId listener, int track, RadioEvent reaction, RecommendationId? recommendation = null)
    {
        var entry = Catalogue.Tracks[track];
        _memory.Add(listener, track, reaction, reaction.Strength(entry.Length));
        var now = _time.GetUtcNow();
        if (reaction.Kind == RadioEventKind.Voted)
        {
            _sink.Voted(new(listener, entry.Id, now, reaction.Vote!.Value));
        }
        else if (reaction.IsListen)
        {
            var length = entry.Length ?? RadioEvent.UsualLength;
            var told = reaction.Heard ?? (reaction.Kind == RadioEventKind.Played ? length : TimeSpan.Zero);
            var heard = told < length ? told : length;   // an absurd time would put the start before the calendar's
            _sink.Heard(new(listener, entry.Id, now - heard, heard, length, ListenOrigin.Radio, recommendation));
        }
    }

    private RadioAnswer Answer(RadioSession session, int count)
    {
        var banned = new HashSet<int>(session.Banned);
        banned.UnionWith(_memory.Banned(session.Listener));
        var plan = _planner.Next(new(session.History, session.Heard, session.Signals, banned), count);
        var recommendation = new RecommendationId(Guid.NewGuid());
        foreach (var track in plan.Tracks)
        {
            session.OfferedIn[track.Track] = recommendation;
        }
        var described = Describe(plan);
        Show(recommendation, session.Id, session.IsPrivate ? null : session.Listener, described);
        var (toward, away) = Drift.Of(plan.Context);
        return new(session.Id, recommendation, _models.Version, described, toward, away);
    }

    private TrackList List(ListenerId? listener, IReadOnlyList<RecommendedTrack> tracks)
    {
        var recommendation = new RecommendationId(Guid.NewGuid());
        Show(recommendation, null, listener, tracks);
        return new(recommendation, _models.Version, tracks);
    }

    private void Show(RecommendationId recommendation, SessionId? session, ListenerId? listener, IReadOnlyList<RecommendedTrack> tracks)
    {
        if (listener is { } id)
        {
            var now = _time.GetUtcNow();
            _sink.Shown([.. tracks.Select(track => new Impression(
                recommendation, session, id, track.Track.Id, now, track.Position, track.Source, _models.Version, "none", Propensity: 1))]);
        }
    }

    private List<RecommendedTrack> Describe(Plan plan)
        => [.. plan.Tracks.Select((track, position) => new RecommendedTrack(
            position, Catalogue.Tracks[track.Track], track.Score, track.Candidate.Source, Reasons.For(track, plan.Context)))];

    /// <summary>The tracks that seeds stand for. Each seed weighs <see cref="SeedStrength"/>, shared among the tracks of an artist or
    /// genre.</summary>
    private Dictionary<int, float> SeedTracks(RadioSeeds seeds)
    {
        var strengths = new Dictionary<int, float>();
        void Add(IReadOnlyList<int> tracks)
        {
            foreach (var track in tracks)
            {
                strengths[track] = Math.Min(SeedStrength, strengths.GetValueOrDefault(track) + SeedStrength / tracks.Count);
            }
        }

        foreach (var track in seeds.Tracks)
        {
            Add([RequireTrack(track)]);
        }
        foreach (var artist in seeds.Artists)
        {
            Add(MostPlayed(Catalogue.TracksOfArtist(Catalogue.FindArtist(artist) ?? throw new NotKnownException("artist", artist.Value))));
        }
        foreach (var genre in seeds.Genres)
        {
            Add(MostPlayed(Catalogue.TracksOfGenre(Catalogue.FindGenre(genre) ?? throw new NotKnownException("genre", genre))));
        }
        return strengths;
    }

    private List<int> MostPlayed(IReadOnlyList<int> tracks)
        => [.. tracks.OrderByDescending(track => _models.Popular.Likes(track)).ThenBy(track => track).Take(TracksPerGroupSeed)];

    private RadioSession Find(SessionId id) => _sessions.Find(id) ?? throw new NotKnownException("session", id.ToString());

    private int RequireTrack(TrackId id) => Catalogue.Find(id) ?? throw new NotKnownException("track", id.Value);

    private static void RequireCount(int count)
    {
        if (count is < 1 or > MaxCount)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"count is {count}; allowed are 1 to {MaxCount}.");
        }
    }
}

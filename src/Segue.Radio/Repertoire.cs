using Segue.Core;
using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio.Funnel;
using Segue.Radio.Sessions;
using Segue.Ranking.Exploring;
using Segue.Ranking.Learnt;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;
using Segue.Retrieval.Onboarding;
using Segue.Retrieval.People;

namespace Segue.Radio;

/// <summary>What a radio plays from: models, the data they were trained on, and what each listener did since. Safe for any number of callers.</summary>
/// <remarks>A station may take another one up while it is on the air. Whoever makes one tells it first what the data does not have, in the order of
/// the log.</remarks>
public sealed class Repertoire
{
    private const int TracksPerGroupSeed = 5;

    // What a listener asks for by name counts as much as a vote: it must outweigh a taste that points elsewhere.
    private const float SeedStrength = 2;

    private readonly TasteIndex _nearest;
    private readonly NewReleases _releases;
    private readonly (IReadOnlyList<Track> Tracks, int First) _more = ([], 0);
    private readonly Lazy<IReadOnlyList<NewTrack>> _new;
    private volatile HashSet<int> _keptOut = [];
    private volatile bool _isInUse;
    private volatile TrackFacts[] _facts = [];
    private volatile OnboardingList? _onboarding;

    /// <param name="data">What the models were trained on, or the same with listeners added since.</param>
    /// <exception cref="ArgumentException">The models were trained on other data.</exception>
    public Repertoire(Dataset data, ModelSet models, RadioOptions options, TimeProvider time)
    {
        if (models.Items != data.Catalogue.Count || models.Users > data.Users.Count)
        {
            throw new ArgumentException(
                $"The models know {models.Items} items and {models.Users} users, the data {data.Catalogue.Count} and {data.Users.Count}: train again.",
                nameof(models));
        }
        models = models.WithSittings(data.Training, options.Sittings);
        (Data, Models, Options) = (data, models, options);
        _nearest = new(models.Taste, models.Trained, models.Index);
        _releases = NewReleases.Of(data.Training, models.Trained.Items);
        Planner = new(data.Catalogue, models, _nearest, _releases, options) { Tags = models.Tags is { } tags ? new(() => TagDirections.Of(tags, models.Published)) : null };
        Memory = new(data, time);
        People = new(data, models);
        _new = new(() => NewTracks.Of(data.Training, options.Exploration.UntilListeners));
    }

    private Repertoire(Repertoire before, IReadOnlyList<Track> more, DenseMatrix factors)
    {
        (Data, Models, Options) = (before.Data.WithTracks(more), before.Models.WithTracks(more, factors), before.Options);
        _nearest = before._nearest.With(Models.Taste);
        _releases = before._releases.With(before.Catalogue.Count, Catalogue.Count);
        Planner = new(Data.Catalogue, Models, _nearest, _releases, Options) { Tags = before.Planner.Tags };   // what came since joins the space with the next training
        (Memory, LogEnd) = (before.Memory, before.LogEnd);   // rows keep their numbers
        _new = new(() => NewTracks.Of(Data.Training, Options.Exploration.UntilListeners));
        People = before.People;   // what came since is liked by nobody yet
        _more = before._isInUse ? (more, before.Catalogue.Count) : ([.. before._more.Tracks, .. more], before.Catalogue.Count - before._more.Tracks.Count);
        (_keptOut, _facts) = (before._keptOut, before._facts);
        (Ranker, Sounds) = (before.Ranker, before.Sounds);
    }

    public Dataset Data { get; }
    public ModelSet Models { get; }

    /// <summary>What orders the radio's lists from now on; null: the hand-weighted score.</summary>
    public LearntRanker? Ranker
    {
        get => Planner.Learnt;
        set => Planner.Learnt = value;
    }

    /// <summary>How tracks sound, by row of this catalogue or of one that it grew from; null: the radio goes without.</summary>
    public DirectionIndex? Sounds
    {
        get => Planner.Sounds;
        set => Planner.Sounds = value;
    }

    public CatalogueIndex Catalogue => Data.Catalogue;

    /// <summary>Events of the log before this offset are in <see cref="Data"/>; those from it on are told.</summary>
    public long LogEnd { get; init; }

    /// <summary>Rows that are offered to nobody.</summary>
    public IReadOnlySet<int> KeptOut => _keptOut;

    /// <summary>What people of a country, an age and a gender like.</summary>
    public PeopleLikeYou People { get; }

    /// <summary>What is known of tracks beside the catalogue, by row; rows behind its end are unknown.</summary>
    internal IReadOnlyList<TrackFacts> Facts => _facts;

    internal RadioOptions Options { get; }
    internal RadioPlanner Planner { get; }
    internal TasteIndex Nearest => _nearest;
    internal ListenerMemory Memory { get; }

    /// <summary>The same with tracks behind that the models were not trained on. What is told to either is known to both.</summary>
    /// <param name="factors">Places of the tracks in taste, shape [tracks × d].</param>
    /// <exception cref="ArgumentException">A track is there already.</exception>
    public Repertoire WithTracks(IReadOnlyList<Track> more, DenseMatrix factors) => new(this, more, factors);

    /// <summary>Makes what the first listener would wait for: indexes over the tracks by taste, sound and tags, and the sittings of the past.</summary>
    public void Prepare()
    {
        _ = (_nearest.Nearest(new float[Models.Taste.Factors], 1, []), Models.Sittings);
        foreach (var directions in (DirectionIndex?[])[Planner.Sounds, Planner.Tags?.Value])
        {
            directions?.Nearest(new float[directions.Dimensions], 1, ExcludedTracks.None);
        }
    }

    /// <summary>From now on these tracks, and no others, are offered to nobody: their files are gone, say, or they are no songs. Who asks for one by name may begin with it.</summary>
    /// <param name="tracks">Those that the catalogue lacks are passed over.</param>
    public void KeepOut(IEnumerable<TrackId> tracks)
    {
        _keptOut = [.. tracks.Select(Catalogue.Find).OfType<int>()];
    }

    /// <summary>Artists to ask a new listener about, the most telling first; what is liked of them makes seeds. Computed when it is asked for first.</summary>
    /// <param name="count">From 1 to <see cref="OnboardingPicks.MaxCount"/>; fewer come where the catalogue has fewer.</param>
    public IEnumerable<OnboardingPick> Onboarding(int count)
    {
        var (keptOut, known) = (_keptOut, _onboarding);
        if (known is null || !ReferenceEquals(known.Without, keptOut))
        {
            _onboarding = known = new(keptOut, [.. OnboardingPicks.Choose(Catalogue, Models, keptOut, OnboardingPicks.MaxCount)]);
        }
        return known.Picks.Take(count);
    }

    /// <summary>Tells of albums and sounds, in place of all that was told of them before.</summary>
    /// <param name="facts">Those of tracks that the catalogue lacks are passed over; nothing is known of the others.</param>
    public void Describe(IEnumerable<KeyValuePair<TrackId, TrackFacts>> facts)
    {
        var byRow = new TrackFacts[Catalogue.Count];
        var isAny = false;
        foreach (var (track, known) in facts)
        {
            if (Catalogue.Find(track) is { } row)
            {
                (byRow[row], isAny) = (known, true);
            }
        }
        _facts = isAny ? byRow : [];
    }

    /// <summary>What a sitting's answer may explore.</summary>
    /// <param name="number">Of the answer: as long as it is the same, so is what chance decides.</param>
    internal (IReadOnlyList<NewTrack> Tracks, ulong Seed)? Exploring(SessionId session, int number)
        => Options.Exploration.Share > 0 ? (_new.Value, SeededRandom.Hash(session.ToString()) + (ulong)number) : null;

    /// <summary>Takes in what a listener did. A track that the models do not know changes nothing but that the listener is known.</summary>
    /// <param name="at">When it was done: a vote changes nothing when a newer one on the track is known, whichever came first.</param>
    /// <returns>The track's row; null when nothing is changed.</returns>
    public int? Take(ListenerId listener, RadioEvent reaction, DateTimeOffset at)
    {
        if (Catalogue.Find(reaction.Track) is not { } track)
        {
            Memory.Meet(listener);
            return null;
        }
        if (reaction.Kind == RadioEventKind.Less)
        {
            Memory.Meet(listener);   // a mood, no taste
            return track;
        }
        if (reaction.Kind == RadioEventKind.Voted && !Memory.IsNewestVote(listener, track, at))
        {
            return null;
        }
        Memory.Add(listener, track, reaction, Catalogue.Tracks[track].Length);
        return track;
    }

    /// <summary>Tells of a vote that is in the data already: an older one that comes after it changes nothing.</summary>
    public void Know(Vote vote)
    {
        if (Catalogue.Find(vote.Track) is { } track)
        {
            Memory.IsNewestVote(vote.Listener, track, vote.At);
        }
    }

    /// <summary>Keeps a track, or all tracks of an artist, away from a listener until a time; one in the past lets them back. Tracks of the artist that come later (see <see cref="WithTracks"/>) are
    /// kept away as well.</summary>
    /// <param name="at">When it was said: of each track the newest ban holds, whichever came first.</param>
    public void Ban(ListenerId listener, TrackId? track, ArtistId? artist, DateTimeOffset until, DateTimeOffset at)
        => Memory.Ban(
            listener,
            track is { } id && Catalogue.Find(id) is { } row ? [row]
                : artist is { } name && Catalogue.FindArtist(name) is { } group ? Catalogue.TracksOfArtist(group)
                : [],
            track is null ? artist : null,
            until,
            at);

    /// <summary>Tracks that are not new to a listener, or not wanted, as of now: heard, refused, banned or kept from everybody; ascending.</summary>
    public int[] NotNewTo(ListenerId listener)
        => _keptOut is { Count: > 0 } keptOut ? [.. Memory.NotNew(listener).Union(keptOut).Order()] : Memory.NotNew(listener);

    /// <summary>The tracks that suit a listener best among those new to them, computed now; without any history the most popular ones.</summary>
    public ScoredItem[] BestNew(ListenerId listener, int count)
    {
        var history = Memory.History(listener);
        if (history.Row >= Models.Users)
        {
            history = history with { Row = null };   // came after the training
        }
        return history.Items.Count == 0
            ? Models.Popular.Recommend(history, count, NotNewTo(listener))
            : _nearest.Nearest(history.Row is { } row ? Models.Taste.UserFactors(row) : Models.Taste.FoldIn(history), count, NotNewTo(listener));
    }

    /// <summary>Lets bans of artists reach the tracks that came behind: before it is taken into use, and after, for a ban may have come in between.</summary>
    internal void ReachWithBans()
    {
        Memory.Grow(_more.Tracks, _more.First);
        _isInUse = true;
    }

    /// <exception cref="NotKnownException">No such track.</exception>
    internal int RequireTrack(TrackId id) => Catalogue.Find(id) ?? throw new NotKnownException("track", id.Value);

    /// <summary>The tracks that seeds stand for. Each seed weighs <see cref="SeedStrength"/>, or so many times that as it is told to, shared among the tracks of an artist, a genre or a playlist; what there is to be less of
    /// weighs as much below 0.</summary>
    /// <param name="mayLack">Whether seeds that are unknown are passed over: they may have been known when they were asked for.</param>
    /// <exception cref="NotKnownException">A seed is unknown.</exception>
    internal Dictionary<int, float> SeedTracks(RadioSeeds seeds, bool mayLack = false)
    {
        var strengths = new Dictionary<int, float>();
        AddSeeds(strengths, seeds, seeds.Weights, SeedStrength, mayLack);
        if (seeds.Less is { } less)
        {
            AddSeeds(strengths, less, seeds.Weights, -SeedStrength, mayLack);
        }
        return strengths;
    }

    private void AddSeeds(Dictionary<int, float> strengths, RadioSeeds seeds, IReadOnlyDictionary<string, float> weights, float strength, bool mayLack)
    {
        void Add(string what, string id, int? found, Func<int, IReadOnlyList<int>> tracksOf)
        {
            if (found is null && !mayLack)
            {
                throw new NotKnownException(what, id);
            }
            Share(found is { } row ? tracksOf(row) : [], weights.GetValueOrDefault(id, 1));
        }

        void Share(IReadOnlyList<int> tracks, float weight)
        {
            foreach (var track in tracks)
            {
                var before = strengths.GetValueOrDefault(track);
                var most = Math.Max(Math.Abs(before), Math.Abs(strength * weight));   // several seeds add up to no more than the heaviest
                strengths[track] = Math.Clamp(before + strength * weight / tracks.Count, -most, most);
            }
        }

        foreach (var track in seeds.Tracks)
        {
            Add("track", track.Value, Catalogue.Find(track), row => [row]);
        }
        foreach (var artist in seeds.Artists)
        {
            Add("artist", artist.Value, Catalogue.FindArtist(artist), group => MostPlayed(Catalogue.TracksOfArtist(group)));
        }
        foreach (var genre in seeds.Genres)
        {
            Add("genre", genre, Catalogue.FindGenre(genre), group => MostPlayed(Catalogue.TracksOfGenre(group)));
        }
        foreach (var playlist in seeds.Playlists)
        {
            Share([.. playlist.Distinct().Where(track => !mayLack || Catalogue.Find(track) is not null).Select(RequireTrack)], 1);
        }
    }

    /// <exception cref="NotKnownException">An artist, genre or tag that wishes name is unknown: keeping to it would play nothing, and leaving it out
    /// would leave out nothing.</exception>
    internal void RequireKnown(ListWishes wishes)
    {
        foreach (var groups in (TrackGroups[])[wishes.Include, wishes.Exclude])
        {
            foreach (var artist in groups.Artists.Where(artist => Catalogue.FindArtist(artist) is null))
            {
                throw new NotKnownException("artist", artist.Value);
            }
            foreach (var genre in groups.Genres.Where(genre => Catalogue.FindGenre(genre) is null))
            {
                throw new NotKnownException("genre", genre);
            }
            foreach (var tag in groups.Tags.Where(tag => !Catalogue.Tracks.Any(track => track.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase))))
            {
                throw new NotKnownException("tag", tag);
            }
        }
    }

    private List<int> MostPlayed(IReadOnlyList<int> tracks)
        => [.. tracks.OrderByDescending(track => Models.Popular.Likes(track)).ThenBy(track => track).Take(TracksPerGroupSeed)];

    private sealed record OnboardingList(HashSet<int> Without, OnboardingPick[] Picks);
}

using System.ComponentModel.DataAnnotations;
using Segue.Core;
using Segue.Events.Wire;
using Segue.Radio;
using Segue.Radio.Sessions;

namespace Segue.Server.Endpoints;

/// <summary>What a radio begins with. The tracks of an artist or a genre are stood for by its most played ones.</summary>
public sealed record SeedsRequest
{
    [MaxLength(MaxOfAKind)]
    public IReadOnlyList<string>? Tracks { get; init; }

    [MaxLength(MaxOfAKind)]
    public IReadOnlyList<string>? Artists { get; init; }

    [MaxLength(MaxOfAKind)]
    public IReadOnlyList<string>? Genres { get; init; }

    /// <summary>Lists of track ids, 500 tracks in all; each list counts as one seed.</summary>
    [MaxLength(MaxOfAKind)]
    public IReadOnlyList<IReadOnlyList<string>?>? Playlists { get; init; }

    /// <summary>What the sitting begins by moving away from. Nothing stands here and above at once.</summary>
    public SeedsRequest? Less { get; init; }

    /// <summary>How much a seed counts, by its id or name: 0.1 to 5; 1 where nothing is said.</summary>
    public IReadOnlyDictionary<string, float>? Weights { get; init; }

    internal const int MaxOfAKind = 100;
    private const int MaxOfPlaylists = 500;   // each is folded in anew for every list
    private const float LeastWeight = 0.1f, MostWeight = 5;

    internal RadioSeeds ToSeeds(string place = "seeds")
    {
        var seeds = new RadioSeeds(
            [.. Input.Ids(Tracks, MaxOfAKind, $"{place}.tracks").Select(id => new TrackId(id))],
            [.. Input.Ids(Artists, MaxOfAKind, $"{place}.artists").Select(id => new ArtistId(id))],
            Input.Ids(Genres, MaxOfAKind, $"{place}.genres"))
        {
            Playlists = ToPlaylists(place),
            Weights = ToWeights(place),
            Less = Less is null ? null
                : place != "seeds" ? throw new BadHttpRequestException($"{place}.less: less of less is not told.")
                : Less.ToSeeds("seeds.less"),
        };
        RequireDistinct(seeds);
        return seeds;
    }

    private List<IReadOnlyList<TrackId>> ToPlaylists(string place)
    {
        Input.InRange(Playlists?.Count ?? 0, 0, MaxOfAKind, $"The number of {place}.playlists");
        Input.InRange((Playlists ?? []).Sum(playlist => playlist?.Count ?? 0), 0, MaxOfPlaylists, $"The number of tracks in {place}.playlists");
        return [.. (Playlists ?? []).Select((playlist, n) => (IReadOnlyList<TrackId>)[.. Input.Ids(playlist, MaxOfAKind, $"{place}.playlists[{n}]").Select(id => new TrackId(id))])];
    }

    private IReadOnlyDictionary<string, float> ToWeights(string place)
    {
        if (Weights is { Count: > 0 } && place != "seeds")
        {
            throw new BadHttpRequestException($"{place}.weights: all weights stand in seeds.weights.");
        }
        foreach (var (id, weight) in Weights ?? new Dictionary<string, float>())
        {
            Input.InRange(weight, LeastWeight, MostWeight, $"seeds.weights of '{id}'");
            string[] named = [.. Tracks ?? [], .. Artists ?? [], .. Genres ?? [], .. Less?.Tracks ?? [], .. Less?.Artists ?? [], .. Less?.Genres ?? []];
            if (!named.Contains(id, StringComparer.Ordinal))
            {
                throw new BadHttpRequestException($"seeds.weights names '{id}', which is no seed.");
            }
        }
        return Weights ?? new Dictionary<string, float>();
    }

    private static void RequireDistinct(RadioSeeds seeds)
    {
        if (seeds.Less is not { } less)
        {
            return;
        }
        static IEnumerable<TrackId> Tracks(RadioSeeds of) => of.Tracks.Concat(of.Playlists.SelectMany(playlist => playlist));
        var both = Tracks(seeds).Intersect(Tracks(less)).Select(track => $"track '{track.Value}'")
            .Concat(seeds.Artists.Intersect(less.Artists).Select(artist => $"artist '{artist.Value}'"))
            .Concat(seeds.Genres.Intersect(less.Genres, StringComparer.OrdinalIgnoreCase).Select(genre => $"genre '{genre}'"));
        if (both.FirstOrDefault() is { } contrary)
        {
            throw new BadHttpRequestException($"seeds and seeds.less both name the {contrary}: a sitting cannot begin with it and away from it.");
        }
    }
}

/// <summary>Begins a sitting at the radio; {} just plays.</summary>
public sealed record StartRequest
{
    /// <summary>Whose taste counts; left out for somebody without a history.</summary>
    public string? Listener { get; init; }

    /// <summary>True: an id that nobody knows yet begins without a history.</summary>
    public bool NewListener { get; init; }
    public SeedsRequest? Seeds { get; init; }

    /// <summary>Tracks to answer with; 5 when left out.</summary>
    [Range(1, RadioStation.MaxCount)]
    public int? Count { get; init; }

    /// <summary>What is asked of all lists of the sitting; left out, nothing.</summary>
    public WishesRequest? Wishes { get; init; }

    /// <summary>True: what happens in the sitting moves its own next tracks, and is kept nowhere.</summary>
    public bool Private { get; init; }
}

/// <summary>What a listener did with one track.</summary>
public sealed record EventRequest
{
    /// <summary>played: heard to its end. skipped: left before it. voted: voted on. less: less like it in this sitting, heard or not.</summary>
    [RegularExpression("^(played|skipped|voted|less)$")]
    public string? Type { get; init; }

    /// <summary>Id of the track.</summary>
    public string? Track { get; init; }

    /// <summary>Time played in seconds, 0 to 86400; not with a vote.</summary>
    public double? HeardSeconds { get; init; }

    /// <summary>1 up, -1 down, 0 withdrawn; with a vote, and only then.</summary>
    [Range(-1, 1)]
    public int? Vote { get; init; }

    /// <summary>The sender's id of the event, new for each of a listener's events: sent again, it counts once. Left out, every event counts.</summary>
    [MaxLength(GivenKeys.MaxIdLength)]
    public string? Id { get; init; }

    internal RadioEvent ToEvent(string place)
    {
        var kind = Type switch
        {
            "played" => RadioEventKind.Played,
            "skipped" => RadioEventKind.Skipped,
            "voted" => RadioEventKind.Voted,
            "less" => RadioEventKind.Less,
            null => throw new BadHttpRequestException($"{place}.type is missing; allowed are played, skipped, voted and less."),
            _ => throw new BadHttpRequestException($"{place}.type is '{Type}'; allowed are played, skipped, voted and less."),
        };
        var track = new TrackId(Input.Id(Track, $"{place}.track"));
        var id = Id is null ? null : Input.Id(Id, $"{place}.id");
        Input.InRange(id?.Length ?? 0, 0, GivenKeys.MaxIdLength, $"The number of characters of {place}.id");
        if (kind == RadioEventKind.Less && HeardSeconds is not null)
        {
            throw new BadHttpRequestException($"{place}.heardSeconds does not belong to less; tell a skip for what was heard.");
        }
        if (kind != RadioEventKind.Voted)
        {
            return Vote is null
                ? new(kind, track, Input.Seconds(HeardSeconds, $"{place}.heardSeconds"), Id: id)
                : throw new BadHttpRequestException($"{place}.vote belongs to type voted only.");
        }
        var vote = Vote ?? throw new BadHttpRequestException($"{place}.vote is missing; allowed are -1, 0 and 1.");
        return HeardSeconds is null
            ? new(kind, track, Vote: (VoteValue)Input.InRange(vote, -1, 1, $"{place}.vote"), Id: id)
            : throw new BadHttpRequestException($"{place}.heardSeconds does not belong to a vote.");
    }
}

/// <summary>Reactions in the order in which they happened.</summary>
public sealed record EventsRequest
{
    internal const int MaxEvents = 100;

    [MinLength(1), MaxLength(MaxEvents)]
    public IReadOnlyList<EventRequest?>? Events { get; init; }

    internal IReadOnlyList<RadioEvent> ToEvents()
    {
        var events = Events ?? throw new BadHttpRequestException("events is missing: a list of 1 to 100 reactions.");
        Input.InRange(events.Count, 1, MaxEvents, "The number of events");
        return [.. events.Select((reaction, n)
            => (reaction ?? throw new BadHttpRequestException($"events[{n}] is null.")).ToEvent($"events[{n}]"))];
    }
}

/// <summary>What comes next in a sitting.</summary>
/// <param name="Session">Id of the sitting.</param>
/// <param name="Recommendation">Id of this answer.</param>
/// <param name="Tracks">Best first; fewer than asked for when no others are left.</param>
/// <param name="Toward">Genres that the sitting moves to, strongest first.</param>
/// <param name="AwayFrom">Genres that it moves away from, strongest first.</param>
/// <param name="Shortfall">Why there are fewer tracks than asked for; null when there are as many.</param>
/// <param name="Repeated">How many tracks, the last ones, were heard lately and come again since nothing else is left.</param>
public sealed record RadioResponse(
    Guid Session,
    Guid Recommendation,
    string ModelVersion,
    IReadOnlyList<RecommendedTrackResponse> Tracks,
    IReadOnlyList<string> Toward,
    IReadOnlyList<string> AwayFrom,
    string? Shortfall,
    int Repeated)
{
    internal static RadioResponse From(RadioAnswer answer) => new(
        answer.Session.Value, answer.Recommendation.Value, answer.ModelVersion,
        RecommendedTrackResponse.From(answer.Tracks), answer.Toward, answer.AwayFrom, answer.Shortfall, answer.Repeated);
}

using Segue.Core;
using Segue.Features.Snapshots;

namespace Segue.Features.Online;

/// <summary>What <see cref="LiveFeatures"/> keeps of a track. What no event changes is the snapshot's.</summary>
internal sealed class TrackState(TrackFeatures known, DateTimeOffset asOf)
{
    public LiveTally Plays { get; } = new(known.Plays);
    public LiveDays Active { get; } = new(known.Active, asOf);
    public long Listeners { get; set; } = known.Listeners;
    public long Likes { get; set; } = known.Likes;
    public long Dislikes { get; set; } = known.Dislikes;
    public ArtistId? Artist => known.Artist;

    public static TrackFeatures Unknown(TrackId track)
        => new(track, null, null, null, null, [], null, PlayTally.None, 0, 0, 0, ActiveTime.Never, 0, null, 0);

    public TrackFeatures Value(ArtistState? artist) => known with
    {
        Plays = Plays.Value,
        Active = Active.Value,
        Listeners = Listeners,
        Likes = Likes,
        Dislikes = Dislikes,
        Followers = artist?.Followers ?? 0,
    };
}

/// <inheritdoc cref="TrackState"/>
internal sealed class ArtistState(ArtistFeatures known, DateTimeOffset asOf)
{
    public LiveTally Plays { get; } = new(known.Plays);
    public LiveDays Active { get; } = new(known.Active, asOf);
    public long Listeners { get; set; } = known.Listeners;
    public long Likes { get; set; } = known.Likes;
    public long Dislikes { get; set; } = known.Dislikes;
    public long Followers { get; set; } = known.Followers;

    public static ArtistFeatures Unknown(ArtistId artist)
        => new(artist, null, null, [], 0, PlayTally.None, 0, 0, 0, ActiveTime.Never, 0, null, 0);

    public ArtistFeatures Value => known with
    {
        Plays = Plays.Value,
        Active = Active.Value,
        Listeners = Listeners,
        Likes = Likes,
        Dislikes = Dislikes,
        Followers = Followers,
    };
}

/// <inheritdoc cref="TrackState"/>
internal sealed class ListenerState
{
    public const int Last = 100;
    private static readonly TimeSpan SessionGap = TimeSpan.FromMinutes(30);
    private readonly ListenerFeatures _known;
    private readonly Dictionary<TrackId, DateTimeOffset> _lastTracks;
    private readonly Dictionary<ArtistId, DateTimeOffset> _lastArtists;
    private long _sessions;

    public ListenerState(ListenerFeatures known, DateTimeOffset asOf)
    {
        (_known, _sessions, Plays, Active) = (known, known.Sessions, new(known.Plays), new(known.Active, asOf));
        (Failed, Likes, Dislikes, Impressions) = (known.Failed, known.Likes, known.Dislikes, known.Impressions);
        (Clicks, ClicksRecommended, PlaysRecommended) = (known.Clicks, known.ClicksRecommended, known.PlaysRecommended);
        _lastTracks = known.LastTracks.ToDictionary(last => last.Id, last => last.At);
        _lastArtists = known.LastArtists.ToDictionary(last => last.Id, last => last.At);
    }

    public LiveTally Plays { get; }
    public LiveDays Active { get; }
    public long Failed { get; set; }
    public long Likes { get; set; }
    public long Dislikes { get; set; }
    public long Impressions { get; set; }
    public long Clicks { get; set; }
    public long ClicksRecommended { get; set; }
    public long PlaysRecommended { get; set; }

    /// <summary>Tracks and artists that were played at least once: a further play adds no listener to them.</summary>
    public HashSet<TrackId> Played { get; } = [];
    public HashSet<ArtistId> PlayedArtists { get; } = [];
    public Dictionary<TrackId, Held> Votes { get; } = [];
    public Dictionary<ArtistId, Held> Follows { get; } = [];

    public static ListenerFeatures Unknown(ListenerId listener)
        => new(listener, AgeBand.Unknown, Gender.Unknown, null, null, ActiveTime.Never, 0, PlayTally.None, 0, null, 0, 0, 0, 0, 0, 0, [], []);

    public void Act(DateTimeOffset at)
    {
        _sessions += Active.Last is { } last && at - last < SessionGap ? 0 : 1;
        Active.Add(at);
    }

    public void PlayedLast(TrackId track, ArtistId? artist, DateTimeOffset at)
    {
        Newest(_lastTracks, track, at, id => id.Value);
        if (artist is { } known)
        {
            Newest(_lastArtists, known, at, id => id.Value);
        }
    }

    public ListenerFeatures Value => _known with
    {
        Plays = Plays.Value,
        Active = Active.Value,
        Sessions = _sessions,
        Failed = Failed,
        Likes = Likes,
        Dislikes = Dislikes,
        Impressions = Impressions,
        Clicks = Clicks,
        ClicksRecommended = ClicksRecommended,
        PlaysRecommended = PlaysRecommended,
        LastTracks = Sorted(_lastTracks, id => id.Value),
        LastArtists = Sorted(_lastArtists, id => id.Value),
    };

    // What was pushed out comes back only with a newer play, so a list of the newest 100 can be kept without the rest.
    private static void Newest<T>(Dictionary<T, DateTimeOffset> last, T id, DateTimeOffset at, Func<T, string> name)
        where T : notnull
    {
        if (last.TryGetValue(id, out var before) && before >= at)
        {
            return;
        }
        last[id] = at;
        if (last.Count > Last)
        {
            last.Remove(last.Aggregate((a, b) => IsAfter(a, b, name) ? a : b).Key);
        }
    }

    // Whether one stands after another in the list: it is older, or as old and of the greater id.
    private static bool IsAfter<T>(KeyValuePair<T, DateTimeOffset> one, KeyValuePair<T, DateTimeOffset> other, Func<T, string> name)
        => one.Value < other.Value || (one.Value == other.Value && Utf8Order.Instance.Compare(name(one.Key), name(other.Key)) > 0);

    private static LastPlayed<T>[] Sorted<T>(Dictionary<T, DateTimeOffset> last, Func<T, string> name)
        where T : notnull
        => [.. last.OrderByDescending(entry => entry.Value).ThenBy(entry => name(entry.Key), Utf8Order.Instance).Select(entry => new LastPlayed<T>(entry.Key, entry.Value))];

    /// <summary>DuckDB's order of texts: by the bytes of their UTF-8, which is that of their code points.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y)
            => System.Text.Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y ?? ""));
    }
}

using System.Runtime.InteropServices;
using Segue.Core;
using Segue.Events;
using Segue.Numerics;

namespace Segue.Features.Trends;

/// <summary>What trends where: decayed counts of what listeners chose, by city, country and world, that follow the events as they come.</summary>
/// <remarks>
/// <para>Counted are listens that were neither skipped nor failed, votes up and tracks put into playlists; what was merely shown is not. The n-th event of a
/// listener on a track adds 2^(1-n), and a listener who never rests for a week from a track never begins anew with it: so nobody holds more than 2.5
/// in any pair by the half-life of three days, and <see cref="LeastWeight"/> asks for more than one listener has. Of one listener 60 events an hour
/// count, whatever the tracks.</para>
/// <para>Counts name no listener. What is kept of listeners is the region, and how often they came lately, by hashes, in a fixed 40 MiB: of more listeners
/// and tracks than that holds, the longest silent begin anew.</para>
/// <para>Thread-safe: one lock, held for a few microseconds by an event or a question; with counters a question looks at all of its region, some ten microseconds for a thousand.</para>
/// </remarks>
public sealed class LiveTrends
{
    /// <summary>A track trends from this weight on.</summary>
    public const float LeastWeight = 3;

    /// <summary>A region answers for itself from so many trending tracks on.</summary>
    public const int LeastTracks = 10;

    /// <summary>Most tracks of one answer.</summary>
    public const int MostTracks = 100;

    /// <summary>Most tracks of a region that may be counted at once, where not all are.</summary>
    public const int MostCounters = 1 << 13;

    /// <summary>What is older weighs less than a thousandth of what is new by either half-life, and need not be told after a start.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private const int World = 0, EventsAnHour = 60, EventsAhead = 32;
    private const float Floor = 0.05f;
    private static readonly int[] WorldAlone = [World];

    private readonly Lock _gate = new();
    private readonly DecayedCounts _hours, _days;
    private readonly RecentCounts _repeats = new(1 << 21, TimeSpan.FromDays(7), slides: true);
    private readonly RecentCounts _speed = new(1 << 19, TimeSpan.FromHours(1), slides: false);
    private readonly HashedRows _rows = new();
    private readonly List<TrackId> _tracks = [];
    private readonly Dictionary<Region, int> _regions = [];
    private readonly Ahead[] _ahead = new Ahead[EventsAhead];
    private (HashedRows Of, List<Home> All) _homes = (new(), []);

    /// <param name="counters">So many tracks of a region are counted at once, and weights are lower bounds: memory is bounded; 0: all, exactly. See <see cref="DecayedCounts"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Neither 0 nor <see cref="MostTracks"/> to <see cref="MostCounters"/>.</exception>
    public LiveTrends(int counters = 0)
        => (_hours, _days) = (new(TimeSpan.FromHours(6), MostTracks, LeastWeight, Floor, counters), new(TimeSpan.FromDays(3), MostTracks, LeastWeight, Floor, counters));

    /// <summary>One for all listeners of a place.</summary>
    private sealed class Home(Region where)
    {
        public Region Where => where;

        /// <summary>The rows for which its listeners count; null before the first event there.</summary>
        public int[]? Regions { get; set; }
    }

    // What is known of an event of a batch before its turn comes.
    private struct Ahead
    {
        public TrackId Name;
        public ulong Listener, Track, Pair;
        public int Row;
        public int[] Regions;
        public DateTimeOffset At;
    }

    /// <summary>From now on listeners are where their profiles say; who has none, or no region, counts for the world alone.</summary>
    public void Know(IEnumerable<ListenerProfile> profiles)
    {
        var (of, homes, places) = (new HashedRows(), new List<Home>(), new Dictionary<Region, int>());
        foreach (var profile in profiles)
        {
            if (profile.Region is { } region)
            {
                if (!places.TryGetValue(region, out var home))
                {
                    places.Add(region, home = homes.Count);
                    homes.Add(new(region));
                }
                of.Set(Hash(profile.Id.Value), home);
            }
        }
        lock (_gate)
        {
            _homes = (of, homes);
        }
    }

    /// <summary>Takes events in. Each is given once, in any order. Many at once cost a fraction of as many alone: the memory that they need is asked for together.</summary>
    public void Apply(params ReadOnlySpan<ListenerEvent> happened)
    {
        lock (_gate)
        {
            while (happened.Length > 0)
            {
                var chunk = happened[..Math.Min(EventsAhead, happened.Length)];
                foreach (ref readonly var next in LookAhead(chunk))
                {
                    Count(next);
                }
                happened = happened[chunk.Length..];
            }
        }
    }

    /// <summary>What trends at a place, or, where fewer than <see cref="LeastTracks"/> tracks do, in its country, or in the world.</summary>
    /// <param name="place">Null: the world.</param>
    /// <param name="now">Weights are as of this moment.</param>
    public TrendingTracks At(Region? place, TrendSpan span, DateTimeOffset now)
    {
        lock (_gate)
        {
            var counts = span == TrendSpan.Hours ? _hours : _days;
            foreach (var where in place is null ? [] : Widening(place))
            {
                if (_regions.TryGetValue(where, out var region) && Trending(counts, region, now) is { Count: >= LeastTracks } tracks)
                {
                    return new(where, tracks);
                }
            }
            return new(null, Trending(counts, World, now));
        }
    }

    /// <summary>What trends where a listener is, over days; the world's where that is not known.</summary>
    public TrendingTracks Around(ListenerId? listener, DateTimeOffset now)
    {
        Region? home;
        lock (_gate)
        {
            home = listener is { } id ? HomeOf(Hash(id.Value))?.Where : null;
        }
        return At(home, TrendSpan.Days, now);
    }

    /// <summary>Whether anything was ever counted for exactly this place.</summary>
    public bool Knows(Region place)
    {
        lock (_gate)
        {
            return _regions.ContainsKey(place);
        }
    }

    /// <summary>The one counted place of a name ("Orsk", "Orsk, Norvia" or "Norvia", in any case); null when there is none, or several.</summary>
    public Region? FindPlace(string name)
    {
        lock (_gate)
        {
            var found = _regions.Keys.Where(region => Names(region).Contains(name, StringComparer.OrdinalIgnoreCase)).Take(2).ToList();
            return found.Count == 1 ? found[0] : null;
        }
    }

    private static string[] Names(Region region)
        => region.City is { } city ? [city, $"{city}, {region.Country}"] : [region.Country];

    private static bool Counts(ListenerEvent happened) => happened.Kind switch
    {
        EventKind.Listen => happened.End is not (EndReason.Failed or EndReason.Skipped)
            && !(happened is { Heard: { } heard, Length: { } length } && 4 * heard < length),
        EventKind.Vote => happened.Value == 1,
        EventKind.PlaylistAdd => true,
        _ => false,
    };

    private static IEnumerable<Region> Widening(Region place)
        => place.City is null ? [new(place.Country)] : [place, new(place.Country)];

    private List<TrendingTrack> Trending(DecayedCounts counts, int region, DateTimeOffset now)
        => [.. counts.Heaviest(region, now).Select(pair => new TrendingTrack(_tracks[pair.Item], pair.Score))
            .OrderByDescending(track => track.Weight).ThenBy(track => track.Track.Value, StringComparer.Ordinal)];   // rows have another order after a restart

    // First what says where an event counts, then where that lies: by the time an event's turn comes, its memory is near.
    private ReadOnlySpan<Ahead> LookAhead(ReadOnlySpan<ListenerEvent> happened)
    {
        var count = 0;
        foreach (var one in happened)
        {
            if (one.Track is { } track && Counts(one))
            {
                ref var next = ref _ahead[count++];
                (next.Name, next.Listener, next.Track, next.At) = (track, Hash(one.Listener.Value), Hash(track.Value), one.At);
                _homes.Of.Prefetch(next.Listener);
                _rows.Prefetch(next.Track);
                _speed.Prefetch(next.Listener);
            }
        }
        foreach (ref var next in _ahead.AsSpan(0, count))
        {
            (next.Row, next.Regions) = (RowOf(next.Track, next.Name), RegionsOf(next.Listener));
            next.Pair = SeededRandom.Mix(next.Listener + ((ulong)next.Row * 0x9E3779B97F4A7C15UL));
            _repeats.Prefetch(next.Pair);
            foreach (var region in next.Regions)
            {
                _hours.Prefetch(region, next.Row);
                _days.Prefetch(region, next.Row);
            }
        }
        return _ahead.AsSpan(0, count);
    }

    private void Count(in Ahead next)
    {
        if (_speed.Next(next.Listener, next.At) > EventsAnHour)
        {
            return;
        }
        var amount = MathF.ScaleB(1, 1 - Math.Min(20, _repeats.Next(next.Pair, next.At)));
        var (hours, days) = (_hours.MomentOf(next.At), _days.MomentOf(next.At));
        foreach (var region in next.Regions)
        {
            _hours.Add(region, next.Row, amount, hours);
            _days.Add(region, next.Row, amount, days);
        }
    }

    private Home? HomeOf(ulong listener) => _homes.Of.Find(listener) is >= 0 and var home ? _homes.All[home] : null;

    private int[] RegionsOf(ulong listener)
        => HomeOf(listener) is { } home ? home.Regions ??= [World, .. Widening(home.Where).Select(RegionRow)] : WorldAlone;

    private int RegionRow(Region region)
    {
        if (!_regions.TryGetValue(region, out var row))
        {
            _regions.Add(region, row = _regions.Count + 1);
        }
        return row;
    }

    private int RowOf(ulong hash, TrackId track)
    {
        var row = _rows.Find(hash);
        if (row < 0)
        {
            _rows.Set(hash, row = _tracks.Count);
            _tracks.Add(track);
        }
        return row;
    }

    // Equal in every process, unlike string.GetHashCode: an answer after a restart is that of before.
    private static ulong Hash(string text)
    {
        const ulong Odd = 0x9E3779B97F4A7C15UL;
        var fours = MemoryMarshal.Cast<char, ulong>(text.AsSpan());
        var hash = (ulong)text.Length * Odd;
        foreach (var four in fours)
        {
            var high = Math.BigMul(hash ^ four, Odd, out var low);
            hash = high ^ low;
        }
        foreach (var unit in text.AsSpan(4 * fours.Length))
        {
            hash = SeededRandom.Mix(hash + unit + Odd);
        }
        return SeededRandom.Mix(hash);
    }
}

using Segue.Numerics.Search;

namespace Segue.Retrieval.Sounds;

/// <summary>What makes two tracks one recording.</summary>
public sealed record SoundDuplicateOptions
{
    /// <summary>Least cosine of the two vectors, in [0.5, 1].</summary>
    public float Cosine { get; init; } = 0.98f;

    /// <summary>Durations may differ by so much, or by <see cref="Share"/> if that is more; not negative.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of the longer duration that the two may differ by, in [0, 0.5].</summary>
    public double Share { get; init; } = 0.01;

    /// <summary>Told two tracks that agree in all else: whether they are one recording, by their fingerprints say. Called one at a time. Null: they are.</summary>
    public Func<int, int, bool>? Agree { get; init; }

    public int Threads { get; init; } = 1;
}

/// <summary>Tracks that seem to be one recording.</summary>
/// <param name="Tracks">Rows of the catalogue, ascending; at least two.</param>
/// <param name="Similarities">Cosine of each with the first.</param>
public sealed record SoundDuplicateGroup(IReadOnlyList<int> Tracks, IReadOnlyList<float> Similarities);

/// <summary>Finds tracks that are in the catalogue more than once.</summary>
/// <remarks>
/// Tracks are ordered by duration, and each is compared with those alone that are as long: of a million songs some ten thousand. All pairs among these are compared, so
/// nothing is missed. Groups are closed: a like b and b like c puts all three together. Takes a second copy of the vectors, in that order.
/// </remarks>
public static class SoundDuplicates
{
    /// <param name="durationOf">Duration of a track; tracks of zero are compared with none.</param>
    /// <returns>Groups by their first track.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IReadOnlyList<SoundDuplicateGroup> Find(
        SoundSpace space, Func<int, TimeSpan> durationOf, SoundDuplicateOptions options, CancellationToken cancellation = default)
    {
        Require(options);
        var timed = Enumerable.Range(0, space.Count).Select(place => (Track: space.TrackAt(place), Duration: durationOf(space.TrackAt(place))))
            .Where(track => track.Duration > TimeSpan.Zero).OrderBy(track => track.Duration).ThenBy(track => track.Track).ToArray();
        var (rows, row) = (new UnitRows(space.Dimensions), new float[space.Dimensions]);
        foreach (var (track, _) in timed)
        {
            space.Rows.Read(space.PlaceOf(track), row);
            rows.Append(row);
        }
        var groups = new Groups(timed.Length);
        var blocks = (timed.Length + UnitScan.MostQueries - 1) / UnitScan.MostQueries;
        Numerics.Workers.For(blocks, options.Threads, block => Compare(rows, timed, block * UnitScan.MostQueries, options, groups), cancellation);
        return groups.Of(timed, space);
    }

    private static void Require(SoundDuplicateOptions options)
    {
        if (options.Cosine is not (>= 0.5f and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Cosine, "The least cosine of duplicates lies in [0.5, 1].");
        }
        if (options.Tolerance < TimeSpan.Zero || options.Share is not (>= 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(options), (options.Tolerance, options.Share), "Durations differ by 0 seconds or more, and by a share in [0, 0.5].");
        }
    }

    // A block of tracks with those behind them that may be as long.
    private static void Compare(UnitRows rows, (int Track, TimeSpan Duration)[] timed, int from, SoundDuplicateOptions options, Groups groups)
    {
        using var scan = new UnitScan(rows);
        var (to, row) = (Math.Min(timed.Length, from + UnitScan.MostQueries), new float[rows.Columns]);
        for (var n = from; n < to; n++)
        {
            rows.Read(n, row);
            scan.Add(row, options.Cosine);
        }
        var end = to;
        while (end < timed.Length && AreAsLong(timed[to - 1].Duration, timed[end].Duration, options))
        {
            end++;
        }
        scan.Run(from, end, withOffsets: false, (query, place, _) =>
        {
            if (place > from + query && AreAsLong(timed[from + query].Duration, timed[place].Duration, options))
            {
                groups.Join(from + query, place, options.Agree is null ? null : (a, b) => options.Agree(timed[a].Track, timed[b].Track));
            }
            return options.Cosine;
        });
    }

    private static bool AreAsLong(TimeSpan shorter, TimeSpan longer, SoundDuplicateOptions options)
        => longer - shorter is var difference && (difference <= options.Tolerance || difference <= longer * options.Share);

    /// <summary>Which tracks are together: the same whatever the order of joining.</summary>
    private sealed class Groups(int count)
    {
        private readonly int[] _parents = [.. Enumerable.Range(0, count)];
        private readonly Lock _gate = new();

        public void Join(int a, int b, Func<int, int, bool>? agree)
        {
            lock (_gate)
            {
                var (first, second) = (Root(a), Root(b));
                if (first != second && agree?.Invoke(a, b) != false)
                {
                    _parents[Math.Max(first, second)] = Math.Min(first, second);
                }
            }
        }

        public IReadOnlyList<SoundDuplicateGroup> Of((int Track, TimeSpan Duration)[] timed, SoundSpace space)
            => [.. Enumerable.Range(0, timed.Length).GroupBy(Root, n => timed[n].Track).Select(group => group.Order().ToArray()).Where(tracks => tracks.Length > 1)
                .OrderBy(tracks => tracks[0]).Select(tracks => new SoundDuplicateGroup(tracks, Array.ConvertAll(tracks, track => space.Similarity(tracks[0], track))))];

        private int Root(int n)
        {
            while (_parents[n] != n)
            {
                n = _parents[n] = _parents[_parents[n]];
            }
            return n;
        }
    }
}

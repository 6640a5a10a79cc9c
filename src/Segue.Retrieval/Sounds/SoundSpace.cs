using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Sounds;

/// <summary>A track found by its sound.</summary>
/// <param name="Track">Row of the catalogue.</param>
/// <param name="Similarity">Cosine with what was asked for, in [-1, 1].</param>
/// <param name="Score">What the list is ordered by; equals <paramref name="Similarity"/> where hubs are not held back.</param>
public readonly record struct SoundMatch(int Track, float Similarity, float Score);

/// <summary>How a space of sounds holds its hubs back: see <see cref="HubCorrection"/>.</summary>
public sealed record SoundSpaceOptions
{
    /// <summary>Neighbors k whose mean similarity says how crowded a track's surroundings are; 1 to 1000.</summary>
    public int Neighbors { get; init; } = 10;

    /// <summary>Tracks, drawn once, among which those neighbors are looked for; 0 holds no hub back. A catalogue that has no more is taken whole.</summary>
    public int Anchors { get; init; } = 16_384;

    /// <summary>Decides which tracks are drawn.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads of what takes long; no result depends on them.</summary>
    public int Threads { get; init; } = Workers.Default;
}

/// <summary>The sound vectors of all tracks that have one, and the exact search among them.</summary>
/// <remarks>
/// A snapshot: it never changes, so any number of requests may use it while tracks are added. <see cref="With"/> appends to memory that all snapshots share and returns
/// a new snapshot that sees more of it: adding costs the added tracks alone, and now and then a copy of eight bytes a track. Only the newest snapshot can be added to.
/// Vectors are float16 (<see cref="UnitRows"/>): 2 (d + 4) bytes a track, 264 MB for a million at d = 128.
/// </remarks>
public sealed class SoundSpace
{
    private readonly SoundStore _store;
    private readonly int[] _trackAt, _placeOf;   // shared with later snapshots, which write beyond what this one reads

    private SoundSpace(string modelVersion, SoundStore store)
        => (ModelVersion, _store, Count, _trackAt, _placeOf) = (modelVersion, store, store.Rows.Count, store.TrackAt, store.PlaceOf);

    /// <param name="modelVersion">Which model made the vectors; vectors of different models have nothing to do with each other.</param>
    /// <param name="tracks">Rows of the catalogue, in any order, each once.</param>
    /// <param name="vectors">Their vectors in the same order, shape [tracks × d], of any length but 0; not kept.</param>
    /// <exception cref="ArgumentException">A track stands twice or is negative, a vector is zero or not finite, or the numbers disagree.</exception>
    public static SoundSpace Create(
        string modelVersion, IReadOnlyList<int> tracks, DenseMatrix vectors, SoundSpaceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelVersion);
        ArgumentNullException.ThrowIfNull(vectors);
        var store = new SoundStore(vectors.Columns);
        store.Append(tracks, vectors);
        store.Hubs = HubCorrection.Of(store.Rows, options ?? new(), cancellation);
        store.Hubs?.Correct(store.Rows, 0, cancellation);
        return new(modelVersion, store);
    }

    /// <summary>Tracks that have a vector.</summary>
    public int Count { get; }

    /// <summary>Which model made the vectors.</summary>
    public string ModelVersion { get; }

    /// <summary>Dimensions d of a vector.</summary>
    public int Dimensions => _store.Rows.Columns;

    /// <summary>Whether lists can hold hubs back.</summary>
    public bool IsCorrected => _store.Hubs is not null;

    /// <summary>Bytes of the vectors, those of later snapshots included.</summary>
    public long Bytes => _store.Rows.Bytes;

    internal UnitRows Rows => _store.Rows;

    /// <summary>A snapshot that has further tracks; this one stays as it is.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Create"/>, or a track is here already; then nothing was added.</exception>
    /// <exception cref="InvalidOperationException">This is not the newest snapshot.</exception>
    public SoundSpace With(IReadOnlyList<int> tracks, DenseMatrix vectors)
    {
        lock (_store)
        {
            if (_store.Rows.Count != Count)
            {
                throw new InvalidOperationException($"Tracks were added since: this snapshot has {Count}, the newest {_store.Rows.Count}. Add to that one.");
            }
            _store.Append(tracks, vectors);
            _store.Hubs?.Correct(_store.Rows, Count, CancellationToken.None);   // half done, nothing could be added any more
            return new(ModelVersion, _store);
        }
    }

    /// <summary>Whether a row of the catalogue has a vector here.</summary>
    public bool Has(int track) => PlaceOf(track) >= 0;

    /// <summary>The track at a place in the order of adding.</summary>
    public int TrackAt(int place) => place < Count ? _trackAt[place] : throw new ArgumentOutOfRangeException(nameof(place), place, $"There are {Count} tracks.");

    /// <summary>A track's vector, of length 1.</summary>
    /// <exception cref="ArgumentException">The track has no sound here.</exception>
    public float[] Vector(int track)
    {
        var vector = new float[Dimensions];
        Rows.Read(RequirePlace(track), vector);
        return vector;
    }

    /// <summary>Cosine of two tracks' vectors, in [-1, 1].</summary>
    /// <inheritdoc cref="Vector"/>
    public float Similarity(int track, int other) => Math.Clamp(Vectors.Dot(Vector(track), Vector(other)), -1, 1);

    /// <summary>The tracks that sound most like one, without that one, best first; equal scores in the order of adding.</summary>
    /// <param name="keep">Told a track; false leaves it out. Must be safe for several threads. Null keeps all.</param>
    /// <param name="holdHubsBack">Orders by similarity less how crowded both tracks' surroundings are, where the space knows that.</param>
    /// <inheritdoc cref="Vector"/>
    public SoundMatch[] Nearest(int track, int count, Func<int, bool>? keep = null, bool holdHubsBack = true, int threads = 1)
        => NearestOfAll([track], count, keep, holdHubsBack, threads)[0];

    /// <summary>As <see cref="Nearest(int, int, Func{int, bool}?, bool, int)"/> for many tracks at once: each takes a fraction of the time of one.</summary>
    public SoundMatch[][] NearestOfAll(
        IReadOnlyList<int> tracks, int count, Func<int, bool>? keep = null, bool holdHubsBack = true, int threads = 1, CancellationToken cancellation = default)
    {
        var queries = new DenseMatrix(tracks.Count, Dimensions);
        for (var n = 0; n < tracks.Count; n++)
        {
            Rows.Read(RequirePlace(tracks[n]), queries.Row(n));
        }
        var found = Search(queries, count, (query, track) => track != tracks[query] && keep?.Invoke(track) != false, holdHubsBack, threads, cancellation);
        for (var n = 0; holdHubsBack && n < tracks.Count; n++)
        {
            var own = Rows.Offset(PlaceOf(tracks[n]));
            found[n] = Array.ConvertAll(found[n], match => match with { Score = match.Score + own });
        }
        return found;
    }

    /// <summary>The tracks nearest in direction to each of some vectors.</summary>
    /// <param name="vectors">Shape [queries × d], finite, of any length; a zero one gets the first tracks.</param>
    /// <param name="keep">Told the query and a track; false leaves the track out of that list. Must be safe for several threads.</param>
    /// <returns>Lists, best first.</returns>
    public SoundMatch[][] Search(
        DenseMatrix vectors, int count, Func<int, int, bool>? keep = null, bool holdHubsBack = true, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Shape.RequireSame(Dimensions, vectors.Columns);
        var queries = new DenseMatrix(vectors.Rows, Dimensions);
        for (var n = 0; n < vectors.Rows; n++)
        {
            var length = Vectors.Norm(vectors.Row(n));
            Vectors.AddScaled(queries.Row(n), vectors.Row(n), length > 0 ? 1 / length : 0);
        }
        var found = UnitSearch.Nearest(
            Rows, Count, queries, count, holdHubsBack, keep is null ? null : (query, place) => keep(query, _trackAt[place]), threads, cancellation);
        return Array.ConvertAll(found, list => Array.ConvertAll(list, item => new SoundMatch(
            _trackAt[item.Item], Math.Clamp(holdHubsBack ? item.Score - Rows.Offset(item.Item) : item.Score, -1, 1), item.Score)));
    }

    /// <summary>The place of a track in the order of adding; -1 where it has no sound here.</summary>
    internal int PlaceOf(int track)
        => (uint)track < (uint)_placeOf.Length && _placeOf[track] is var place && place < Count ? place : -1;

    private int RequirePlace(int track) => PlaceOf(track) is >= 0 and var place ? place : throw new ArgumentException($"The sound of track {track} is not known.", nameof(track));
}

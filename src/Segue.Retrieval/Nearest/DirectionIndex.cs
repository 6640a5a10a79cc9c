using System.Runtime.CompilerServices;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Nearest;

/// <summary>Tracks as directions, by their sound or by their tags: the vector of a track, and the tracks of greatest cosine with what was kept and skipped, exactly.</summary>
/// <remarks>
/// Searches go over bytes (<see cref="ByteIndex"/>) and have the last word in float32; hubs of a space of sounds are not held back here. Takes 5 d + 12 bytes a track that has a
/// vector, 652 MB for a million at d = 128. Tracks that came since have an index of their own, until they are a fourth of the others: then all are indexed anew. Immutable, for any number of threads.
/// </remarks>
public sealed class DirectionIndex
{
    private const int PartOfAll = 4;
    private readonly Part _first;
    private readonly Part? _added;
    private readonly ConditionalWeakTable<TrackChoice, Choices> _choices = [];

    private DirectionIndex(string modelVersion, Part first, Part? added) => (ModelVersion, _first, _added) = (modelVersion, first, added);

    /// <param name="modelVersion">Which model made the vectors.</param>
    /// <param name="tracks">Rows of the catalogue, in any order, each once.</param>
    /// <param name="vectors">Their vectors in the same order, shape [tracks × d], finite, of any length but 0; not kept.</param>
    /// <exception cref="ArgumentException">A track stands twice or is negative, a vector is zero or not finite, or the numbers disagree.</exception>
    public static DirectionIndex Create(string modelVersion, IReadOnlyList<int> tracks, DenseMatrix vectors)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelVersion);
        return new(modelVersion, new(tracks, vectors), null);
    }

    /// <summary>Which model made the vectors.</summary>
    public string ModelVersion { get; }

    /// <summary>Tracks that have a vector.</summary>
    public int Count => _first.Tracks.Length + (_added?.Tracks.Length ?? 0);

    /// <summary>Dimensions d of a vector.</summary>
    public int Dimensions => _first.Vectors.Columns;

    /// <summary>The same with tracks that came since.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Create"/>, or a track is here already.</exception>
    public DirectionIndex With(IReadOnlyList<int> tracks, DenseMatrix vectors)
    {
        if (tracks.FirstOrDefault(Has, -1) is >= 0 and var track)
        {
            throw new ArgumentException($"Track {track} has a vector already; an index of changed vectors is made anew.", nameof(tracks));
        }
        if (tracks.Count == 0)
        {
            return this;
        }
        Shape.RequireSame(Dimensions, vectors.Columns);
        Part since = new(tracks, vectors), added = _added is null ? since : Part.Of(_added, since);
        return PartOfAll * added.Tracks.Length < _first.Tracks.Length ? new(ModelVersion, _first, added) : new(ModelVersion, Part.Of(_first, added), null);
    }

    /// <summary>Whether a row of the catalogue has a vector here.</summary>
    public bool Has(int track) => _first.PlaceOf(track) >= 0 || _added?.PlaceOf(track) >= 0;

    /// <summary>A track's vector, of length 1; empty where it has none.</summary>
    public ReadOnlySpan<float> Vector(int track)
        => _first.PlaceOf(track) is >= 0 and var place ? _first.Vectors.Row(place)
            : _added?.PlaceOf(track) is >= 0 and var behind ? _added.Vectors.Row(behind)
            : [];

    /// <summary>The sum of what was kept minus what was skipped: Σ weight · vector, length d. Tracks without a vector say nothing.</summary>
    /// <returns>Null where nothing of a weight above 0 has a vector: then there is only something to turn from.</returns>
    public float[]? Toward(IEnumerable<(int Track, float Weight)> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        var (sum, isKept) = (new float[Dimensions], false);
        foreach (var (track, weight) in told)
        {
            if (Vector(track) is { IsEmpty: false } vector)
            {
                Numerics.Vectors.AddScaled(sum, vector, weight);
                isKept |= weight > 0;
            }
        }
        return isKept ? sum : null;
    }

    /// <summary>The tracks of greatest inner product with a direction, best first; equal ones by row. O(tracks · d) at worst; bounds leave most of it out.</summary>
    /// <param name="direction">Length d, finite.</param>
    /// <param name="excluded">What may not be found.</param>
    public ScoredItem[] Nearest(ReadOnlySpan<float> direction, int count, ExcludedTracks excluded)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(excluded);
        Shape.RequireSame(Dimensions, direction.Length);
        if (count == 0)
        {
            return [];
        }
        var choices = excluded.Filter is { } filter ? _choices.GetValue(filter, choice => new(_first.Choose(choice), _added?.Choose(choice))) : null;
        var found = _first.Nearest(direction, count, excluded.Rows, choices?.First);
        if (_added is null)
        {
            return found;
        }
        ScoredItem[] all = [.. found, .. _added.Nearest(direction, count, excluded.Rows, choices?.Added)];
        Array.Sort(all, ScoredItem.BestFirst);
        return all.Length > count ? all[..count] : all;
    }

    private sealed record Choices(ItemChoice First, ItemChoice? Added);

    /// <summary>Tracks with their vectors, by row, and the index over them.</summary>
    private sealed class Part
    {
        private readonly int[] _placeOf;
        private readonly Lazy<IndexPart> _index;

        /// <param name="areUnits">The vectors have the length 1 already: brought to it again, their last bits would change.</param>
        public Part(IReadOnlyList<int> tracks, DenseMatrix vectors, bool areUnits = false)
        {
            Shape.RequireSame(vectors.Rows, tracks.Count);
            int[] order = [.. Enumerable.Range(0, tracks.Count).OrderBy(n => tracks[n])];
            Tracks = Array.ConvertAll(order, n => tracks[n]);
            Vectors = new(tracks.Count, vectors.Columns);
            _placeOf = new int[Tracks.Length == 0 ? 0 : Tracks[^1] + 1];
            Array.Fill(_placeOf, -1);
            for (var place = 0; place < Tracks.Length; place++)
            {
                var track = Tracks[place];
                if (track < 0 || _placeOf[track] >= 0)
                {
                    throw new ArgumentException($"Track {track} stands twice, or is negative.", nameof(tracks));
                }
                if (!UnitRows.IsDirection(vectors.Row(order[place])))
                {
                    throw new ArgumentException($"The vector of track {track} has no direction: its values are all zero, or not all finite.", nameof(vectors));
                }
                _placeOf[track] = place;
                vectors.Row(order[place]).CopyTo(Vectors.Row(place));
                if (!areUnits)
                {
                    Numerics.Vectors.Normalize(Vectors.Row(place));
                }
            }
            _index = new(() => new(new ByteIndex(Vectors, Workers.Default)));
        }

        /// <summary>Rows of the catalogue, ascending.</summary>
        public int[] Tracks { get; }

        /// <summary>Of length 1, in the order of the tracks.</summary>
        public DenseMatrix Vectors { get; }

        /// <summary>The tracks of both.</summary>
        public static Part Of(Part part, Part other)
        {
            var all = new DenseMatrix(part.Tracks.Length + other.Tracks.Length, part.Vectors.Columns);
            part.Vectors.AsSpan().CopyTo(all.AsSpan());
            other.Vectors.AsSpan().CopyTo(all.AsSpan()[part.Vectors.AsSpan().Length..]);
            return new([.. part.Tracks, .. other.Tracks], all, areUnits: true);
        }

        public int PlaceOf(int track) => (uint)track < (uint)_placeOf.Length ? _placeOf[track] : -1;

        public ItemChoice Choose(TrackChoice choice) => _index.Value.Choose(place => choice.Allows(Tracks[place]));

        public ScoredItem[] Nearest(ReadOnlySpan<float> direction, int count, ReadOnlySpan<int> excluded, ItemChoice? choice)
        {
            var places = new List<int>(excluded.Length);
            foreach (var track in excluded)   // ascending, as places are
            {
                if (PlaceOf(track) is >= 0 and var place)
                {
                    places.Add(place);
                }
            }
            return Array.ConvertAll(
                _index.Value.Nearest(direction, count, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(places), choice), found => found with { Item = Tracks[found.Item] });
        }
    }
}

using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Sounds;

/// <summary>What the snapshots of a <see cref="SoundSpace"/> share: rows that only grow, and which track stands where.</summary>
internal sealed class SoundStore(int dimensions)
{
    private const int LargestTrack = int.MaxValue / 2;

    public UnitRows Rows { get; } = new(dimensions);

    /// <summary>Null where no hub is held back.</summary>
    public HubCorrection? Hubs { get; set; }

    /// <summary>The track at each place. Elements that a snapshot reads are never written again.</summary>
    public int[] TrackAt { get; private set; } = new int[16];

    /// <summary>The place of each track; -1 for none.</summary>
    public int[] PlaceOf { get; private set; } = [];

    /// <exception cref="ArgumentException">Something is wrong with what is given; then nothing was added.</exception>
    public void Append(IReadOnlyList<int> tracks, DenseMatrix vectors)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        Require(tracks, vectors);
        for (var n = 0; n < tracks.Count; n++)
        {
            var place = Rows.Append(vectors.Row(n));
            TrackAt = place == TrackAt.Length ? Grown(TrackAt, 2 * place) : TrackAt;
            PlaceOf = tracks[n] >= PlaceOf.Length ? Grown(PlaceOf, Math.Max(2 * PlaceOf.Length, tracks[n] + 1)) : PlaceOf;
            (TrackAt[place], PlaceOf[tracks[n]]) = (tracks[n], place);
        }
    }

    private void Require(IReadOnlyList<int> tracks, DenseMatrix vectors)
    {
        if (tracks.Count != vectors.Rows || vectors.Columns != Rows.Columns)
        {
            throw new ArgumentException(
                $"{tracks.Count} tracks need {tracks.Count} vectors of {Rows.Columns} dimensions; there are {vectors.Rows} of {vectors.Columns}.", nameof(vectors));
        }
        var seen = new HashSet<int>();
        for (var n = 0; n < tracks.Count; n++)
        {
            var track = tracks[n];
            if (track is < 0 or > LargestTrack)
            {
                throw new ArgumentException($"Track {n} of those given is row {track}; allowed are 0 to {LargestTrack}.", nameof(tracks));
            }
            if (!seen.Add(track) || (track < PlaceOf.Length && PlaceOf[track] >= 0))
            {
                throw new ArgumentException($"Track {track} has a vector already; a space of changed vectors is made anew.", nameof(tracks));
            }
            if (!UnitRows.IsDirection(vectors.Row(n)))
            {
                throw new ArgumentException($"The vector of track {track} has no direction: its values are all zero, or not all finite.", nameof(vectors));
            }
        }
    }

    private static int[] Grown(int[] array, int length)
    {
        var grown = new int[length];
        array.CopyTo(grown, 0);
        grown.AsSpan(array.Length).Fill(-1);
        return grown;
    }
}

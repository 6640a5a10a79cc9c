using System.Globalization;
using Segue.Core;
using Segue.Events.Catalogue;

namespace Segue.Events.Resolving;

/// <summary>Finds the track that a sender means: by its id, its MBID, its ISRC, or its artist, title and duration.</summary>
/// <remarks>
/// A description that matches nothing becomes a track of its own, whose id is a function of that description alone, never of what was
/// resolved before: so a stream gives the same tracks in any order. Thread-safe; <see cref="Replace"/> may come at any time. A look-up by
/// id allocates nothing. A recording takes about 230 B, beside its own strings.
/// </remarks>
public sealed class RecordingResolver(IEnumerable<CatalogueRecording> catalogue)
{
    // Threads count in cells of their own cache lines: one shared counter would cost more than the look-up that it counts.
    private const int Cells = 16, CellSize = 16;
    private readonly long[] _counts = new long[Cells * CellSize];
    private volatile RecordingIndex _index = new(catalogue);

    /// <summary>Recordings of the catalogue in use.</summary>
    public int CatalogueSize => _index.Count;

    /// <summary>The sum over all threads; while they run, a moment's approximation.</summary>
    public MatchCounts Counts => new(
        Sum(MatchedBy.Id), Sum(MatchedBy.UnknownId), Sum(MatchedBy.Mbid), Sum(MatchedBy.Isrc), Sum(MatchedBy.Text), Sum(MatchedBy.Described));

    /// <summary>Takes another catalogue into use, at once for all look-ups that begin after it. O(n log n).</summary>
    public void Replace(IEnumerable<CatalogueRecording> catalogue) => _index = new(catalogue);

    public Resolution Resolve(TrackId track)
    {
        var index = _index;
        return Count(index.ById(track.Value) is { } row ? index.At(row, MatchedBy.Id) : new(track, null, MatchedBy.UnknownId));
    }

    /// <summary>The playing time of a track that was named by its id, in UTF-8; null when the catalogue does not know it. Allocates nothing.</summary>
    internal TimeSpan? LengthOf(ReadOnlySpan<byte> id)
    {
        var index = _index;
        var row = index.ById(id);
        Note(row is null ? MatchedBy.UnknownId : MatchedBy.Id);
        return row is { } known ? index.LengthOf(known) : null;
    }

    /// <summary>MBID, else ISRC, else text. Where several recordings carry one name, the one within 3 s of <paramref name="duration"/>
    /// and nearest to it is meant, else one of unknown length; without a duration the earliest released, then the smallest id.</summary>
    /// <param name="description">Its codes are in the form of <see cref="RecordingCodes"/>; it has a code, or artist and title.</param>
    /// <exception cref="ArgumentException">It has neither.</exception>
    public Resolution Resolve(RecordingDescription description, TimeSpan? duration)
    {
        var index = _index;
        if (description.Mbid is { } mbid && index.ByMbid(mbid) is { } byMbid)
        {
            return Count(index.At(byMbid, MatchedBy.Mbid));
        }
        if (description.Isrc is { } isrc && index.ByIsrc(isrc) is { } byIsrc)
        {
            return Count(index.At(byIsrc, MatchedBy.Isrc));
        }
        var text = description is { Artist: { } artist, Title: { } title } ? RecordingIndex.TextKey(artist, title) : default(UInt128?);
        if (text is { } key && index.ByText(key, duration) is { } byText)
        {
            return Count(index.At(byText, MatchedBy.Text));
        }
        return Count(new(DescribedTrack(description, text), null, MatchedBy.Described));
    }

    private static TrackId DescribedTrack(RecordingDescription description, UInt128? text) => new((description, text) switch
    {
        ({ Mbid: { } mbid }, _) => $"mbid:{mbid}",
        ({ Isrc: { } isrc }, _) => $"isrc:{isrc}",
        (_, { } key) => $"text:{key.ToString("x32", CultureInfo.InvariantCulture)}",
        _ => throw new ArgumentException("A description has a code, or artist and title.", nameof(description)),
    });

    private Resolution Count(Resolution resolution)
    {
        Note(resolution.By);
        return resolution;
    }

    private void Note(MatchedBy by) => Interlocked.Increment(ref _counts[Environment.CurrentManagedThreadId % Cells * CellSize + (int)by]);

    private long Sum(MatchedBy by)
    {
        var sum = 0L;
        for (var cell = 0; cell < Cells; cell++)
        {
            sum += Interlocked.Read(ref _counts[cell * CellSize + (int)by]);
        }
        return sum;
    }
}

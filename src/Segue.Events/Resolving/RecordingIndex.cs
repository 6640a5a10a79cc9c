using System.Runtime.InteropServices;
using System.Text;
using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Events.Normalizing;

namespace Segue.Events.Resolving;

/// <summary>The catalogue by id, MBID, ISRC and folded artist + title. Immutable.</summary>
/// <remarks>Where several recordings share a name, the earliest released comes first, then the smallest id: the order in which the
/// catalogue was given does not matter.</remarks>
internal sealed class RecordingIndex
{
    private const long DurationToleranceMs = 3_000;
    private const int None = -1;

    private readonly TrackId[] _tracks;
    private readonly int[] _lengthsMs;   // 0: unknown
    private readonly int[] _nextOfText;
    private readonly Dictionary<string, int> _byId;
    private readonly Dictionary<Guid, int> _byMbid = [];
    private readonly Dictionary<string, int> _byIsrc = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, (int First, int Last)> _byText = [];

    public RecordingIndex(IEnumerable<CatalogueRecording> catalogue)
    {
        var recordings = catalogue
            .OrderBy(recording => recording.ReleasedOn ?? DateOnly.MaxValue)
            .ThenBy(recording => recording.Track.Id.Value, StringComparer.Ordinal)
            .ToArray();
        _tracks = new TrackId[recordings.Length];
        _lengthsMs = new int[recordings.Length];
        _nextOfText = new int[recordings.Length];
        _byId = new(recordings.Length, Utf8Comparer.Instance);
        for (var row = 0; row < recordings.Length; row++)
        {
            Add(recordings[row], row);
        }
    }

    public int Count => _tracks.Length;

    /// <returns>The row, or null.</returns>
    public int? ById(string id) => _byId.TryGetValue(id, out var row) ? row : null;

    /// <inheritdoc cref="ById(string)"/>
    public int? ById(ReadOnlySpan<byte> id)
        => _byId.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(id, out var row) ? row : null;

    public int? ByMbid(string mbid) => _byMbid.TryGetValue(Guid.ParseExact(mbid, "D"), out var row) ? row : null;

    public int? ByIsrc(string isrc) => _byIsrc.TryGetValue(isrc, out var row) ? row : null;

    /// <summary>With a duration: the nearest within 3 s, else the first of unknown length. Without: the first.</summary>
    public int? ByText(UInt128 text, TimeSpan? duration)
    {
        if (!_byText.TryGetValue(text, out var chain))
        {
            return null;
        }
        if (duration is not { } stated)
        {
            return chain.First;
        }
        var (nearest, distance, unknown) = (None, DurationToleranceMs + 1, None);
        for (var row = chain.First; row != None; row = _nextOfText[row])
        {
            if (_lengthsMs[row] == 0)
            {
                unknown = unknown == None ? row : unknown;
            }
            else if (Math.Abs(_lengthsMs[row] - (long)stated.TotalMilliseconds) is var apart && apart < distance)
            {
                (nearest, distance) = (row, apart);
            }
        }
        return nearest != None ? nearest : unknown != None ? unknown : null;
    }

    public Resolution At(int row, MatchedBy by) => new(_tracks[row], LengthOf(row), by);

    public TimeSpan? LengthOf(int row) => _lengthsMs[row] > 0 ? TimeSpan.FromMilliseconds(_lengthsMs[row]) : null;

    /// <summary>128 bits of the SHA-256 of folded artist, NUL, folded title.</summary>
    public static UInt128 TextKey(string artist, string title)
    {
        var text = Encoding.UTF8.GetBytes($"{TextFolding.Artist(artist)}\0{TextFolding.Title(title)}");
        return QuickSha256.First128(text);
    }

    private void Add(CatalogueRecording recording, int row)
    {
        var track = recording.Track;
        (_tracks[row], _nextOfText[row]) = (track.Id, None);
        _lengthsMs[row] = track.Length is { } length ? (int)Math.Clamp(length.TotalMilliseconds, 1, int.MaxValue) : 0;
        _byId.TryAdd(track.Id.Value, row);
        if (recording.Mbid is { } mbid && Guid.TryParseExact(mbid, "D", out var code))
        {
            _byMbid.TryAdd(code, row);
        }
        if (recording.Isrc is { } isrc)
        {
            _byIsrc.TryAdd(isrc, row);
        }
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(_byText, TextKey(track.Artist.Name, track.Title), out var known);
        if (known)
        {
            _nextOfText[chain.Last] = row;
        }
        chain = (known ? chain.First : row, row);
    }
}

namespace Segue.Audio.Embedding;

/// <summary>One track that encoders learn from.</summary>
/// <param name="Spectra">As in <see cref="TrackFeatures.Spectra"/>; at least one window.</param>
/// <param name="Album">Number of the album, below 0 where it is not known; as <paramref name="Artist"/>.</param>
public sealed record SoundExample(ReadOnlyMemory<byte> Spectra, int Album = -1, int Artist = -1)
{
    internal int Windows => Spectra.Length / TrackFeatures.WindowBytes;

    internal ReadOnlyMemory<byte> Window(int window) => Spectra.Slice(window * TrackFeatures.WindowBytes, TrackFeatures.WindowBytes);
}

/// <summary>Which tracks an objective calls alike.</summary>
public enum Likeness
{
    /// <summary>Two windows of one track.</summary>
    SameTrack,

    /// <summary>Tracks of one album, and of one artist where the album is not known.</summary>
    SameAlbum,

    /// <summary>Tracks that listeners hear together.</summary>
    CoListened,
}

/// <summary>The tracks that encoders learn from, and who is like whom. Immutable; safe for any number of callers.</summary>
public sealed class SoundCorpus
{
    private readonly int[][] _groups;
    private readonly (int First, int Second)[] _pairs;

    /// <param name="tracks">In any order; it decides the draws.</param>
    /// <param name="pairs">Tracks, by place, that are heard together.</param>
    /// <exception cref="ArgumentException">There are fewer than two tracks, or one has no whole windows.</exception>
    public SoundCorpus(IReadOnlyList<SoundExample> tracks, IReadOnlyList<(int First, int Second)>? pairs = null)
    {
        if (tracks.Count < 2)
        {
            throw new ArgumentException($"An encoder needs at least two tracks to learn from; there are {tracks.Count}.", nameof(tracks));
        }
        if (tracks.FirstOrDefault(track => track.Windows == 0 || track.Spectra.Length % TrackFeatures.WindowBytes != 0) is { } wrong)
        {
            throw new ArgumentException($"A spectrum has {wrong.Spectra.Length} bytes; whole windows of {TrackFeatures.WindowBytes} are needed.", nameof(tracks));
        }
        Tracks = tracks;
        _pairs = [.. pairs ?? []];
        _groups = [.. Enumerable.Range(0, tracks.Count)
            .Where(track => tracks[track].Album >= 0 || tracks[track].Artist >= 0)
            .GroupBy(track => tracks[track].Album >= 0 ? (tracks[track].Album, -1) : (-1, tracks[track].Artist))
            .Select(group => group.ToArray())
            .Where(group => group.Length > 1)];
        Scale = SpectrumScale.Measure(tracks.SelectMany(track => Enumerable.Range(0, track.Windows).Select(window => track.Window(window))));
    }

    public IReadOnlyList<SoundExample> Tracks { get; }

    /// <summary>Of all windows.</summary>
    public SpectrumScale Scale { get; }

    /// <summary>Whether enough is known to learn from a likeness: four groups at least, so that a batch has something to tell apart.</summary>
    public bool Knows(Likeness likeness) => likeness switch
    {
        Likeness.SameTrack => true,
        Likeness.SameAlbum => _groups.Length >= 4,
        _ => _pairs.Length >= 4,
    };

    /// <summary>Draws the windows of a batch and which of them are alike.</summary>
    /// <param name="windows">Receives the windows.</param>
    /// <param name="groups">Receives the group of each; each group has two or more. No track is in two groups; but a pair that is known beside the drawn ones may lie in two groups of a batch, and is pushed apart in that step.</param>
    internal void Draw(Likeness likeness, int count, ref Numerics.SeededRandom random, List<ReadOnlyMemory<byte>> windows, List<int> groups)
    {
        windows.Clear();
        groups.Clear();
        switch (likeness)
        {
            case Likeness.SameTrack:
                DrawTracks(count, ref random, windows, groups);
                break;
            case Likeness.SameAlbum:
                DrawAlbums(count, ref random, windows, groups);
                break;
            default:
                DrawPairs(count, ref random, windows, groups);
                break;
        }
    }

    // Two different windows where there are two; else the same one, which augmentation then makes different.
    private void DrawTracks(int count, ref Numerics.SeededRandom random, List<ReadOnlyMemory<byte>> windows, List<int> groups)
    {
        foreach (var track in Sample(Tracks.Count, Math.Min(count / 2, Tracks.Count), ref random))
        {
            var first = random.NextInt(Tracks[track].Windows);
            var second = Tracks[track].Windows == 1 ? 0 : (first + 1 + random.NextInt(Tracks[track].Windows - 1)) % Tracks[track].Windows;
            Add(track, first, track, windows, groups);
            Add(track, second, track, windows, groups);
        }
    }

    private void DrawAlbums(int count, ref Numerics.SeededRandom random, List<ReadOnlyMemory<byte>> windows, List<int> groups)
    {
        const int OfAlbum = 4;
        foreach (var group in Sample(_groups.Length, Math.Min(Math.Max(4, count / OfAlbum), _groups.Length), ref random))
        {
            var members = _groups[group];
            var taken = Math.Min(Math.Min(Math.Max(OfAlbum, count / _groups.Length), members.Length), count - windows.Count);
            if (taken < 2)
            {
                break;   // one alone would be like nothing
            }
            foreach (var member in Sample(members.Length, taken, ref random))
            {
                Add(members[member], random.NextInt(Tracks[members[member]].Windows), group, windows, groups);
            }
        }
    }

    private void DrawPairs(int count, ref Numerics.SeededRandom random, List<ReadOnlyMemory<byte>> windows, List<int> groups)
    {
        var drawn = new HashSet<int>();
        foreach (var place in Sample(_pairs.Length, Math.Min(count, _pairs.Length), ref random))
        {
            var (first, second) = _pairs[place];
            if (windows.Count + 2 <= count && !drawn.Contains(first) && !drawn.Contains(second) && first != second)
            {
                drawn.Add(first);
                drawn.Add(second);
                Add(first, random.NextInt(Tracks[first].Windows), place, windows, groups);
                Add(second, random.NextInt(Tracks[second].Windows), place, windows, groups);
            }
        }
    }

    private void Add(int track, int window, int group, List<ReadOnlyMemory<byte>> windows, List<int> groups)
    {
        windows.Add(Tracks[track].Window(window));
        groups.Add(group);
    }

    // The first elements of a random order of [0, n): Floyd's method, O(count).
    private static int[] Sample(int n, int count, ref Numerics.SeededRandom random)
    {
        var chosen = new HashSet<int>(count);
        var order = new List<int>(count);
        for (var last = n - count; last < n; last++)
        {
            var drawn = random.NextInt(last + 1);
            var taken = chosen.Add(drawn) ? drawn : last;
            chosen.Add(taken);
            order.Add(taken);
        }
        var sample = order.ToArray();
        random.Shuffle<int>(sample);
        return sample;
    }
}

namespace Segue.Evaluation.Lab;

/// <summary>The last tracks a listener heard and when: what fatigue is made of. A ring of bounded size; not thread-safe.</summary>
internal sealed class LabMemory
{
    public const int Capacity = 50;

    /// <summary>Hours after which the weariness of a track counts half.</summary>
    private const double TrackHalfLife = 12;

    /// <summary>Hours after which the weariness of an artist's other tracks counts half.</summary>
    private const double ArtistHalfLife = 0.75;

    private const double TrackWeight = 2.2, ArtistWeight = 0.45, Most = 4;

    private readonly (int Track, int Second)[] _heard;
    private int _count;

    public LabMemory() => _heard = new (int, int)[Capacity];

    public LabMemory(LabMemory other) => (_heard, _count) = ([.. other._heard], other._count);

    /// <param name="second">Seconds since the world's start.</param>
    public void Add(int track, int second) => _heard[_count++ % Capacity] = (track, second);

    /// <summary>What repeats take off the utility of a track now, in [0, 4]: each recent hearing of the track itself, less for one who
    /// loves repeats, and each of other tracks of its artist. Hearings dated after <paramref name="second"/> do not count.</summary>
    /// <param name="artists">The artist of each track.</param>
    /// <param name="repeatAppetite">In [0, 1].</param>
    public double Fatigue(int track, int second, int[] artists, double repeatAppetite)
    {
        var artist = artists[track];
        double fatigue = 0;
        foreach (var (heard, at) in _heard.AsSpan(0, Math.Min(_count, Capacity)))
        {
            if (artists[heard] != artist || at > second)
            {
                continue;
            }
            var hours = (second - at) / 3600.0;
            fatigue += heard == track
                ? TrackWeight * (1 - 0.6 * repeatAppetite) * double.Exp2(-hours / TrackHalfLife)
                : ArtistWeight * double.Exp2(-hours / ArtistHalfLife);
        }
        return Math.Min(fatigue, Most);
    }
}

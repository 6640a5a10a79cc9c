using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Retrieval;

/// <summary>New tracks by what they can score at most for a listener of unit length. Immutable; 12 bytes a track.</summary>
internal sealed class ReleaseOrder
{
    private const double HalfLife = 14;   // days

    public ReleaseOrder(NewReleases releases, ImplicitAlsModel taste)
    {
        Of = taste;
        var tracks = releases.Tracks.Select(release => (release.Track, Fresh: (float)Math.Pow(2, -release.Days / HalfLife)))
            .Select(release => (release.Track, release.Fresh, Most: release.Fresh * Vectors.Norm(taste.ItemFactors.Row(release.Track))))
            .OrderByDescending(release => release.Most).ThenBy(release => release.Track).ToList();
        (Tracks, Freshness, Most) = ([.. tracks.Select(release => release.Track)], [.. tracks.Select(release => release.Fresh)], [.. tracks.Select(release => release.Most)]);
        GC.KeepAlive(taste);
    }

    /// <summary>The model whose factors were looked at.</summary>
    public ImplicitAlsModel Of { get; }

    public int[] Tracks { get; }

    /// <summary>2^(−days since it came ÷ 14), by track, in (0, 1].</summary>
    public float[] Freshness { get; }

    /// <summary>Freshness times the length of the factors: falls.</summary>
    public float[] Most { get; }
}

using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>What a listener wants to hear right now: a point in style space near one taste, wandering while the session lasts.</summary>
internal sealed class LabMood
{
    /// <summary>Chance that a session is about something outside the listener's tastes.</summary>
    private const double OffProfile = 0.05;

    /// <summary>Share of the whole profile in a mood.</summary>
    private const float ProfileShare = 0.25f;

    /// <summary>Mean step from track to track, on a sphere of radius 1: after 10 tracks about 20 degrees.</summary>
    public const float Wander = 0.1f;

    private readonly float[] _point = new float[LabStyles.Dimensions];

    public LabMood(LabListener listener, LabGenres genres, double[] genreShares, ref SeededRandom random)
    {
        Taste = random.NextBool(OffProfile) ? -1 : listener.DrawTaste(ref random);
        Genre = Taste >= 0 ? listener.TasteGenres[Taste] : DrawGenre(genreShares, ref random);
        (Taste >= 0 ? listener.Taste(Taste) : genres.Center(Genre)).CopyTo(_point);
        for (var i = 0; i < _point.Length; i++)
        {
            _point[i] += ProfileShare * (listener.Profile[i] - _point[i]);
        }
        LabStyles.Normalize(_point);
    }

    /// <summary>The listener's taste behind the mood; -1 when the mood is outside all of them.</summary>
    public int Taste { get; }

    public int Genre { get; }

    /// <summary>A unit vector.</summary>
    public ReadOnlySpan<float> Point => _point;

    public void Drift(ref SeededRandom random) => LabStyles.AddNoise(_point, Wander, ref random);

    private static int DrawGenre(double[] shares, ref SeededRandom random)
    {
        var left = random.NextDouble();
        var genre = Array.FindIndex(shares, share => (left -= share) < 0);
        return genre >= 0 ? genre : Array.FindLastIndex(shares, share => share > 0);
    }
}

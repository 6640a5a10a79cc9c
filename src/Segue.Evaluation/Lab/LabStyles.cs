using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>The names of the lab's independent random streams.</summary>
internal static class LabStreams
{
    public const ulong Genres = 1, Artists = 2, Tracks = 3, Order = 4, Leanings = 5, Listeners = 6, History = 7;
    public const ulong Sitting = 8, Drift = 9, Reaction = 10, Affinity = 11, Intercept = 12, Calibration = 13, NewTastes = 14;
    public const ulong SoundOfArtist = 15, SoundOfTrack = 16, Playlists = 17;
}

/// <summary>The space in which tracks, tastes and moods lie: unit vectors of <see cref="Dimensions"/> numbers, met by cosine.</summary>
internal static class LabStyles
{
    public const int Dimensions = 16;

    /// <summary>target ← the unit vector along center + spread · noise, where the noise has length 1 on average.</summary>
    public static void DrawNear(ReadOnlySpan<float> center, float spread, ref SeededRandom random, Span<float> target)
    {
        center.CopyTo(target);
        AddNoise(target, spread, ref random);
    }

    /// <summary>Moves a unit vector by noise of mean length <paramref name="spread"/>, and back to length 1.</summary>
    public static void AddNoise(Span<float> style, float spread, ref SeededRandom random)
    {
        var deviation = spread / MathF.Sqrt(Dimensions);
        for (var i = 0; i < Dimensions; i++)
        {
            style[i] += deviation * (float)random.NextNormal();
        }
        Normalize(style);
    }

    /// <summary>Scales to length 1; a zero vector stays zero.</summary>
    public static void Normalize(Span<float> style)
    {
        var norm = Vectors.Norm(style);
        for (var i = 0; norm > 0 && i < style.Length; i++)
        {
            style[i] /= norm;
        }
    }
}

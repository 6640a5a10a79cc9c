using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>What is true of one simulated listener, none of which a recommender may see.</summary>
internal sealed record LabListener
{
    public const int MostTastes = 4;

    public required int Index { get; init; }

    /// <summary>Genre of each taste, 1 to <see cref="MostTastes"/> of them.</summary>
    public byte[] TasteGenres { get; init; } = [];

    /// <summary>Shares of the tastes, strongest first on average; they sum to 1.</summary>
    public float[] TasteWeights { get; init; } = [];

    /// <summary>Unit vectors, shape [tastes × dimensions].</summary>
    public float[] Tastes { get; init; } = [];

    /// <summary>The weighted middle of all tastes, a unit vector.</summary>
    public float[] Profile { get; init; } = [];

    /// <summary>Pull of the general taste, in [0, 1].</summary>
    public float Mainstream { get; init; }

    /// <summary>Added to every utility: mean 0; low for one who skips much.</summary>
    public float Tolerance { get; init; }

    /// <summary>Love of hearing a thing again, in [0, 1].</summary>
    public float RepeatAppetite { get; init; }

    /// <summary>Mean sessions a day.</summary>
    public float SessionsPerDay { get; init; }

    /// <summary>Median tracks of a session.</summary>
    public float SessionMedian { get; init; }

    /// <summary>The release day that the listener is most at home with, relative to the world's start.</summary>
    public float Era { get; init; }

    public int TasteCount => TasteGenres.Length;

    public ReadOnlySpan<float> Taste(int taste) => Tastes.AsSpan(taste * LabStyles.Dimensions, LabStyles.Dimensions);

    public int DrawTaste(ref SeededRandom random)
    {
        var left = random.NextDouble();
        for (var taste = 0; taste < TasteCount - 1; taste++)
        {
            if ((left -= TasteWeights[taste]) < 0)
            {
                return taste;
            }
        }
        return TasteCount - 1;
    }

    /// <summary>Tracks of one session: log-normal, in [1, 200]. Its long tail is that of real sessions.</summary>
    public int DrawSessionLength(ref SeededRandom random)
        => (int)Math.Clamp(Math.Round(SessionMedian * Math.Exp(0.8 * random.NextNormal())), 1, 200);
}

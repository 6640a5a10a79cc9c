using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>The genres of every lab world. Names are fixed; where each lies in style space follows from the seed.</summary>
internal sealed class LabGenres
{
    /// <summary>How far a genre leans to its family's center, so that rock is nearer to metal than to house.</summary>
    private const float FamilyPull = 0.55f;

    /// <summary>Most popular first.</summary>
    private static readonly (string Name, int Family)[] Table =
    [
        ("pop", 0), ("rock", 1), ("hip hop", 2), ("house", 3), ("indie rock", 1), ("r&b", 2), ("latin pop", 4), ("metal", 5),
        ("country", 6), ("techno", 3), ("folk", 6), ("indie pop", 0), ("soul", 2), ("jazz", 7), ("ambient", 8), ("punk", 5),
        ("reggae", 4), ("classical", 8), ("blues", 7), ("drum and bass", 3),
    ];

    private readonly float[] _centers = new float[Table.Length * LabStyles.Dimensions];

    public LabGenres(ulong seed)
    {
        var random = new SeededRandom(seed, LabStreams.Genres);
        var families = new float[Table.Max(genre => genre.Family) + 1][];
        for (var family = 0; family < families.Length; family++)
        {
            families[family] = new float[LabStyles.Dimensions];
            LabStyles.AddNoise(families[family], 1, ref random);
        }
        for (var genre = 0; genre < Table.Length; genre++)
        {
            var center = _centers.AsSpan(genre * LabStyles.Dimensions, LabStyles.Dimensions);
            LabStyles.AddNoise(center, 1, ref random);
            Vectors.AddScaled(center, families[Table[genre].Family], FamilyPull);
            LabStyles.Normalize(center);
        }
    }

    public static int Count => Table.Length;

    public static string Name(int genre) => Table[genre].Name;

    /// <summary>The share of all plays that a genre aims at; the shares sum to 1 and fall from about 12 % to about 3 %.</summary>
    public static double[] TargetShares()
    {
        var shares = Enumerable.Range(0, Count).Select(genre => Math.Pow(genre + 4, -0.8)).ToArray();
        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    public ReadOnlySpan<float> Center(int genre) => _centers.AsSpan(genre * LabStyles.Dimensions, LabStyles.Dimensions);
}

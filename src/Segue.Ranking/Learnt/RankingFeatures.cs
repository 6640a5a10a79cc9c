using Segue.Retrieval;

namespace Segue.Ranking.Learnt;

/// <summary>Which part of <see cref="ScoreParts"/> a feature speaks for.</summary>
public enum ScorePart
{
    /// <summary>None: it is the same for all tracks of an answer.</summary>
    Answer,
    Taste,
    Session,
    Genre,
    Artist,
    CoListen,
    Popularity,
}

/// <summary>One number that a ranker sees of a track.</summary>
/// <param name="Name">Short, for tables.</param>
/// <param name="Part">The part of the score that it counts to.</param>
/// <param name="Meaning">A few words for a person, with the range.</param>
public sealed record RankingFeature(string Name, ScorePart Part, string Meaning);

/// <summary>The numbers that a ranker sees of a track, whichever models made them: those of the context, and behind them those of latent factors.</summary>
/// <remarks>
/// Context features mean the same under any version of the models, so what was logged under one may be learnt from under another. Factor features do
/// not: the directions of factors are others after each training from new starting values. Their columns, with d factors: x∘y (d), s∘y (d), x (d), s (d), y (d), where x are the
/// listener's, s the sitting's and y the track's factors; a linear ranker weighs directions of likeness by the first two.
/// </remarks>
public static class RankingFeatures
{
    /// <summary>Features of the context, by column.</summary>
    public static IReadOnlyList<RankingFeature> Context { get; } =
    [
        new("taste", ScorePart.Taste, "the part of long-term taste in the hand-weighted score"),
        new("session", ScorePart.Session, "the part of this sitting in it"),
        new("genre", ScorePart.Genre, "the part of kept minus skipped by genre"),
        new("artist", ScorePart.Artist, "the part of kept minus skipped by artist"),
        new("co-listen", ScorePart.CoListen, "the part of what others heard around"),
        new("popularity", ScorePart.Popularity, "the part of popularity"),
        new("from session", ScorePart.Session, "1: the sitting's factors brought it"),
        new("from co-listen", ScorePart.CoListen, "1: neighbors brought it"),
        new("from taste", ScorePart.Taste, "1: taste brought it"),
        new("from genre", ScorePart.Genre, "1: its genre brought it"),
        new("from trending", ScorePart.Popularity, "1: it trends"),
        new("from popular", ScorePart.Popularity, "1: popularity brought it"),
        new("heard", ScorePart.Taste, "log2(1 + liking) of the track among the newest 300 of the history"),
        new("refused", ScorePart.Taste, "refusal of the track there, 0 to 3"),
        new("lately", ScorePart.Taste, "1/2 for each 20 tracks heard since it was; 0: not heard"),
        new("artist heard", ScorePart.Artist, "log2(1 + liking) of the artist there"),
        new("genre heard", ScorePart.Genre, "share of the likings there that are of the genre, 0 to 1"),
        new("artist again", ScorePart.Artist, "tracks of the artist in this sitting, skipped ones too, 0 to 5"),
        new("genre now", ScorePart.Genre, "strength of the last reaction if it was to this genre, -2 to 2"),
        new("artist now", ScorePart.Artist, "strength of the last reaction if it was to this artist, -2 to 2"),
        new("like kept", ScorePart.Session, "cosine to the last kept track, -1 to 1"),
        new("like skipped", ScorePart.Session, "cosine to the last skipped track, -1 to 1"),
        new("fresh", ScorePart.Popularity, "1: came after the models were trained"),
        new("tracks so far", ScorePart.Answer, "log2(1 + reactions in this sitting)"),
        new("kept so far", ScorePart.Answer, "(kept + 1) / (reactions + 2) in this sitting, 0 to 1"),
        new("position", ScorePart.Answer, "log2(1 + place in the answer); 0 where a ranker serves"),
    ];

    /// <summary>Column of the place in the answer, which no ranker may see where it serves.</summary>
    public const int Position = 25;

    /// <summary>Features of the context.</summary>
    internal const int Width = Position + 1;

    /// <summary>Columns of the cosines to the last kept and the last skipped track.</summary>
    internal const int LikeKept = 20, LikeSkipped = 21;

    /// <summary>Context features that are kept with an impression: all but the place, which it has anyway.</summary>
    internal const int Kept = Position;

    private static readonly (string Name, ScorePart Part)[] Factors =
    [
        ("taste x track", ScorePart.Taste), ("session x track", ScorePart.Session), ("taste factor", ScorePart.Answer), ("session factor", ScorePart.Answer),
        ("track factor", ScorePart.Popularity),
    ];

    /// <summary>Features with d factors.</summary>
    /// <param name="factors">d; 0: the context alone.</param>
    public static int Count(int factors) => Context.Count + Factors.Length * factors;

    /// <summary>Names of all features by column.</summary>
    public static IReadOnlyList<string> Names(int factors)
        => [.. Context.Select(feature => feature.Name), .. Factors.SelectMany(block => Enumerable.Range(0, factors).Select(f => $"{block.Name} {f}"))];

    /// <summary>The part of the score that a column counts to.</summary>
    public static ScorePart PartOf(int column, int factors)
        => column < Context.Count ? Context[column].Part : Factors[(column - Context.Count) / factors].Part;

    /// <summary>Writes the factor features behind those of the context.</summary>
    /// <param name="row">All features, length <see cref="Count"/> of d.</param>
    /// <param name="taste">x, length d.</param>
    /// <param name="session">s, length d.</param>
    /// <param name="track">y, length d.</param>
    internal static void WriteFactors(Span<float> row, ReadOnlySpan<float> taste, ReadOnlySpan<float> session, ReadOnlySpan<float> track)
    {
        var d = track.Length;
        var at = Context.Count;
        for (var f = 0; f < d; f++)
        {
            row[at + f] = taste[f] * track[f];
            row[at + d + f] = session[f] * track[f];
            row[at + 2 * d + f] = taste[f];
            row[at + 3 * d + f] = session[f];
            row[at + 4 * d + f] = track[f];
        }
    }

    /// <summary>The column of a source's mark; null for sources that have none.</summary>
    internal static int? ColumnOf(Candidate candidate) => candidate.Source switch
    {
        "session" => 6,
        "co-listen" => 7,
        "taste" => 8,
        "genre" => 9,
        "trending" => 10,
        "popular" => 11,
        _ => null,
    };
}

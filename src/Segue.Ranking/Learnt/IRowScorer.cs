using Segue.Numerics;

namespace Segue.Ranking.Learnt;

/// <summary>The tracks of one answer, for a ranker to score at once.</summary>
/// <param name="Context">Context features, row after row, at least [tracks × <see cref="RankingFeatures.Width"/>]; the place is 0.</param>
/// <param name="Taste">The listener's factors x, length d; not looked at by rankers of the context alone.</param>
/// <param name="Session">The sitting's factors s, length d.</param>
/// <param name="Places">Factors of all tracks, shape [catalogue × d].</param>
/// <param name="Tracks">Rows in <paramref name="Places"/>.</param>
internal sealed record RankingBatch(float[] Context, float[] Taste, float[] Session, DenseMatrix Places, int[] Tracks)
{
    public int Count => Tracks.Length;

    /// <summary>The context features of a track.</summary>
    public ReadOnlySpan<float> Row(int n) => Context.AsSpan(n * RankingFeatures.Width, RankingFeatures.Width);

    /// <summary>Writes all features of a track.</summary>
    /// <param name="row">Length <see cref="RankingFeatures.Count"/> of d, or of 0.</param>
    public void Write(int n, Span<float> row)
    {
        Row(n).CopyTo(row);
        if (row.Length > RankingFeatures.Width)
        {
            RankingFeatures.WriteFactors(row, Taste, Session, Places.Row(Tracks[n]));
        }
    }
}

/// <summary>What was learnt: scores that rise with the chance of being taken. Immutable; safe for any number of callers.</summary>
internal interface IRowScorer
{
    /// <summary>The score of one row; the plain way.</summary>
    /// <param name="standardized">All features, each minus its mean and divided by its deviation.</param>
    float Score(ReadOnlySpan<float> standardized);

    /// <summary>The scores of an answer's tracks, the fast way.</summary>
    void Score(RankingBatch batch, Span<float> scores);
}

using System.Buffers;
using Segue.Retrieval;

namespace Segue.Ranking.Learnt;

/// <summary>Orders a pool as was learnt from what listeners took and refused. Safe for any number of callers.</summary>
/// <remarks>
/// A track's score is what its features say beyond a middling track in the same answer, in points of the hand-weighted score, so that rules that add points weigh as much as they do there. The place in an
/// answer, by which rows were told apart in training, is 0 for all: what a place does to listeners is not laid to the track that had it (Zhao et al., "Recommending
/// what video to watch next", RecSys 2019: in a weighted sum it adds to the log odds as their shallow tower does).
/// </remarks>
/// <param name="model">What was learnt.</param>
/// <param name="version">Its published name.</param>
public sealed class LearntRanker(RankingModel model, string version)
{
    private static readonly ScorePart[] Parts = [ScorePart.Taste, ScorePart.Session, ScorePart.Genre, ScorePart.Artist, ScorePart.CoListen, ScorePart.Popularity];
    private readonly IRowScorer _scorer = model.Scorer;
    private readonly float _points = model.Scale * (float)model.Slope;
    private readonly ScorePart[] _parts = [.. Enumerable.Range(0, model.Features.Count).Select(column => RankingFeatures.PartOf(column, model.Factors))];

    public string Version { get; } = version;
    public string Kind => model.Kind;

    /// <summary>The pool, best first; equal scores by lower row. The score lies in one part until <see cref="Explain"/> divides it.</summary>
    /// <param name="weighed">The pool with its hand-weighted scores.</param>
    /// <param name="sureness">Tracks whose probability p of being taken makes 2p − 1 less than this are left out; in [-1, 1].</param>
    /// <remarks>Some 50 ns a track (docs/performance.md). In order as far as somebody looks: <see cref="RankedPool"/>.</remarks>
    public IReadOnlyList<RankedTrack> Rank(ListenerContext context, IReadOnlyList<RankedTrack> weighed, float sureness = -1)
    {
        if (weighed.Count == 0)
        {
            return weighed;
        }
        var (candidates, scores) = (new Candidate[weighed.Count], new float[weighed.Count]);
        var batch = Gather(context, weighed, candidates);
        _scorer.Score(batch, scores);
        var middling = Middling(batch);
        ArrayPool<float>.Shared.Return(batch.Context);
        var parts = new ScoreParts[scores.Length];
        for (var n = 0; n < parts.Length; n++)
        {
            parts[n] = default(ScoreParts) with { Taste = _points * (scores[n] - middling) };
        }
        var ranked = new RankedPool(candidates, parts);
        return sureness <= -1 ? ranked : [.. ranked.TakeWhile(track => Sureness(track.Score, middling) >= sureness)];
    }

    private double Sureness(float score, float middling) => 2 * model.Calibration.Probability(score / _points + middling) - 1;

    /// <summary>Divides the scores of some tracks into parts: each is what the score would lose if the features of the part were those of a middling track.</summary>
    /// <param name="weighed">The tracks with their hand-weighted scores.</param>
    /// <remarks>The parts of a weighted sum add up by themselves. What trees and networks see in parts together is shared by all six, so that the largest part stays that whose removal costs most, and
    /// the sum the score.</remarks>
    public IReadOnlyList<RankedTrack> Explain(ListenerContext context, IReadOnlyList<RankedTrack> weighed)
    {
        if (weighed.Count == 0)
        {
            return weighed;
        }
        var candidates = new Candidate[weighed.Count];
        var batch = Gather(context, weighed, candidates);
        var middling = Middling(batch);
        var (row, without, parts) = (new float[_parts.Length], new float[_parts.Length], new float[Parts.Length]);
        var explained = new RankedTrack[weighed.Count];
        for (var n = 0; n < explained.Length; n++)
        {
            Standardized(batch, n, row);
            var score = _scorer.Score(row);
            for (var p = 0; p < Parts.Length; p++)
            {
                for (var column = 0; column < row.Length; column++)
                {
                    without[column] = _parts[column] == Parts[p] ? 0 : row[column];
                }
                parts[p] = _points * (score - _scorer.Score(without));
            }
            var shared = (_points * (score - middling) - parts.Sum()) / Parts.Length;
            explained[n] = new(candidates[n], new(
                parts[0] + shared, parts[1] + shared, parts[2] + shared, parts[3] + shared, parts[4] + shared, parts[5] + shared));
        }
        ArrayPool<float>.Shared.Return(batch.Context);
        return explained;
    }

    // The score of a track of which nothing is known but the answer that it is in; the same for all of its tracks.
    private float Middling(RankingBatch batch)
    {
        var row = new float[_parts.Length];
        Standardized(batch, 0, row);
        for (var column = 0; column < row.Length; column++)
        {
            row[column] = _parts[column] == ScorePart.Answer ? row[column] : 0;
        }
        return _scorer.Score(row);
    }

    private void Standardized(RankingBatch batch, int n, float[] row)
    {
        batch.Write(n, row);
        RankingTable.Standardize(row, model.Means, model.Deviations);
    }

    // Its context is rented: whoever gathers gives it back.
    private static RankingBatch Gather(ListenerContext context, IReadOnlyList<RankedTrack> weighed, Candidate[] candidates)
    {
        var (features, tracks) = (ArrayPool<float>.Shared.Rent(weighed.Count * RankingFeatures.Width), new int[weighed.Count]);
        new RankingScene(context).WriteAll(weighed, candidates, tracks, features);
        return new(features, context.Taste, context.SessionTaste ?? new float[context.Taste.Length], context.Models.Taste.ItemFactors, tracks);
    }
}

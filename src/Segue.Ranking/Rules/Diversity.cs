using Segue.Numerics;

namespace Segue.Ranking.Rules;

/// <summary>Takes off a track's score what it repeats of the list so far: maximal marginal relevance.</summary>
/// <remarks>
/// argmax over candidates of λ·r − (1 − λ)·max s: Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998. r is the score, brought to [0, 1]
/// over the ranking; s the cosine of places in taste to a track of the list, or to one of the last of the sitting, at least 0. Said in units of the score, so that other rules add
/// to it, the change is −(1 − λ) ÷ λ · (highest − lowest score) · max s. Likenesses are kept, so that each track taken costs one cosine a
/// candidate: O(count · ranking · d).
/// </remarks>
public sealed class Diversity : ListRule
{
    private const int HeardBefore = 10;
    private readonly DenseMatrix _directions;
    private readonly float[] _likest;
    private readonly float _weight;

    /// <param name="scene">Whose <see cref="ListScene.Places"/> are known.</param>
    /// <param name="diversity">1 − λ, in [0, 0.9].</param>
    /// <exception cref="ArgumentException">The scene has no places.</exception>
    public Diversity(ListScene scene, float diversity)
    {
        var places = scene.Places ?? throw new ArgumentException("Places of tracks are not known.", nameof(scene));
        _directions = new(scene.Ranking.Count, places.Columns);
        _likest = new float[scene.Ranking.Count];
        for (var candidate = 0; candidate < _likest.Length; candidate++)
        {
            places.Row(scene.Track(candidate)).CopyTo(_directions.Row(candidate));
            Vectors.Normalize(_directions.Row(candidate));
        }
        _weight = scene.Ranking.Count == 0 ? 0 : diversity / (1 - diversity) * (scene.Ranking[0].Score - scene.Ranking[^1].Score);
        var heard = new float[places.Columns];
        foreach (var track in scene.Before.TakeLast(HeardBefore))
        {
            places.Row(track).CopyTo(heard);
            Vectors.Normalize(heard);
            Meet(heard);
        }
    }

    public override string Name => "diversity";

    public override float Change(int candidate) => -_weight * _likest[candidate];

    public override void Take(int candidate) => Meet(_directions.Row(candidate));

    private void Meet(ReadOnlySpan<float> direction)
    {
        for (var candidate = 0; candidate < _likest.Length; candidate++)
        {
            _likest[candidate] = Math.Max(_likest[candidate], Vectors.Dot(_directions.Row(candidate), direction));
        }
    }
}

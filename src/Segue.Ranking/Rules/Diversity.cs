using Segue.Numerics;

namespace Segue.Ranking.Rules;

/// <summary>Takes off a track's score what it repeats of the list so far: maximal marginal relevance.</summary>
/// <remarks>
/// argmax over candidates of λ·r − (1 − λ)·max s: Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998. r is the score, brought to [0, 1]
/// over the ranking; s the cosine of places in taste to a track of the list, or to one of the last of the sitting, at least 0. Said in units of the score, so that other rules add
/// to it, the change is −(1 − λ) ÷ λ · (highest − lowest score) · max s. As it only falls, a picker asks for candidates that could still win alone (Minoux, "Accelerated greedy
/// algorithms", 1978); a candidate that is asked for meets the tracks that came since it was asked for last: O(count · ranking · d) at worst.
/// </remarks>
public sealed class Diversity : ListRule
{
    private const int HeardBefore = 10, Together = 32;
    private readonly ListScene _scene;
    private readonly DenseMatrix _places;
    private readonly float[]?[] _directions;   // of candidates, so many together; made where one of them is asked for
    private readonly float[] _likest;
    private readonly int[] _met;   // by candidate: of what came before, how many it was compared with; -1: it has no direction yet
    private readonly float _weight;
    private float[] _before;   // directions one after the other
    private int _came;

    /// <param name="scene">Whose <see cref="ListScene.Places"/> are known.</param>
    /// <param name="diversity">1 − λ, in [0, 0.9].</param>
    /// <exception cref="ArgumentException">The scene has no places.</exception>
    public Diversity(ListScene scene, float diversity)
    {
        (_scene, _places) = (scene, scene.Places ?? throw new ArgumentException("Places of tracks are not known.", nameof(scene)));
        var count = scene.Ranking.Count;
        (_directions, _likest, _met) = (new float[(count + Together - 1) / Together][], new float[count], new int[count]);
        Array.Fill(_met, -1);
        _weight = count == 0 ? 0 : diversity / (1 - diversity) * (scene.Score(0) - scene.Score(count - 1));
        _before = new float[2 * HeardBefore * _places.Columns];
        for (var n = Math.Max(0, scene.Before.Count - HeardBefore); n < scene.Before.Count; n++)
        {
            _places.Row(scene.Before[n]).CopyTo(Next());
            Vectors.Normalize(_before.AsSpan((_came - 1) * _places.Columns, _places.Columns));
        }
    }

    public override string Name => "diversity";

    public override bool OnlyFalls => true;

    public override float Change(int candidate)
    {
        ref var met = ref _met[candidate];
        if (met < _came)
        {
            var direction = Direction(candidate);
            _likest[candidate] = Vectors.MostDot(direction, _before.AsSpan(met * direction.Length, (_came - met) * direction.Length), _likest[candidate]);
            met = _came;
        }
        return -_weight * _likest[candidate];
    }

    public override void Take(int candidate) => Direction(candidate).CopyTo(Next());

    private Span<float> Direction(int candidate)
    {
        var d = _places.Columns;
        var direction = (_directions[candidate / Together] ??= GC.AllocateUninitializedArray<float>(Together * d)).AsSpan(candidate % Together * d, d);
        if (_met[candidate] < 0)
        {
            _places.Row(_scene.Track(candidate)).CopyTo(direction);
            Vectors.Normalize(direction);
            _met[candidate] = 0;
        }
        return direction;
    }

    private Span<float> Next()
    {
        var d = _places.Columns;
        if (_before.Length < (_came + 1) * d)
        {
            Array.Resize(ref _before, 2 * _before.Length);
        }
        return _before.AsSpan(_came++ * d, d);
    }
}

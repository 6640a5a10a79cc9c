using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>A way of scoring cold tracks.</summary>
/// <param name="ScoreOf">Told a listener and the number of a cold track; finite. Safe for several threads.</param>
internal sealed record ColdStartWay(string Name, Func<int, int, double> ScoreOf);

/// <summary>All ways that a world allows for.</summary>
internal sealed class ColdStartWays
{
    private readonly ColdStartWorld _world;
    private readonly ColdStartData _warm;
    private readonly ColdFactorsOptions _options;
    private readonly TrainingRun _run;

    public ColdStartWays(ColdStartWorld world, ColdFactorsOptions options, TrainingRun run)
    {
        (_world, _options, _run) = (world, options, run);
        var listens = world.Tracks.Listens.ToArray();
        foreach (var cold in world.Cold)
        {
            listens[cold] = 0;   // below any number that would make it warm
        }
        _warm = world.Tracks with { Listens = listens, Sounds = null, Predictions = null, UserGram = world.Listeners.Gram(run.Threads) };
    }

    public IEnumerable<ColdStartWay> All()
    {
        yield return new("random", (listener, cold) => new SeededRandom(_run.Seed, 1, (ulong)listener, (ulong)cold).NextDouble());
        yield return MostPopular();
        yield return Alone("mean of artist", ColdSources.Artist);
        yield return Alone("mean of album", ColdSources.Album);
        yield return Mixed("mix of artist and album", null, null);
        foreach (var (name, vectors) in _world.Sounds)
        {
            yield return Alone($"nearest by {name}", ColdSources.Sound, vectors);
            if (_world.LearnsFromSounds)
            {
                yield return Mixed($"learnt from {name}", vectors, null, withMetadata: false);
            }
        }
        foreach (var (name, factors) in _world.Predictions)
        {
            yield return new($"network {name}", ByFactors([.. _world.Cold.Select(track => OrZero(factors.Row(track)))]));
        }
        foreach (var sound in _world.Sounds.Where(sound => _world.MixedSounds?.Contains(sound.Name) ?? true))
        {
            yield return Mixed($"mix with {sound.Name}", sound.Vectors, null);
            foreach (var prediction in _world.Predictions.Where(prediction => _world.MixedPredictions?.Contains(prediction.Name) ?? true))
            {
                yield return Mixed($"mix with {sound.Name} and network {prediction.Name}", sound.Vectors, prediction.Factors);
                yield return Mixed($"mix of {sound.Name} and network {prediction.Name}, no metadata", sound.Vectors, prediction.Factors, withMetadata: false);
            }
        }
    }

    private ColdStartWay MostPopular()
    {
        var listens = new Dictionary<int, long>();
        for (var track = 0; track < _warm.Listens.Count; track++)
        {
            listens[_warm.Artists[track]] = listens.GetValueOrDefault(_warm.Artists[track]) + _warm.Listens[track];
        }
        return new("most popular artist (cold tracks have no popularity)", (_, cold) => _warm.Artists[_world.Cold[cold]] is >= 0 and var artist ? listens[artist] : 0);
    }

    // One source with the weight 1, without shrinkage: as plain as it can be.
    private ColdStartWay Alone(string name, ColdSources source, DenseMatrix? sounds = null)
    {
        var table = new double[16 * 4];
        for (var set = 1; set < 16; set++)
        {
            table[set * 4 + int.Log2((int)source)] = (set & (int)source) != 0 ? 1 : 0;
        }
        var factors = new ColdFactors(_warm with { Sounds = sounds }, new(0, 0, 1, 1, 0, table, new double[16]), _options);
        var tracks = _world.Cold.Select(track => new ColdTrack(
            source == ColdSources.Artist ? _warm.Artists[track] : -1, source == ColdSources.Album ? _warm.Albums[track] : -1, sounds?.Row(track).ToArray()));
        return new(name, ByFactors(Placed(factors, tracks)));
    }

    private ColdStartWay Mixed(string name, DenseMatrix? sounds, DenseMatrix? predictions, bool withMetadata = true)
    {
        var fitted = ColdFactors.Fit(_warm with { Sounds = sounds, Predictions = predictions }, _options, _run);
        var tracks = _world.Cold.Select(track => new ColdTrack(
            withMetadata ? _warm.Artists[track] : -1, withMetadata ? _warm.Albums[track] : -1, sounds?.Row(track).ToArray(), predictions?.Row(track).ToArray()));
        return new(name, ByFactors(Placed(fitted, tracks)));
    }

    // A track that nothing is known of by this way has no say: 0, not the prior.
    private float[][] Placed(ColdFactors factors, IEnumerable<ColdTrack> tracks)
        => Array.ConvertAll(factors.PlaceAll([.. tracks], _run.Threads, _run.Cancellation), placed => placed.Sources == ColdSources.None ? new float[placed.Factors.Length] : placed.Factors);

    private Func<int, int, double> ByFactors(float[][] cold) => (listener, n) => Vectors.Dot(_world.Listeners.Row(listener), cold[n]);

    private static float[] OrZero(ReadOnlySpan<float> row)
    {
        var values = row.ToArray();
        return Array.TrueForAll(values, float.IsFinite) ? values : new float[values.Length];
    }
}

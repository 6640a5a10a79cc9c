using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>What a comparison of ways to place new tracks is made on.</summary>
public sealed record ColdStartWorld
{
    /// <summary>Factors of the listeners, shape [m × d], learnt without the cold tracks.</summary>
    public required DenseMatrix Listeners { get; init; }

    /// <summary>The tracks, warm and cold; factors, listens and predictions of the cold ones are not looked at. Its <c>Sounds</c> and <c>Predictions</c> are left out of account: what is
    /// compared comes in <see cref="Sounds"/> and <see cref="Predictions"/>.</summary>
    public required ColdStartData Tracks { get; init; }

    /// <summary>Rows of the tracks that nobody was trained on, each once.</summary>
    public required IReadOnlyList<int> Cold { get; init; }

    /// <summary>Of each listener the cold tracks that they listened to, by row.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Played { get; init; }

    /// <summary>Sound vectors of all tracks, by what made them.</summary>
    public IReadOnlyList<(string Name, DenseMatrix Vectors)> Sounds { get; init; } = [];

    /// <summary>Networks' predictions of factors, shape [n × d], by network: of warm tracks out of fold, of cold ones by a network of all warm ones.</summary>
    public IReadOnlyList<(string Name, DenseMatrix Factors)> Predictions { get; init; } = [];

    /// <summary>Whether places are also fitted to each sound alone: by the regression on all tracks or the nearest neighbors, whichever tells held-out tracks better.</summary>
    public bool LearnsFromSounds { get; init; }

    /// <summary>Names of the sounds that fitted mixes take; null: all.</summary>
    public IReadOnlyList<string>? MixedSounds { get; init; }

    /// <summary>Names of the predictions that fitted mixes take; null: all. Those of the others need no rows of warm tracks.</summary>
    public IReadOnlyList<string>? MixedPredictions { get; init; }

    /// <exception cref="ArgumentException">The parts disagree; the message says which.</exception>
    internal void Require()
    {
        var (n, d) = (Tracks.Factors.Rows, Tracks.Factors.Columns);
        Require(Listeners.Columns == d, $"Listeners have {Listeners.Columns} dimensions and tracks {d}.");
        Require(Played.Count == Listeners.Rows, $"There are {Listeners.Rows} listeners and cold plays of {Played.Count}.");
        Require(Cold.Count > 0 && Cold.Distinct().Count() == Cold.Count && Cold.All(track => (uint)track < (uint)n), $"Cold tracks are different rows below {n}, at least one.");
        Require(Played.All(tracks => tracks.All(Cold.ToHashSet().Contains)), "A listener has played a track that is not among the cold ones.");
        foreach (var (name, matrix) in Sounds.Concat(Predictions))
        {
            Require(matrix.Rows == n, $"'{name}' has {matrix.Rows} rows for {n} tracks.");
        }
        foreach (var (name, matrix) in Predictions)
        {
            Require(matrix.Columns == d, $"'{name}' predicts {matrix.Columns} dimensions of {d}.");
        }
        foreach (var name in (MixedSounds ?? []).Except(Sounds.Select(sound => sound.Name)).Concat((MixedPredictions ?? []).Except(Predictions.Select(prediction => prediction.Name))))
        {
            Require(false, $"'{name}' is to be mixed and is not there.");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}

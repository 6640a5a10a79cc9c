using Segue.Features;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>What a training did for tracks that few have heard.</summary>
/// <param name="Placed">Tracks that nobody heard and that got a place, by what told it.</param>
/// <param name="Unknown">Tracks that nobody heard and of which nothing is known: they have no place.</param>
/// <param name="Drawn">Tracks that somebody heard, whose factors were blended with the place that they would have had.</param>
/// <param name="BlendListens">k: after so many listeners a track's own factors count half.</param>
/// <param name="IsFitted">k was fitted; otherwise it is the setting's default.</param>
/// <param name="Learnable">Tracks that a network could have learnt from, or did.</param>
/// <param name="NetworkFault">Why networks could not be taught; null where they could, or were not to be.</param>
public sealed record ColdReport(IReadOnlyDictionary<ColdSources, int> Placed, int Unknown, int Drawn, double BlendListens, bool IsFitted, int Learnable, string? NetworkFault = null);

/// <summary>Models of taste with the tracks that few have heard in their places.</summary>
/// <param name="Taste">The same users, other item factors.</param>
/// <param name="Network">Null where none tells of tracks.</param>
public sealed record ColdTaste(ImplicitAlsModel Taste, ColdWeights Weights, ColdFactorsOptions Options, ColdNetwork? Network, ColdReport Report);

/// <summary>After taste was learnt: fits how much artist, album, sound and networks tell of a track, and places by it the tracks that nobody or few have heard.</summary>
public static class ColdTraining
{
    /// <summary>Beyond so many times k listens a track's factors are its own.</summary>
    private const int FarHeard = 20;

    /// <param name="models">Just trained, on all rows of <paramref name="data"/>.</param>
    /// <param name="solved">Items whose factors this training solved; what others have was blended when they were. Null: all.</param>
    /// <param name="options">Of networks; null: none are trained.</param>
    /// <param name="before">Networks of the training that taste went on from; null where it began anew.</param>
    /// <returns>Null for a store without vectors of sounds: then the models stay as they are.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; networks go on from their checkpoints.</exception>
    public static ColdTaste? Run(
        StoreParts parts, ModelSet models, Dataset data, IReadOnlyCollection<int>? solved, TrainingRun run, ColdNetworkOptions? options = null, ColdNetwork? before = null)
    {
        var music = new StoreMusic(parts);
        if (!music.Exists || parts.SoundModels.Current() is not { } version)
        {
            return null;
        }
        var vectors = parts.Sound.ReadVectors(version).ToDictionary(track => track.Track, track => track.Values);
        if (!vectors.Keys.Any(track => data.Catalogue.Find(track) is not null))
        {
            return null;
        }
        var taste = models.Taste;
        var known = music.ColdData(models, data.Catalogue, vectors, new IdMap()) with { UserGram = taste.UserGram(run.Threads) };
        var quiet = run with { Progress = null };
        var learning = new ColdNetworkTraining(parts.Sound, parts.WorkFolder, known, data.Catalogue, options ?? new(), run);
        var network = learning.Learn(before);
        known = network is null ? known : known with { Predictions = learning.Predict(network) };
        var cold = ColdFactors.Fit(known, new(), quiet);
        var fitted = BlendFit.Run(known, cold, (items, listeners) => ImplicitAlsUpdate.SolveThinned(taste, data.Training, items, listeners, quiet), quiet);
        if (fitted is { } k)
        {
            cold = new(known, cold.Weights, new() { BlendListens = k });
        }
        var (items, report) = Blend(known, cold, solved?.ToHashSet(), fitted is not null, quiet);
        return new(taste.WithItemFactors(items), cold.Weights, cold.Options, network?.Weighed(ShareOfNetwork(cold.Weights)), report with { Learnable = learning.Learnable, NetworkFault = learning.Fault });
    }

    // Predictions are as long as factors, so that weights can be compared.
    private static double ShareOfNetwork(ColdWeights weights)
    {
        var all = weights.Of(ColdSources.Artist | ColdSources.Album | ColdSources.Sound | ColdSources.Network);
        return all.Sum() is > 0 and var sum ? all[^1] / sum : 0;
    }

    private static (DenseMatrix Items, ColdReport Report) Blend(ColdStartData known, ColdFactors cold, HashSet<int>? solved, bool isFitted, TrainingRun run)
    {
        var items = new DenseMatrix(known.Factors.Rows, known.Factors.Columns);
        for (var item = 0; item < items.Rows; item++)
        {
            known.Factors.Row(item).CopyTo(items.Row(item));
        }
        int[] few = [.. Enumerable.Range(0, items.Rows).Where(item =>
            known.Listens[item] == 0 || (known.Listens[item] < FarHeard * cold.Options.BlendListens && solved?.Contains(item) != false))];
        var placed = cold.PlaceKnown(few, run.Threads, run.Cancellation);
        var (sources, unknown, drawn) = (new SortedDictionary<ColdSources, int>(), 0, 0);
        for (var n = 0; n < few.Length; n++)
        {
            var (item, listens, place) = (few[n], known.Listens[few[n]], placed[n]);
            if (place.Sources == ColdSources.None)
            {
                unknown += listens == 0 ? 1 : 0;
                continue;
            }
            cold.Blend(known.Factors.Row(item), listens, place.Factors).CopyTo(items.Row(item));
            drawn += listens > 0 ? 1 : 0;
            if (listens == 0)
            {
                sources[place.Sources] = sources.GetValueOrDefault(place.Sources) + 1;
            }
        }
        return (items, new(sources, unknown, drawn, cold.Options.BlendListens, isFitted, Learnable: 0));
    }
}

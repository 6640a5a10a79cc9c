using Segue.Audio.Descriptors;
using Segue.Audio.Networks;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>Places tracks that nobody heard yet in lab worlds that sound, by all ways that know their sound, their artist or their album.</summary>
/// <remarks>
/// A share of the tracks is cold: factors, encoder, networks and weights are learnt without them and their plays. How they are ranked for a listener is judged twice: by truth, which is
/// the eighth of them that the listener would keep most surely, and by those that the listener came to hear to the end. The second is mostly a matter of who is famous, for whatever the
/// lab's listeners pick they pick by popularity first, and no sound tells of that. Sound is heard as by a scan, in two windows of 10 s. Among the ways are two that no service has: the true style of a track
/// as its vector, which tells what perfect ears would reach, and length and loudness, of which the lab's tastes know nothing.
/// </remarks>
public static class LabSoundComparison
{
    /// <summary>The vector of <c>segue train sound</c>; it is the one that mixes take.</summary>
    public const string ProductionName = "production vector";

    /// <summary>Cepstral statistics, that others must surpass.</summary>
    public const string TimbreName = "timbre";

    /// <summary>What perfect ears hear.</summary>
    public const string StyleName = "true style";

    // Networks of other artists tell of a track that is held out: for an artist that is new, none of it is known.
    private const int Folds = 2;

    // One cold track in so many is liked best.
    private const int LikedOf = 8;

    // Hearing, encoder, autoencoder, and the judgement.
    private const int OtherParts = 4;

    /// <param name="seeds">One world each.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    /// <returns>All ways by each judge; random is the first.</returns>
    public static IReadOnlyList<(string Judge, IReadOnlyList<ColdStartResult> Results)> Run(
        LabSoundOptions options, IReadOnlyList<ulong> seeds, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var parts = seeds.Count * (OtherParts + FactorObjective.All.Count + Folds);
        var done = 0;
        void Told() => progress?.Report((double)++done / parts);
        var (byTruth, byPlays) = (new List<IReadOnlyList<(string, ColdStartScores)>>(), new List<IReadOnlyList<(string, ColdStartScores)>>());
        foreach (var seed in seeds)
        {
            var run = new TrainingRun(seed, options.World.Threads, Cancellation: cancellation);
            var cold = new LabColdTracks(LabWorld.Create(options.World with { Seed = seed }), options.ColdShare);
            var world = Prepare(cold, options, run, Told);
            byTruth.Add(ColdStartComparison.Measure(world with { Played = LikedBest(cold, run) }, new(), run));
            byPlays.Add(ColdStartComparison.Measure(world, new(), run));
            Told();
        }
        return [("true likings", ColdStartComparison.Collect(byTruth)), ("plays", ColdStartComparison.Collect(byPlays))];
    }

    private static IReadOnlyList<int>[] LikedBest(LabColdTracks cold, TrainingRun run)
    {
        var liked = new IReadOnlyList<int>[cold.World.Listeners.Count];
        Workers.For(liked.Length, run.Threads, listener =>
        {
            var likings = cold.World.Likings(listener);
            liked[listener] = [.. cold.Cold.OrderByDescending(track => likings[track]).ThenBy(track => track).Take(Math.Max(1, cold.Cold.Count / LikedOf))];
        }, run.Cancellation);
        return liked;
    }

    private static ColdStartWorld Prepare(LabColdTracks cold, LabSoundOptions options, TrainingRun run, Action told)
    {
        var (model, listens, played) = LearnTaste(cold, run);
        var tracks = new ColdStartData { Factors = model.ItemFactors, Listens = listens, Artists = cold.Artists, Albums = cold.Albums };
        var heard = LabHeard.Hear(cold, options.EncoderSteps, run, told);
        var school = new CropSchool(heard.Features, heard.Scale, options.NetworkSteps, run);
        var autoencoder = school.Autoencoder(heard.Warm);
        told();
        int[] known = [.. heard.Warm.Where(track => listens[track] >= new ColdFactorsOptions().WarmListens && Vectors.Norm(model.ItemFactors.Row(track)) > 0)];
        var listeners = new DenseMatrix(model.Users, model.Factors);
        for (var listener = 0; listener < model.Users; listener++)
        {
            model.UserFactors(listener).CopyTo(listeners.Row(listener));
        }
        return new()
        {
            Listeners = listeners,
            Tracks = tracks,
            Cold = cold.Cold,
            Played = played,
            Sounds = Sounds(heard, autoencoder, run),
            Predictions = [.. FactorObjective.All.Select(objective => (objective.Name, Predict(school, objective, model.ItemFactors, known, cold, told)))],
            LearnsFromSounds = true,
            MixedSounds = [ProductionName],
            MixedPredictions = [FactorObjective.Cosine.Name],
        };
    }

    private static (ImplicitAlsModel Model, int[] Listens, IReadOnlyList<int>[] Played) LearnTaste(LabColdTracks cold, TrainingRun run)
    {
        var world = cold.World;
        var (listens, played, warm) = (new int[world.Catalogue.Count], new HashSet<int>[world.Listeners.Count], new List<LabListen>());
        foreach (var play in world.SimulateHistory(cancellation: run.Cancellation))
        {
            if (!cold.IsCold[play.Track])
            {
                warm.Add(play);
                listens[play.Track]++;
            }
            else if (!play.Reaction.Skipped)
            {
                (played[play.Listener] ??= []).Add(play.Track);
            }
        }
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, warm));
        var model = (ImplicitAlsModel)LabModels.Train(ImplicitAlsModel.KindName, data.Training, run);
        return (model, listens, Array.ConvertAll(played, tracks => (IReadOnlyList<int>)[.. (tracks ?? []).Order()]));
    }

    private static IReadOnlyList<(string, DenseMatrix)> Sounds(
        LabHeard heard, SpectrogramAutoencoder autoencoder, TrainingRun run)
    {
        var (cold, features, scale) = (heard.Cold, heard.Features, heard.Scale);
        var styles = new DenseMatrix(features.Length, cold.World.Truth.Catalogue.Style(0).Length);
        for (var track = 0; track < features.Length; track++)
        {
            cold.World.Truth.Catalogue.Style(track).CopyTo(styles.Row(track));
        }
        return
        [
            ("length", OnArc([.. cold.World.Truth.Catalogue.Lengths.Select(length => Math.Log(length))])),
            ("loudness", OnArc([.. features.Select(track => (double)new SoundDescriptors(track.Descriptors).Loudness)])),
            (TimbreName, SoundBaselines.Timbre(features)),
            ("descriptors", heard.Vectors([], run)),
            ("autoencoder", SoundBaselines.Embeddings(autoencoder, scale, features, run.Threads)),
            ("encoder", SoundBaselines.Embeddings(heard.Encoder, scale, features, run.Threads)),
            (ProductionName, heard.Vectors([heard.Encoder], run)),
            (StyleName, styles),
        ];
    }

    // Half a circle from the least to the greatest: near by cosine are those that are near as numbers.
    private static DenseMatrix OnArc(double[] values)
    {
        var (least, greatest) = (values.Min(), values.Max());
        var arc = new DenseMatrix(values.Length, 2);
        for (var n = 0; n < values.Length; n++)
        {
            var angle = Math.PI * (values[n] - least) / Math.Max(1e-9, greatest - least);
            (arc.Row(n)[0], arc.Row(n)[1]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        }
        return arc;
    }

    // Only what is mixed needs to say something of warm tracks.
    private static DenseMatrix Predict(CropSchool school, FactorObjective objective, DenseMatrix factors, int[] known, LabColdTracks cold, Action told)
    {
        var predictions = new DenseMatrix(factors.Rows, factors.Columns);
        school.Predict(school.Predictor(objective, factors, known), cold.Cold, predictions);
        told();
        for (var fold = 0; objective == FactorObjective.Cosine && fold < Folds; fold++)
        {
            bool IsHeldOut(int track) => cold.Artists[track] % Folds == fold;
            school.Predict(school.Predictor(objective, factors, [.. known.Where(track => !IsHeldOut(track))]), [.. known.Where(IsHeldOut)], predictions);
            told();
        }
        return predictions;
    }
}

using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Sound;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.Funnel;
using Segue.Ranking.Exploring;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Evaluation.Cold;

/// <summary>What a radio knows of new tracks in a lab.</summary>
/// <param name="PlacesBySound">Whether the sound of a new track tells its place in taste, beside artist and album.</param>
/// <param name="Listens">Whether sound is a source of the funnel.</param>
internal sealed record RadioEars(bool PlacesBySound, bool Listens);

/// <summary>A radio that learns each night from what was heard at it by day, as a service does: taste, then places for tracks that few have heard.</summary>
/// <param name="sounds">Vectors of all tracks, by lab index.</param>
internal sealed class LivingRadio(LabColdTracks tracks, IReadOnlyList<LabListen> history, DenseMatrix sounds, NewTrackOptions options, RadioEars ears)
{
    private readonly List<LabListen> _heard = [.. history];
    private readonly DirectionIndex? _index = ears.Listens ? DirectionIndex.Create("lab", [.. Enumerable.Range(0, sounds.Rows)], sounds) : null;
    private (ColdWeights Weights, ColdFactorsOptions Options)? _cold;

    /// <summary>Adds what was heard in a day.</summary>
    public void Hear(IEnumerable<LabListen> plays) => _heard.AddRange(plays);

    /// <summary>Learns from all that was heard so far.</summary>
    /// <returns>How it begins a sitting of a listener, told the seed of what chance decides.</returns>
    public Func<int, ulong, ISittingPlan> Learn(TrainingRun run)
    {
        var data = Dataset.Build(tracks.World.Catalogue, tracks.World.Listeners, LabExport.ToInteractions(tracks.World, _heard));
        var learnt = LabModels.TrainAll("lab", data.Training, run);
        var models = learnt with { Taste = Placed(learnt, run) };
        var radio = new RadioOptions { Exploration = new() { Share = options.Explore } };
        var planner = new RadioPlanner(data.Catalogue, models, new(models.Taste, models.Trained), NewReleases.Of(data.Training, models.Items), radio) { Sounds = _index };
        var fresh = NewTracks.Of(data.Training, radio.Exploration.UntilListeners);
        return (listener, seed) => new RadioSitting(planner, data, data.History(listener), options.Explore > 0 ? (fresh, seed) : null);
    }

    // As ColdTraining does for a store. Weights are fitted once: what artist and sound tell does not change in days.
    private ImplicitAlsModel Placed(ModelSet models, TrainingRun run)
    {
        var taste = models.Taste;
        var known = new ColdStartData
        {
            Factors = taste.ItemFactors, Listens = [.. Enumerable.Range(0, taste.Items).Select(item => (int)models.Popular.Likes(item))], Artists = tracks.Artists, Albums = tracks.Albums,
            Sounds = ears.PlacesBySound ? sounds : null, UserGram = taste.UserGram(run.Threads),
        };
        if (_cold is null)
        {
            var fitted = ColdFactors.Fit(known, new(), run);
            _cold = (fitted.Weights, fitted.Options);
        }
        var cold = new ColdFactors(known, _cold.Value.Weights, _cold.Value.Options);
        var places = cold.PlaceKnown(tracks.Cold, run.Threads, run.Cancellation);
        var items = new DenseMatrix(taste.Items, taste.Factors);
        taste.ItemFactors.AsSpan().CopyTo(items.AsSpan());
        for (var n = 0; n < places.Length; n++)
        {
            var track = tracks.Cold[n];
            if (places[n].Sources != ColdSources.None)
            {
                cold.Blend(taste.ItemFactors.Row(track), known.Listens[track], places[n].Factors).CopyTo(items.Row(track));
            }
        }
        return taste.WithItemFactors(items);
    }
}

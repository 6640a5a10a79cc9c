using System.CommandLine;
using System.Globalization;
using Segue.Events.Storage;
using Segue.Features.Interactions;
using Segue.Features.Matrices;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Models.Playlists;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Models.Tags;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue train --store STORE</c>: learns all models of the radio and publishes them as one version. Exit code 2: no store,
/// a bad setting, or nothing to learn from; nothing is published then.</summary>
internal sealed class TrainCommand
{
    private readonly StoreOptions _store = new(description: "The store to learn from; the models go into it.");
    private readonly Option<bool> _anew = new("--anew") { Description = "Begin at random and search for settings, as if nothing had been published yet." };
    private readonly Option<bool> _update = new("--update")
    {
        Description = "Between nights: solve anew only the factors of listeners and tracks that something happened to since the published training. Beside a running server, compact first (etl).",
    };

    private readonly Option<int> _keep = new("--keep-models") { Description = "Keep so many published versions; older ones are deleted.", DefaultValueFactory = _ => 5 };
    private readonly TasteSettings _settings = new();
    private readonly MatrixTraining _matrices = new();
    private readonly NetworkOptions _network = new();
    private readonly TrainingOptions _training = new();

    public static Command Create()
    {
        var options = new TrainCommand();
        var command = new Command(
            "train",
            "Learn all models from a store and publish them. The first time settings of the factorization (als) are searched for; later it goes on from the "
            + "published factors with their settings. --set concerns als.")
        {
            options._anew, options._update, options._keep, TrainSoundCommand.Create(), TrainRankerCommand.Create(),
        };
        options._store.AddTo(command);
        options._settings.AddTo(command);
        options._matrices.AddTo(command);
        options._network.AddTo(command);
        options._training.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private static readonly string[] Others = [CooccurrenceModel.KindName, MostPopularModel.KindName];

    private static IEnumerable<string> OthersFor(TrainingSet data)
        => [.. Others, .. data.Tags is null ? Array.Empty<string>() : [TagSpaceModel.KindName], .. data.Playlists is null ? Array.Empty<string>() : [PlaylistNeighborsModel.KindName]];

    // Tracks are many, and a source of candidates needs no more: 4 bytes a number in the file, 5 in the radio.
    private static readonly Dictionary<string, double> TrackTags = new() { ["dimensions"] = 64 };

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var (given, run) = _training.Read(line, cancel);
        var matrices = _matrices.Read(line, run);
        if (line.GetValue(_update) && (line.GetValue(_anew) || given.Count > 0 || matrices is not null || _settings.IsSearchAsked(line)))
        {
            throw new ArgumentException("--update keeps settings and factors of the published model: leave --anew, --set, --tune, --trials and what shall count away.");
        }
        _settings.Require(line, given);   // what is out of range is told before the work starts
        var networks = _network.Read(line) with { KeepsPublished = line.GetValue(_update) };
        var keep = line.GetValue(_keep);
        if (keep is < 1 or > 1_000_000)
        {
            throw new ArgumentException($"--keep-models is {keep}; allowed are 1 to 1000000.");
        }
        using var store = _store.OpenParts(line);
        var work = new TrainingFolder(store.WorkFolder);
        using var alone = work.Begin();
        store.Models.BeginTraining();
        var learning = await LoadAsync(line, store, cancel);
        var data = learning.Data;
        if (data.Training.Strengths.Count == 0)
        {
            throw new StoreException($"The store {store.Layout.Root} holds no interactions: there is nothing to learn from.");
        }
        matrices?.Require(data.Users.Count, data.Catalogue.Count);
        var output = line.InvocationConfiguration.Output;
        var before = line.GetValue(_anew) || store.Models.Current() is null ? null : store.Models.LoadCurrent();
        var (taste, solved) = line.GetValue(_update)
            ? Update(data, before, run, output)
            : (TrainTaste(line, work, learning, before, given, matrices, run), null);
        if (taste is null)
        {
            output.WriteLine($"Nothing has changed since version {before!.Version}, which stays in use.");
            return 0;
        }
        var models = new List<IRecommenderModel> { taste };
        foreach (var name in OthersFor(data.Training))
        {
            var trainer = ModelKinds.Get(name).Trainer(name == TagSpaceModel.KindName ? TrackTags : null);
            models.Add(ConsoleProgress.Run($"Training {name}", progress => trainer.Train(data.Training, run with { Progress = progress })));
            output.WriteLine($"{name,-14}{BenchmarkOutput.Format(trainer.Settings)}");
        }
        var cold = PlaceByKnowledge(store, new("", taste, (CooccurrenceModel)models[1], (MostPopularModel)models[2]), data, solved, networks, before?.Network, run, output);
        models[0] = cold?.Taste ?? taste;
        var version = store.Models.Publish(
            models, new(data.Catalogue.Tracks, data.Users.Ids, learning.LogEnd, data.Fingerprints, matrices?.Told ?? (line.GetValue(_update) ? before!.Rows!.Part : null)),
            cold is null ? null : (cold.Weights, cold.Options), cold?.Network);
        if (!line.GetValue(_update))
        {
            work.DeleteCheckpoints();
        }
        store.Models.Prune(keep);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Published version {version}: {data.Training.Users:N0} users, {data.Training.Items:N0} items, {data.Training.Strengths.Count:N0} pairs."));
        return 0;
    }

    private async Task<LearningData> LoadAsync(ParseResult line, StoreParts store, CancellationToken cancel)
    {
        await using var open = _store.OpenUnlessInUse(line);
        if (open is null && Directory.Exists(store.Layout.Log))
        {
            await line.InvocationConfiguration.Error.WriteLineAsync(
                "segue: the store is in use, probably by a server: learning from the events that were compacted so far.");
        }
        return await LearningData.LoadAsync(store, open?.Events.Log, cancel);
    }

    // Goes on from the published factors where they have the same dimensions, and from a training that was broken off.
    private ImplicitAlsModel TrainTaste(
        ParseResult line, TrainingFolder work, LearningData learning, ModelSet? before, IReadOnlyDictionary<string, double> given, MatrixOptions? matrices, TrainingRun run)
    {
        var output = line.InvocationConfiguration.Output;
        var options = ImplicitAlsOptions.FromSettings(_settings.Choose(line, learning, given, before?.Taste, run));
        var warm = before is { Taste: { } taste, Rows: { } rows } && taste.Factors == options.Factors ? RowsOf(taste, rows, learning.Data) : null;
        if (warm is not null)
        {
            output.WriteLine($"Going on from version {before!.Version}: {warm.Users.Count(row => row < 0)} users and {warm.Items.Count(row => row < 0)} items are new.");
        }
        var trainer = new ImplicitAlsTrainer(options, warm, work.Checkpoint);
        var model = matrices is not null
            ? MatrixTraining.Train(matrices, work, learning, options, trainer, run, output)
            : (ImplicitAlsModel)ConsoleProgress.Run($"Training {ImplicitAlsModel.KindName}", progress => trainer.Train(learning.Data.Training, run with { Progress = progress }));
        output.WriteLine($"{ImplicitAlsModel.KindName,-14}{BenchmarkOutput.Format(trainer.Settings)}");
        return model;
    }

    private static ColdTaste? PlaceByKnowledge(
        StoreParts store, ModelSet models, Dataset data, IReadOnlyCollection<int>? solved, ColdNetworkOptions networks, ColdNetwork? before, TrainingRun run, TextWriter output)
    {
        using var again = new ListeningAgain(store, plan => SoundAnalyzers.FileAnalyzer(plan, DecodeWorkerCommand.Self));
        var cold = ConsoleProgress.Run(
            "Placing tracks", progress => ColdTraining.Run(store, models, data, solved, run with { Progress = progress }, networks with { Listen = again.Listen }, before));
        if (cold?.Report is not { } report)
        {
            return cold;
        }
        if (cold.Network is { Card: var card } && (card.Data != before?.Card.Data || card.Steps != before.Card.Steps))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Networks: {card.Tracks:N0} tracks, {card.Steps:N0} steps, loss {card.LossBefore:0.###} to {card.LossAfter:0.###}, cosine on other artists' tracks {card.HeldOutCosine:0.###}, {card.WeightShare:P0} of the weight."));
        }
        else if (report.NetworkFault is { } fault)
        {
            output.WriteLine($"No networks: {fault}");
        }
        else if (cold.Network is null && networks.Use == NetworkUse.Always && !networks.KeepsPublished)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"No networks: {report.Learnable:N0} tracks have spectra and enough listens to learn from; at least {ColdNetworkOptions.FewestTracks} are needed."));
        }
        var placed = report.Placed.Select(sources => string.Create(CultureInfo.InvariantCulture, $"{sources.Value:N0} by {sources.Key.ToString().ToLowerInvariant()}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Placed {report.Placed.Values.Sum():N0} tracks that nobody heard{(report.Placed.Count > 0 ? $" ({string.Join("; ", placed)})" : "")}; of {report.Unknown:N0} nothing is known."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Drew {report.Drawn:N0} tracks that somebody heard towards such places: k = {report.BlendListens:0.##} listeners{(report.IsFitted ? "" : ", not fitted")}."));
        return cold;
    }

    // No model when nothing has changed; else also the items that were solved.
    private static (ImplicitAlsModel? Taste, IReadOnlyCollection<int>? Solved) Update(Dataset data, ModelSet? before, TrainingRun run, TextWriter output)
    {
        if (before is not { Taste: { } taste, Rows: { Fingerprints: { } learnt } rows })
        {
            throw new ArgumentException("--update needs a published training of this version of the program to begin from: train without it once.");
        }
        if (rows.Part is { } part)
        {
            throw new ArgumentException($"The published taste was learnt from a part of what happened ({part}), which --update cannot keep to: train without it.");
        }
        var start = RowsOf(taste, rows, data);
        var (users, items) = data.Fingerprints.ChangedSince(learnt, start.Users, start.Items);
        if (users.Count == 0 && items.Count == 0)
        {
            return (null, null);
        }
        var model = ConsoleProgress.Run("Updating als", progress => ImplicitAlsUpdate.Run(start, data.Training, users, items, run with { Progress = progress }));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Updated version {before.Version}: {users.Count:N0} of {data.Training.Users:N0} users and {items.Count:N0} of {data.Training.Items:N0} items had changed."));
        return (model, items);
    }

    private static WarmStart RowsOf(ImplicitAlsModel taste, ModelRows rows, Dataset data) => WarmStart.ById(
        taste, rows.Users, [.. rows.Items.Select(item => item.Id.Value)], data.Users.Ids, [.. data.Catalogue.Tracks.Select(track => track.Id.Value)]);
}

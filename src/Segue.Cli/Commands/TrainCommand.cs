using System.CommandLine;
using System.Globalization;
using Segue.Events.Storage;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue train --store STORE</c>: learns all models of the radio and publishes them as one version. Exit code 2: no store,
/// a bad setting, or nothing to learn from; nothing is published then.</summary>
internal sealed class TrainCommand
{
    private readonly StoreOptions _store = new(description: "The store to learn from; the models go into it.");
    private readonly Option<bool> _anew = new("--anew") { Description = "Begin at random and search for settings, as if nothing had been published yet." };
    private readonly TasteSettings _settings = new();
    private readonly TrainingOptions _training = new();

    public static Command Create()
    {
        var options = new TrainCommand();
        var command = new Command(
            "train",
            "Learn all models from a store and publish them. The first time settings of the factorization (als) are searched for; later it goes on from the "
            + "published factors with their settings. --set concerns als.")
        {
            options._anew,
        };
        options._store.AddTo(command);
        options._settings.AddTo(command);
        options._training.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var (given, run) = _training.Read(line, cancel);
        _settings.Require(line, given);   // what is out of range is told before the work starts
        using var store = _store.OpenParts(line);
        var learning = await LoadAsync(line, store, cancel);
        var data = learning.Data;
        if (data.Training.Strengths.Count == 0)
        {
            throw new StoreException($"The store {store.Layout.Root} holds no interactions: there is nothing to learn from.");
        }
        var output = line.InvocationConfiguration.Output;
        var before = line.GetValue(_anew) || store.Models.Current() is null ? null : store.Models.LoadCurrent();
        var settings = _settings.Choose(line, learning, given, before?.Taste, run);
        var als = TasteTrainer(store, data.Users.Ids, [.. data.Catalogue.Tracks.Select(track => track.Id.Value)], settings, before, output);
        var trainers = new (string Name, IModelTrainer Trainer)[]
        {
            (ImplicitAlsModel.KindName, als),
            (CooccurrenceModel.KindName, ModelKinds.Get(CooccurrenceModel.KindName).Trainer()),
            (MostPopularModel.KindName, ModelKinds.Get(MostPopularModel.KindName).Trainer()),
        };
        var models = new List<IRecommenderModel>();
        foreach (var (name, trainer) in trainers)
        {
            models.Add(ConsoleProgress.Run($"Training {name}", progress => trainer.Train(data.Training, run with { Progress = progress })));
            output.WriteLine($"{name,-14}{BenchmarkOutput.Format(trainer.Settings)}");
        }
        var version = store.Models.Publish(models, new(data.Catalogue.Tracks, data.Users.Ids, learning.LogEnd));
        File.Delete(Checkpoint(store));
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
    private static ImplicitAlsTrainer TasteTrainer(
        StoreParts store, IReadOnlyList<string> users, IReadOnlyList<string> items, IReadOnlyDictionary<string, double> settings, ModelSet? before, TextWriter output)
    {
        var options = ImplicitAlsOptions.FromSettings(settings);
        var warm = before is { Taste: { } taste, Rows: { } rows } && taste.Factors == options.Factors
            ? WarmStart.ById(taste, rows.Users, [.. rows.Items.Select(item => item.Id.Value)], users, items)
            : null;
        if (warm is not null)
        {
            output.WriteLine($"Going on from version {before!.Version}: {warm.Users.Count(row => row < 0)} users and {warm.Items.Count(row => row < 0)} items are new.");
        }
        Directory.CreateDirectory(store.WorkFolder);
        return new(options, warm, Checkpoint(store));
    }

    private static string Checkpoint(StoreParts store) => Path.Combine(store.WorkFolder, "als.checkpoint");
}

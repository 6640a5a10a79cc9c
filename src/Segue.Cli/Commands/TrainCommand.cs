using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;
using Segue.Events.Storage;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Similarity;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue train --store STORE</c>: learns all models of the radio and publishes them as one version. Exit code 2: no store,
/// a bad setting, or nothing to learn from; nothing is published then.</summary>
internal sealed class TrainCommand
{
    private readonly StoreOptions _store = new(description: "The store to learn from; the models go into it.");
    private readonly Option<int> _tune = new("--tune") { Description = "Try so many settings on a validation part of the store, and use the best." };
    private readonly TrainingOptions _training = new();

    public static Command Create()
    {
        var options = new TrainCommand();
        var command = new Command("train", "Learn all models from a store and publish them. --set concerns the factorization (als).") { options._tune };
        options._store.AddTo(command);
        options._training.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var (settings, run) = _training.Read(line, cancel);
        var als = ModelKinds.Get(ImplicitAlsModel.KindName);
        _ = als.Trainer(settings);   // settings out of range are told before the work starts
        using var store = _store.OpenParts(line);
        LearningData learning;
        await using (var open = _store.OpenUnlessInUse(line))
        {
            if (open is null && Directory.Exists(store.Layout.Log))
            {
                await line.InvocationConfiguration.Error.WriteLineAsync(
                    "segue: the store is in use, probably by a server: learning from the events that were compacted so far.");
            }
            learning = await LearningData.LoadAsync(store, open?.Events.Log, cancel);
        }
        var data = learning.Data;
        if (data.Training.Strengths.Count == 0)
        {
            throw new StoreException($"The store {store.Layout.Root} holds no interactions: there is nothing to learn from.");
        }
        var output = line.InvocationConfiguration.Output;
        var trials = TrainingOptions.RequireTrials(line.GetValue(_tune));
        if (trials > 0)
        {
            var validation = new EvaluationSet(Protocol.Full, data.Training, []).CutValidation(run.Seed);
            var best = ConsoleProgress.Run("Tuning als", progress =>
                new ParameterSearch(als, validation, run with { Progress = progress }).Run(trials, settings))[0];
            settings = best.Settings;
            output.WriteLine($"Tuned over {trials} settings: validation {ParameterSearch.Metric(Protocol.Full)} {best.Value:F4}");
        }
        var models = new List<IRecommenderModel>();
        foreach (var (name, given) in new[] { (ImplicitAlsModel.KindName, settings), (CooccurrenceModel.KindName, NoSettings), (MostPopularModel.KindName, NoSettings) })
        {
            var trainer = ModelKinds.Get(name).Trainer(given);
            models.Add(ConsoleProgress.Run($"Training {name}", progress => trainer.Train(data.Training, run with { Progress = progress })));
            output.WriteLine($"{name,-14}{BenchmarkOutput.Format(trainer.Settings)}");
        }
        var version = store.Models.Publish(models, new(data.Catalogue.Tracks, data.Users.Ids, learning.LogEnd));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Published version {version}: {data.Training.Users:N0} users, {data.Training.Items:N0} items, {data.Training.Strengths.Count:N0} pairs."));
        return 0;
    }

    private static IReadOnlyDictionary<string, double> NoSettings { get; } = new Dictionary<string, double>();
}

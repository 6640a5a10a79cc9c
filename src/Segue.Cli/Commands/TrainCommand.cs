using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;
using Segue.Events.Storage;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;

namespace Segue.Cli.Commands;

/// <summary><c>segue train --store STORE</c>: learns all models of the radio and publishes them as one version. Exit code 2: no store,
/// a bad setting, or nothing to learn from; nothing is published then.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string> _store = new("--store") { Description = "The store to learn from; the models go into it.", Required = true };
    private readonly Option<int> _tune = new("--tune") { Description = "Try so many settings on a validation part of the store, and use the best." };
    private readonly TrainingOptions _training = new();

    public static Command Create()
    {
        var options = new TrainCommand();
        var command = new Command("train", "Learn all models from a store and publish them. --set concerns the factorization (als).") { options._store, options._tune };
        options._training.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var (settings, run) = _training.Read(line, cancel);
        var als = ModelKinds.Get(ImplicitAlsModel.KindName);
        _ = als.Trainer(settings);   // settings out of range are told before the work starts
        var store = Store.Open(line.GetRequiredValue(_store));
        var data = StoreLoading.Load(store);
        if (data.Training.Strengths.Count == 0)
        {
            throw new StoreException($"The store {store.Path} holds no interactions: there is nothing to learn from.");
        }
        var output = line.InvocationConfiguration.Output;
        var trials = TrainingOptions.RequireTrials(line.GetValue(_tune));
        if (trials > 0)
        {
            var set = new EvaluationSet(Protocol.Full, data.Training, []);
            var best = ConsoleProgress.Run("Tuning als", progress =>
                ParameterSearch.Run(als, set, trials, settings, run with { Progress = progress }))[0];
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
        var version = new ModelRegistry(store.ModelsDirectory).Publish(models);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Published version {version}: {data.Training.Users:N0} users, {data.Training.Items:N0} items, {data.Training.Strengths.Count:N0} pairs."));
        return 0;
    }

    private static IReadOnlyDictionary<string, double> NoSettings { get; } = new Dictionary<string, double>();
}

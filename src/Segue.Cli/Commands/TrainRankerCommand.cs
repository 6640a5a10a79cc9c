using System.CommandLine;
using System.Globalization;
using Segue.Events.Storage;
using Segue.Numerics;
using Segue.Ranking.Learnt;
using Segue.Ranking.Learnt.Trees;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue train ranker --store STORE</c>: learns the order of lists from what was shown and what became of it. Exit code 2: no store, a bad option, too few
/// outcomes, or no XGBoost for trees; nothing is published then.</summary>
internal sealed class TrainRankerCommand
{
    // Ten times as many features: with fewer rows a ranker over factors learns the listeners by heart.
    private const int FewestWithFactors = 5000;

    private readonly StoreOptions _store = new(description: "The store whose impressions and reactions are learnt from; the ranker goes into it.");
    private readonly Option<string> _kind = new("--kind") { Description = $"What to publish: {string.Join(", ", RankerKinds.All)}. All that can be are trained and measured.", DefaultValueFactory = _ => RankerKinds.Logistic };
    private readonly Option<int> _rows = new("--rows") { Description = "Shown tracks to learn from at most, the newest ones; 1 kB each.", DefaultValueFactory = _ => 200_000 };
    private readonly Option<double> _lambda = new("--lambda") { Description = "L2 penalty of the logistic ranker, 0.000001 to 1000.", DefaultValueFactory = _ => new RankerTrainingOptions().Lambda };
    private readonly Option<int> _keep = new("--keep-models") { Description = "Keep so many published versions; older ones are deleted.", DefaultValueFactory = _ => 5 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Decides every random choice.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads to use; they change the time, never the result.", DefaultValueFactory = _ => Workers.Default };

    public static Command Create()
    {
        var options = new TrainRankerCommand();
        var command = new Command("ranker", "Learn the order of lists from what listeners took and refused of what was shown, measure it beside what there is, and publish it.")
        {
            options._kind, options._rows, options._lambda, options._keep, options._seed, options._threads,
        };
        options._store.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var (kind, options, keep) = (line.GetRequiredValue(_kind), Options(line), line.Require(_keep, 1_000_000));
        if (!RankerKinds.All.Contains(kind))
        {
            throw new ArgumentException($"--kind is '{kind}'; allowed are {string.Join(", ", RankerKinds.All)}.");
        }
        var output = line.InvocationConfiguration.Output;
        using var store = _store.OpenParts(line);
        using var alone = new TrainingFolder(store.WorkFolder).Begin();
        var rows = await LoadAsync(line, store, cancel);
        if (rows.Count < RankerTraining.FewestRows)
        {
            throw new StoreException(
                $"The store {store.Layout.Root} holds {rows.Count} shown tracks with a known outcome; a ranker needs at least {RankerTraining.FewestRows}. Let the radio be listened to.");
        }
        if (kind != RankerKinds.Trees && !XgboostLibrary.IsPresent)
        {
            output.WriteLine($"Trees are left out: XGBoost's library is not on this machine (Debian: apt-get install libxgboost0, or ${XgboostLibrary.Variable}).");
        }
        var previous = Previous(store);
        var context = RankingTable.OfContext(rows);
        string[] kinds = [.. RankerKinds.All.Where(each => each == kind || each != RankerKinds.Trees || XgboostLibrary.IsPresent)];
        var results = ConsoleProgress.Run("Training rankers", _ => RankerTraining.Compare(context, taste: null, kinds, previous?.Context, options, cancel));
        RankerOutput.Write(FeatureReport.Differences(context), output);
        RankerOutput.Write("context alone", results, output);
        var learnt = new RankingModels(results.Single(result => result.Name == kind).Model!, kind == RankerKinds.Trees ? null : WithFactors(store, rows, kind, previous, options, output, cancel));
        var version = store.Rankers.Publish(learnt.Save);
        store.Rankers.Prune(keep);
        output.WriteLine($"Published ranker {version}: {kind}{(learnt.Factors is { } factors ? $", with factors where models {factors.Taste} serve" : "")}.");
        return 0;
    }

    private RankerTrainingOptions Options(ParseResult line) => new()
    {
        Lambda = line.GetValue(_lambda) is >= 1e-6 and <= 1000 and var lambda
            ? lambda
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--lambda is {line.GetValue(_lambda)}; allowed are 0.000001 to 1000.")),
        Seed = line.GetValue(_seed),
        Threads = line.Require(_threads, 1024),
    };

    private async Task<IReadOnlyList<RankingRow>> LoadAsync(ParseResult line, StoreParts store, CancellationToken cancel)
    {
        var most = line.Require(_rows, 100_000_000);
        await using var open = _store.OpenUnlessInUse(line);
        if (open is null && Directory.Exists(store.Layout.Log))
        {
            await line.InvocationConfiguration.Error.WriteLineAsync("segue: the store is in use, probably by a server: learning from the events that were compacted so far.");
        }
        return await RankingData.LoadAsync(store, open?.Events.Log, most, cancel);
    }

    // One that this program cannot read is no reason not to learn a new one.
    private static RankingModels? Previous(StoreParts store)
    {
        if (store.Rankers.Current() is not { } version)
        {
            return null;
        }
        try
        {
            using var file = File.OpenRead(store.Rankers.PathOf(version));
            return RankingModels.Load(file, file.Name);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static RankingModel? WithFactors(
        StoreParts store, IReadOnlyList<RankingRow> rows, string kind, RankingModels? previous, RankerTrainingOptions options, TextWriter output, CancellationToken cancel)
    {
        if (store.Models.Current() is null)
        {
            return null;
        }
        var models = store.Models.LoadCurrent();
        var table = RankingTable.OfFactors(rows, models.Taste.ItemFactors, RankingData.RowsIn(models));
        if (table.Rows < FewestWithFactors)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"No ranker over factors: models {models.Published} showed {table.Rows:N0} tracks with a known outcome so far, and {FewestWithFactors:N0} are needed. Other versions' factors mean other things."));
            return null;
        }
        var results = RankerTraining.Compare(table, models.Published, [kind], previous?.For(models.Published), options, cancel);
        RankerOutput.Write($"context and factors of models {models.Published}", results, output);
        var (factors, plain) = (results[^1].Model!, RankerTraining.Compare(table.ContextOnly(), taste: null, [kind], previous: null, options, cancel)[^1].Model!);
        if (factors.HeldOutLoss < plain.HeldOutLoss)
        {
            return factors;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Factors are left out: on the held-out rows their log-loss is {factors.HeldOutLoss:F4}, and that of the context alone {plain.HeldOutLoss:F4}."));
        return null;
    }
}

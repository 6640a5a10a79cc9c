using System.CommandLine;
using System.Globalization;
using Segue.Models;
using Segue.Models.Registry;
using Segue.Ranking.Learnt;

namespace Segue.Cli.Commands;

/// <summary><c>segue models</c>: the kinds of model and what each may be set to. <c>segue models verify --store STORE</c>: whether the published
/// models are as they were written; exit code 2 where one is not. <c>segue models ranker --store STORE</c>: the learnt ranker in use.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the kinds of model and their settings.") { Verify(), ShowRanker() };
        command.RunsAs((line, _) =>
        {
            var output = line.InvocationConfiguration.Output;
            foreach (var kind in ModelKinds.All)
            {
                output.WriteLine($"{kind.Name}: {kind.Summary}");
                foreach (var setting in kind.Settings)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"  {setting.Name,-16} {setting.Default,-6} [{setting.Min} .. {setting.Max}]  {setting.Help}"));
                }
            }
            return 0;
        });
        return command;
    }

    private static Command ShowRanker()
    {
        var store = new StoreOptions();
        var command = new Command("ranker", "Show the ranker in use, and what each feature weighs where it is a logistic one.");
        store.AddTo(command);
        command.RunsAs((line, _) =>
        {
            using var parts = store.OpenParts(line);
            var version = parts.Rankers.Current() ?? throw new ModelsMissingException("No ranker was learnt yet: segue train ranker does it, once listeners reacted to what was shown.");
            using var file = File.OpenRead(parts.Rankers.PathOf(version));
            RankerOutput.Write(version, RankingModels.Load(file, file.Name), line.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    private static Command Verify()
    {
        var store = new StoreOptions();
        var command = new Command("verify", "Read every byte of a store's published models and compare it with their checksums.");
        store.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            using var parts = store.OpenParts(line);
            var faults = parts.Models.Verify(cancel);
            if (faults.Count > 0)
            {
                throw new InvalidDataException(string.Join(Environment.NewLine, faults));
            }
            line.InvocationConfiguration.Output.WriteLine(
                parts.Models.Current() is { } current ? $"All published models are as they were written; version {current} is in use." : "No model was published yet.");
            return 0;
        });
        return command;
    }
}

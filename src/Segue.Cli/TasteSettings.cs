using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;
using Segue.Events.Storage;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Server.Stores;

namespace Segue.Cli;

/// <summary>Which settings the factorization is trained with: given ones, those of the published model, or the best of a search.</summary>
internal sealed class TasteSettings
{
    // A search looks at no more interactions than these, and keeps a fifth of them to judge by.
    private const int UsualTrials = 24, MostInteractions = 500_000, FewestAnswers = 500, MostFactors = 256;
    private const double ValidationShare = 0.2;

    private readonly Option<int?> _tune = new("--tune")
    {
        Description = $"Try so many settings on the newest part of the store, and use the best; 0: none. Default: {UsualTrials} when nothing was published yet, else 0.",
    };

    private readonly Option<FileInfo?> _trials = new("--trials") { Description = "Write the table of all settings that were tried, tab-separated." };

    public void AddTo(Command command)
    {
        command.Add(_tune);
        command.Add(_trials);
    }

    /// <exception cref="ArgumentException">A setting or an option is out of range.</exception>
    public void Require(ParseResult line, IReadOnlyDictionary<string, double> given)
    {
        _ = Kind.Trainer(given);
        TrainingOptions.RequireTrials(line.GetValue(_tune) ?? 0);
    }

    public bool IsSearchAsked(ParseResult line) => line.GetValue(_tune) is not null || line.GetValue(_trials) is not null;

    /// <param name="given">By the caller: they hold in any case.</param>
    /// <param name="before">The published model; null where there is none to go on from.</param>
    public IReadOnlyDictionary<string, double> Choose(
        ParseResult line, LearningData learning, IReadOnlyDictionary<string, double> given, ImplicitAlsModel? before, TrainingRun run)
    {
        var trials = line.GetValue(_tune) ?? (before is null ? UsualTrials : 0);
        if (trials == 0)
        {
            return Over(before?.Settings ?? new Dictionary<string, double>(), given);
        }
        var output = line.InvocationConfiguration.Output;
        var validation = EvaluationSet.CutStore(learning.Data.Catalogue.Tracks, learning.Interactions, ValidationShare, MostInteractions, run.Seed);
        var answers = validation.Sum(part => part.Answers);
        if (answers < FewestAnswers && line.GetValue(_tune) is null)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Settings are not searched for: only {answers} answers to judge by, {FewestAnswers} are needed. --tune {UsualTrials} does so all the same."));
            return given;
        }
        if (answers == 0)
        {
            throw new StoreException("Settings cannot be searched for: nobody took up anything new in the newest part of the store.");
        }
        var done = ConsoleProgress.Run("Searching for settings", progress => new ParameterSearch(Kind, validation, run with { Progress = progress })
            .Run(trials, given, most: new Dictionary<string, double> { ["factors"] = MostFactors }));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{done.Count} trials of {trials} settings on {answers:N0} held-out answers; best {ParameterSearch.Metric(validation[0].Protocol)} {done[0].Value:F4}, median {done[done.Count / 2].Value:F4}."));
        if (line.GetValue(_trials) is { } file)
        {
            File.WriteAllLines(file.FullName, Table(done));
        }
        return Over(done[0].Settings, given);
    }

    private static ModelKind Kind => ModelKinds.Get(ImplicitAlsModel.KindName);

    /// <summary>Settings with those given by the caller over them.</summary>
    public static Dictionary<string, double> Over(IReadOnlyDictionary<string, double> settings, IReadOnlyDictionary<string, double> given)
    {
        var all = new Dictionary<string, double>(settings);
        foreach (var (name, value) in given)
        {
            all[name] = value;
        }
        return all;
    }

    private static IEnumerable<string> Table(IReadOnlyList<Trial> trials)
    {
        var names = trials[0].Settings.Keys.Order(StringComparer.Ordinal).ToList();
        yield return string.Join('\t', names.Prepend("value"));
        foreach (var trial in trials)
        {
            yield return string.Join('\t', names.Select(name => trial.Settings[name]).Prepend(trial.Value).Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        }
    }
}

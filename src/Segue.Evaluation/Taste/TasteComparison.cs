using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;
using Segue.Experiments.Analysis;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;

namespace Segue.Evaluation.Taste;

/// <summary>What one way of learning taste reached.</summary>
/// <param name="Ndcg">NDCG@20 by truth, one a world.</param>
public sealed record TasteResult(string Name, IReadOnlyList<double> Ndcg)
{
    public double Mean => Ndcg.Average();

    /// <summary>The gain over another way, as a share of that one's mean, with a 95 % interval over the worlds.</summary>
    public PairedComparison GainOver(TasteResult control)
    {
        var difference = PairedComparison.Of(Ndcg, control.Ndcg);
        return new(difference.Mean / control.Mean, difference.Low / control.Mean, difference.High / control.Mean);
    }
}

/// <summary>A kind of world and the ways of learning that are compared in it, the first being what the others are measured against.</summary>
public sealed record TasteSituation(string Name, LabOptions World, IReadOnlyList<TasteVariant> Variants);

/// <summary>A way of learning taste.</summary>
/// <param name="Settings">Over <see cref="LabModels.Taste"/>.</param>
/// <param name="Searched">Names of settings that a search finds on the newest part of the history; empty: none.</param>
public sealed record TasteVariant(string Name, string Kind, IReadOnlyDictionary<string, double> Settings, IReadOnlyCollection<string> Searched);

/// <summary>Compares ways of learning taste in lab worlds whose truth is known.</summary>
public static class TasteComparison
{
    private const int Trials = 16, MostInteractions = 500_000;
    private const double ValidationShare = 0.2;
    private static readonly string[] Actions = ["skip", "voteUp", "voteDown", "playlist"];

    /// <summary>The situations in which shared factors and recency must prove themselves.</summary>
    public static IReadOnlyList<TasteSituation> Standard(LabOptions sizes) =>
    [
        new("votes and playlists tell of taste", sizes with { Statements = LabStatements.Frequent }, ActionVariants()),
        new("votes and playlists as rare as in life", sizes with { Statements = LabStatements.Rare }, ActionVariants()),
        new("votes and playlists by chance", sizes with { Statements = LabStatements.Random }, ActionVariants()),
        new("tastes change after 60 % of the days", sizes with { TastesChangeAt = 0.6 }, RecencyVariants()),
        new("tastes stay", sizes, RecencyVariants()),
    ];

    /// <param name="seeds">One world each.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    public static IReadOnlyList<TasteResult> Run(
        TasteSituation situation, IReadOnlyList<ulong> seeds, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var values = situation.Variants.ToDictionary(variant => variant.Name, _ => new List<double>());
        for (var n = 0; n < seeds.Count; n++)
        {
            var world = LabWorld.Create(situation.World with { Seed = seeds[n] });
            var interactions = LabExport.ToInteractions(world, world.SimulateHistory(cancellation: cancellation)).ToList();
            var data = Dataset.Build(world.Catalogue, world.Listeners, interactions);
            var (truth, run) = (new TrueLikings(world), new TrainingRun(seeds[n], situation.World.Threads, Cancellation: cancellation));
            var histories = Enumerable.Range(0, world.Listeners.Count).Select(listener => (listener, data.History(listener))).ToList();
            for (var v = 0; v < situation.Variants.Count; v++)
            {
                var variant = situation.Variants[v];
                var trainer = ModelKinds.Get(variant.Kind).Trainer(Settings(variant, world, interactions, run));
                values[variant.Name].Add(truth.Ndcg(trainer.Train(data.Training, run), histories, run));
                progress?.Report((n + (v + 1.0) / situation.Variants.Count) / seeds.Count);
            }
        }
        return [.. values.Select(result => new TasteResult(result.Key, result.Value))];
    }

    private static IReadOnlyDictionary<string, double> Settings(TasteVariant variant, LabWorld world, List<Interaction> interactions, TrainingRun run)
    {
        if (variant.Searched.Count == 0)
        {
            return variant.Settings;
        }
        var kind = ModelKinds.Get(variant.Kind);
        var given = kind.Settings.Where(setting => !variant.Searched.Contains(setting.Name)).ToDictionary(setting => setting.Name, setting => setting.Default);
        foreach (var (name, value) in variant.Settings)
        {
            given[name] = value;
        }
        var validation = EvaluationSet.CutStore(world.Catalogue, interactions, ValidationShare, MostInteractions, run.Seed);
        var best = new Dictionary<string, double>(new ParameterSearch(kind, validation, run).Run(Trials, given)[0].Settings);
        if (kind.Effort is { } effort)
        {
            best[effort] = given[effort];
        }
        return best;
    }

    private static TasteVariant[] ActionVariants()
    {
        var listensOnly = Als(Actions.Select(action => ($"{action}.weight", 0.0)));
        string[] searched = [.. Actions.Select(action => $"{action}.weight"), "skip.target", "voteDown.target"];
        return
        [
            new("listens alone", ImplicitAlsModel.KindName, listensOnly, []),
            new("random", RandomModel.KindName, new Dictionary<string, double>(), []),
            new("most popular", MostPopularModel.KindName, new Dictionary<string, double>(), []),
            new("all actions, shared factors, default weights", ImplicitAlsModel.KindName, Als([]), []),
            new("all actions, shared factors, weights by search", ImplicitAlsModel.KindName, Als([]), searched),
            new("all actions, separate factors, each of as many", SeparateAlsModel.KindName, Als([("factors", 4 * LabModels.Taste["factors"])]), []),
            new("all actions, separate factors, weights by search", SeparateAlsModel.KindName, Als([]), searched),
        ];
    }

    private static TasteVariant[] RecencyVariants() =>
    [
        new("nothing fades", ImplicitAlsModel.KindName, Als([]), []),
        new("random", RandomModel.KindName, new Dictionary<string, double>(), []),
        new("most popular", MostPopularModel.KindName, new Dictionary<string, double>(), []),
        new("half-lives of 7 days", ImplicitAlsModel.KindName, Als(Actions.Append("listen").Select(action => ($"{action}.halfLife", 7.0))), []),
        new("half-lives by search", ImplicitAlsModel.KindName, Als([]), [.. Actions.Append("listen").Select(action => $"{action}.halfLife")]),
    ];

    private static Dictionary<string, double> Als(IEnumerable<(string Name, double Value)> changed)
    {
        var settings = new Dictionary<string, double>(LabModels.Taste);
        foreach (var (name, value) in changed)
        {
            settings[name] = value;
        }
        return settings;
    }
}

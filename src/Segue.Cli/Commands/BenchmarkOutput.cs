using System.Globalization;
using System.Text.Json;
using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;

namespace Segue.Cli.Commands;

/// <summary>What one model reached.</summary>
/// <param name="TrainSeconds">Wall time of the training with these settings.</param>
/// <param name="Seconds">The same and the evaluation; the search for settings is not in it.</param>
/// <param name="PeakMiB">Largest resident set of the process meanwhile, the data included.</param>
/// <param name="Trials">All settings tried on the validation part, best first; null without a search.</param>
internal sealed record ModelResult(
    string Model,
    IReadOnlyDictionary<string, double> Settings,
    IReadOnlyDictionary<string, double> Metrics,
    double TrainSeconds,
    double Seconds,
    double PeakMiB,
    IReadOnlyList<Trial>? Trials);

/// <summary>A benchmark's table, or its JSON object.</summary>
internal sealed record BenchmarkOutput(string Protocol, EvaluationSet Set, IReadOnlyList<ModelResult> Results)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(ToJson());
            return;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Protocol}: {Set.Train.Users:N0} users, {Set.Train.Items:N0} items, {Set.Train.Strengths.Count:N0} pairs to train on, {Set.Answers:N0} held out"));
        var width = Math.Max(14, Results.Max(result => result.Model.Length) + 2);
        output.WriteLine();
        output.WriteLine("".PadRight(14) + string.Concat(Results.Select(result => result.Model.PadLeft(width))));
        foreach (var metric in Results[0].Metrics.Keys)
        {
            output.WriteLine(metric.PadRight(14) + string.Concat(Results.Select(result => Number(result.Metrics[metric], "F4").PadLeft(width))));
        }
        output.WriteLine("seconds".PadRight(14) + string.Concat(Results.Select(result => Number(result.Seconds, "F2").PadLeft(width))));
        output.WriteLine("peak MiB".PadRight(14) + string.Concat(Results.Select(result => Number(result.PeakMiB, "F0").PadLeft(width))));
        foreach (var result in Results.Where(result => result.Settings.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"{result.Model}: {Format(result.Settings)}");
        }
    }

    /// <summary>Settings in the form that <c>--set</c> takes.</summary>
    public static string Format(IReadOnlyDictionary<string, double> settings)
        => string.Join(' ', settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={Number(s.Value, "G5")}"));

    private string ToJson() => JsonSerializer.Serialize(
        new
        {
            Protocol,
            Data = new { Set.Train.Users, Set.Train.Items, Train = Set.Train.Strengths.Count, Test = Set.Answers },
            Models = Results.Select(result => new
            {
                result.Model,
                result.Settings,
                Metrics = result.Metrics.ToDictionary(metric => metric.Key, metric => Finite(metric.Value)),
                Seconds = Math.Round(result.Seconds, 3),
                TrainSeconds = Math.Round(result.TrainSeconds, 3),
                PeakMiB = Math.Round(result.PeakMiB, 1),
                result.Trials,
            }),
        },
        Json);

    // JSON has no NaN: a metric that is not defined on this data is null.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

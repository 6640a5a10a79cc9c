using System.Text.Json;

namespace Segue.Cli.Tests.Commands;

public sealed class BenchmarkCommandTests : IDisposable
{
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    // Even users play even items, odd users odd ones; the user's own number is held back.
    private (string Train, string Test) TwoTastes()
    {
        var pairs = Enumerable.Range(0, 40).SelectMany(user => Enumerable.Range(0, 40).Where(item => item % 2 == user % 2).Select(item => (user, item))).ToList();
        return (
            _shell.Write("train.txt", string.Concat(pairs.Where(p => p.user != p.item).Select(p => $"{p.user}\t{p.item}\t2\r\n"))),
            _shell.Write("test.txt", string.Concat(pairs.Where(p => p.user == p.item).Select(p => $"{p.user}\t{p.item}\t2\r\n"))));
    }

    [Fact]
    public async Task Json_holds_data_models_settings_and_metrics_with_both_baselines_first()
    {
        var (train, test) = TwoTastes();

        var (code, output, errors) = await CommandLine.Run(
            "benchmark", "--protocol", "full", "--train", train, "--test", test, "--model", "als", "--set", "factors=2", "sweeps=4", "--json");

        Assert.True(code == 0, errors);
        var json = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal("full", json.GetProperty("protocol").GetString());
        Assert.Equal((40, 40, 760, 40), (
            json.GetProperty("data").GetProperty("users").GetInt32(), json.GetProperty("data").GetProperty("items").GetInt32(),
            json.GetProperty("data").GetProperty("train").GetInt32(), json.GetProperty("data").GetProperty("test").GetInt32()));
        var models = json.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(["random", "popular", "als"], models.Select(model => model.GetProperty("model").GetString()));
        Assert.Equal(2, models[2].GetProperty("settings").GetProperty("factors").GetDouble());
        Assert.Equal(1, models[2].GetProperty("metrics").GetProperty("hr@10").GetDouble());
        Assert.Equal(1, models[2].GetProperty("metrics").GetProperty("recall@20").GetDouble());
        Assert.True(models[2].GetProperty("peakMiB").GetDouble() > 1);
        Assert.True(models[2].GetProperty("seconds").GetDouble() >= models[2].GetProperty("trainSeconds").GetDouble());
    }

    [Fact]
    public async Task Tuning_tries_so_many_settings_and_uses_the_best()
    {
        var (train, test) = TwoTastes();

        var (code, output, errors) = await CommandLine.Run(
            "benchmark", "--protocol", "full", "--train", train, "--test", test, "--model", "als", "--set", "factors=2", "--tune", "3", "--json");

        Assert.True(code == 0, errors);
        var als = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("models")[2];
        var trials = als.GetProperty("trials").EnumerateArray().ToList();
        Assert.Equal(3 + 1 + 1, trials.Count);   // the best goes on with more sweeps, twice
        Assert.True(JsonElement.DeepEquals(trials[0].GetProperty("settings"), als.GetProperty("settings")));
        Assert.All(trials, trial => Assert.Equal(2, trial.GetProperty("settings").GetProperty("factors").GetDouble()));
    }

    [Fact]
    public async Task Sampled_and_next_item_and_time_split_run_too()
    {
        var (train, test) = TwoTastes();
        var negatives = _shell.Write("negatives.txt", string.Concat(Enumerable.Range(0, 40).Select(user =>
            $"({user},{user})\t{string.Join('\t', Enumerable.Range(0, 40).Where(item => item % 2 != user % 2))}\n")));
        var sequences = _shell.Write("sequences.txt", string.Concat(Enumerable.Range(0, 30).Select(user => $"u{user} a b c d e\n")));
        var log = _shell.Write("log.txt", string.Concat(Enumerable.Range(0, 100).Select(n => $"u{n % 5}\ti{n % 7}{n / 35}\t1\t{1_000_000 + n}\n")));
        string[][] runs =
        [
            ["--protocol", "sampled", "--train", train, "--test", test, "--negatives", negatives, "--model", "als"],
            ["--protocol", "next-item", "--train", sequences, "--test", sequences, "--model", "cooccurrence"],
            ["--protocol", "time-split", "--train", log, "--model", "als"],
        ];

        foreach (var run in runs)
        {
            var (code, output, errors) = await CommandLine.Run(["benchmark", .. run, "--json"]);

            Assert.True(code == 0, errors);
            Assert.Equal(run[1], JsonSerializer.Deserialize<JsonElement>(output).GetProperty("protocol").GetString());
        }
    }

    [Theory]
    [InlineData("1\t2\t-3\n", "train.txt:1: ")]
    [InlineData("1\t2\t3\n1\t4\n", "Too many bad lines")]
    [InlineData("1\t2\t3\n1\t4\tmany\n", "train.txt:2: ")]
    [InlineData("1\t2\t3\n1\t4\tNaN\n", "train.txt:2: ")]
    public async Task A_bad_line_is_told_with_file_and_line_and_no_bad_line_is_tolerated_by_default(string text, string message)
    {
        var (code, output, errors) = await CommandLine.Run(
            "benchmark", "--protocol", "full", "--layout", "Rows", "--train", _shell.Write("train.txt", text), "--test", _shell.Write("test.txt", "1\t9\t1\n"), "--model", "als");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_utf8_is_told_with_its_line()
    {
        File.WriteAllBytes(_shell.PathOf("train.txt"), [.. "1\t2\t3\n1\t"u8, 0xC3, 0x28, .. "\t1\n"u8]);

        var (code, _, errors) = await CommandLine.Run(
            "benchmark", "--protocol", "full", "--train", _shell.PathOf("train.txt"), "--test", _shell.Write("test.txt", "1\t9\t1\n"), "--model", "als");

        Assert.Equal(2, code);
        Assert.Contains("train.txt:2: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--model=nonsense", "There is no model 'nonsense'")]
    [InlineData("--set=factors=0", "factors=0 is not allowed: give a whole number from 1 to 1024")]
    [InlineData("--set=speed=1", "'speed' is not a setting of this model")]
    [InlineData("--set=factors", "is not key=number")]
    [InlineData("--threads=0", "--threads is 0")]
    [InlineData("--tune=-1", "--tune is -1")]
    [InlineData("--max-bad=many", "'many' is no budget")]
    public async Task A_bad_option_is_told_in_one_line_before_the_work_starts(string option, string message)
    {
        var (train, test) = TwoTastes();
        string[] model = option.StartsWith("--model", StringComparison.Ordinal) ? [] : ["--model", "als"];

        var (code, output, errors) = await CommandLine.Run(["benchmark", "--protocol", "full", "--train", train, "--test", test, .. model, option]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var (code, _, errors) = await CommandLine.Run("benchmark", "--protocol", "full", "--train", _shell.PathOf("absent"), "--test", _shell.PathOf("absent"), "--model", "als");

        Assert.Equal(2, code);
        Assert.Contains("absent", errors, StringComparison.Ordinal);
    }
}

using Segue.Events;
using Segue.Numerics;
using Segue.Ranking.Learnt;
using Segue.Server.Stores;

namespace Segue.Cli.Tests.Commands;

public sealed class RankerCommandTests : IDisposable
{
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    // Listeners took what was near to their taste; the feature of popularity says the contrary.
    private static IEnumerable<ListenerEvent> Shown(int answers)
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        for (var n = 0; n < answers; n++)
        {
            var random = new SeededRandom(8, (ulong)n);
            var features = new float[26];
            features[0] = 2 * (float)random.NextNormal();
            features[5] = -features[0] / 10;
            byte[] packed = [1, 26, .. features.SelectMany(value => BitConverter.GetBytes((Half)value))];
            ListenerEvent Told(EventKind kind, double minutes) => new()
            {
                Kind = kind, Key = new((UInt128)(2 * n + (kind == EventKind.Listen ? 1 : 0) + 1)), Listener = new("somebody"), At = start.AddMinutes(4 * n + minutes), Track = new($"t{n % 50}"),
                Recommendation = new(new Guid(n, 0, 0, new byte[8])),
            };
            yield return Told(EventKind.Impression, 0) with { Position = 0, Shown = new("taste", "000001", "none", 1), Extra = SeenField.Write(packed, null) };
            var isTaken = random.NextBool(1 / (1 + Math.Exp(-features[0])));
            yield return Told(EventKind.Listen, 1) with { Heard = TimeSpan.FromSeconds(isTaken ? 200 : 5), Length = TimeSpan.FromSeconds(200), End = isTaken ? EndReason.Finished : EndReason.Skipped };
        }
    }

    private async Task<string> Store(int answers)
    {
        var store = _shell.PathOf("store");
        StoreParts.Create(store, TimeProvider.System);
        await using var open = OpenStore.Open(store, new(), TimeProvider.System);
        await open.Events.KeepAsync([.. Shown(answers)], TestContext.Current.CancellationToken);
        return store;
    }

    [Fact]
    public async Task A_ranker_is_trained_measured_published_and_shown()
    {
        var store = await Store(900);

        var first = await CommandLine.Run("train", "ranker", "--store", store, "--threads", "1");
        var second = await CommandLine.Run("train", "ranker", "--store", store, "--kind", "neural");
        var shown = await CommandLine.Run("models", "ranker", "--store", store);

        Assert.True(first.Code == 0, first.Errors);
        Assert.Contains("Published ranker 000001: logistic.", first.Output, StringComparison.Ordinal);
        Assert.All((string[])["random", "most popular", "hand-weighted", "logistic", "neural", "taste"], name => Assert.Contains($"\n  {name} ", first.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("previous ranker", first.Output, StringComparison.Ordinal);
        Assert.Contains("previous ranker", second.Output, StringComparison.Ordinal);
        Assert.Contains("Ranker 000002: neural over the context, learnt from 630 shown tracks.", shown.Output, StringComparison.Ordinal);
        using var parts = new StoreParts(store, new());
        using var file = File.OpenRead(parts.Rankers.PathOf("000001"));
        Assert.True(FeatureReport.Weights(RankingModels.Load(file, "ranker").For("any"))[0].Effect > 0.5);
    }

    [Fact]
    public async Task The_same_rows_publish_the_same_bytes_and_old_versions_go()
    {
        var store = await Store(700);
        var rankers = Path.Combine(store, "models", "rankers");

        await CommandLine.Run("train", "ranker", "--store", store, "--threads", "1");
        var first = await File.ReadAllBytesAsync(Path.Combine(rankers, "000001", "ranker.json"), TestContext.Current.CancellationToken);
        await CommandLine.Run("train", "ranker", "--store", store, "--threads", "3", "--keep-models", "1");

        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(rankers, "000002", "ranker.json"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Path.Combine(rankers, "000001")));
    }

    [Fact]
    public async Task What_cannot_be_learnt_or_shown_is_told_and_nothing_is_published()
    {
        var store = await Store(20);

        var few = await CommandLine.Run("train", "ranker", "--store", store);
        var kind = await CommandLine.Run("train", "ranker", "--store", store, "--kind", "guess");
        var lambda = await CommandLine.Run("train", "ranker", "--store", store, "--lambda", "0");
        var none = await CommandLine.Run("models", "ranker", "--store", store);

        Assert.Equal((2, 2, 2, 2), (few.Code, kind.Code, lambda.Code, none.Code));
        Assert.Contains("holds 20 shown tracks with a known outcome; a ranker needs at least 500", few.Errors, StringComparison.Ordinal);
        Assert.Contains("allowed are logistic, trees, neural", kind.Errors, StringComparison.Ordinal);
        Assert.Contains("allowed are 0.000001 to 1000", lambda.Errors, StringComparison.Ordinal);
        Assert.Contains("No ranker was learnt yet", none.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(store, "models", "rankers")));
    }
}

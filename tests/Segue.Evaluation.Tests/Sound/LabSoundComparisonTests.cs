using Segue.Evaluation.Lab;
using Segue.Evaluation.Sound;

namespace Segue.Evaluation.Tests.Sound;

public sealed class LabSoundComparisonTests
{
    private static readonly LabSoundOptions Tiny = new()
    {
        World = new() { Listeners = 120, Tracks = 100, Days = 12, Threads = 2 }, ColdShare = 0.5, EncoderSteps = 2, NetworkSteps = 2,
    };

    [Fact]
    public void Sound_tells_who_likes_new_tracks_and_what_is_no_style_does_not()
    {
        var told = new List<double>();

        var judged = LabSoundComparison.Run(Tiny, [1], new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal(["true likings", "plays"], judged.Select(judge => judge.Judge));
        var results = judged[0].Results.ToDictionary(result => result.Name);
        var (random, style, sound) = (results["random"], results[$"learnt from {LabSoundComparison.StyleName}"], results[$"learnt from {LabSoundComparison.ProductionName}"]);
        Assert.Equal(20 / 50.0, random.Recall20, 0.05);
        Assert.InRange(results["nearest by length"].Auc, 0.3, 0.7);
        Assert.True(style.Auc > 0.65 && sound.Auc > 0.6, $"style {style.Auc}, sound {sound.Auc}");
        Assert.True(sound.Ndcg20 > 1.3 * random.Ndcg20, $"sound {sound.Ndcg20}, random {random.Ndcg20}");
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Half_of_the_cold_tracks_are_whole_artists_and_the_others_artists_are_known(double share)
    {
        var world = LabWorld.Create(new() { Listeners = 10, Tracks = 600, Days = 1, Seed = 3, Threads = 1 });

        var drawn = new LabColdTracks(world, share);

        Assert.Equal(600 * share, drawn.Cold.Count);
        Assert.Equal(Enumerable.Range(0, 600).Where(track => drawn.IsCold[track]), drawn.Cold);
        var known = Enumerable.Range(0, 600).Where(track => !drawn.IsCold[track]).Select(track => drawn.Artists[track]).ToHashSet();
        Assert.Equal(300 * share, drawn.Cold.Count(track => !known.Contains(drawn.Artists[track])), 6.0);
        Assert.Equal(drawn.Cold, new LabColdTracks(world, share).Cold);
        Assert.All(Enumerable.Range(0, 600).GroupBy(track => drawn.Albums[track]), album => Assert.Single(album.Select(track => drawn.Artists[track]).Distinct()));
    }

    [Fact]
    public void Sizes_out_of_range_are_told()
    {
        Assert.Contains("0.6; it must lie from 0.05 to 0.5", Assert.Throws<ArgumentOutOfRangeException>(() => Tiny with { ColdShare = 0.6 }).Message, StringComparison.Ordinal);
        Assert.Contains("EncoderSteps is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Tiny with { EncoderSteps = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("NetworkSteps is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Tiny with { NetworkSteps = 0 }).Message, StringComparison.Ordinal);
    }

    private sealed class Told(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}

using Segue.Audio.Networks;
using Segue.Core;
using Segue.Models.ColdStart;
using Segue.Models.Registry;
using Segue.Models.Tests.Sound;

namespace Segue.Models.Tests.ColdStart;

public sealed class ColdNetworkTests : IDisposable
{
    private static readonly ColdNetworkCard Card = new(Data: ulong.MaxValue - 3, Tracks: 20, Steps: 7, LossBefore: 1, LossAfter: 0.25, HeldOutCosine: 0.5, WeightShare: 0.125);
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"segue-cold-network-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static ColdNetwork Network()
    {
        var objective = FactorObjective.All[^1];
        var options = new FactorNetworkOptions { Channels = [2, 3, 2, 4], Hidden = 6, Outputs = 4, Loss = objective.Loss };
        return new([new(options, 1), new(options, 2), new(options, 3)], objective, new([.. Enumerable.Range(0, Audio.TrackFeatures.Bands).Select(band => band / 50f)], 1.5f), 0.5f, Card);
    }

    private static float[] Predict(ColdNetwork network, string artist, bool learntFrom)
    {
        var factors = new float[4];
        network.Predict(new(artist), learntFrom, SoundWorld.Track(3).Spectra, factors);
        return factors;
    }

    [Fact]
    public void A_set_keeps_its_networks_through_an_erasure_and_drops_them_with_its_version()
    {
        var registry = new ModelRegistry(_directory);
        var network = Network();
        var (models, users) = (Models(), Enumerable.Range(0, 30).Select(n => $"user-{n}").ToArray());
        Track[] items = [.. Enumerable.Range(0, 20).Select(n => new Track(new($"t{n}"), "Title", new(new("a"), "Artist"), null, [], null))];

        registry.Publish(models, new(items, users, 5), network: network);
        Assert.Equal(["000001"], registry.Erase("user-3"));
        var loaded = registry.LoadCurrent();

        Assert.Equal(("000002", Card), (loaded.Version, loaded.Network!.Card));
        Assert.Equal((network.Objective, network.Scale.Means[7]), (loaded.Network.Objective, loaded.Network.Scale.Means[7]));
        var other = Enumerable.Range(0, 99).Select(n => $"{n}").First(name => ColdNetwork.PartOf(new(name)) != ColdNetwork.PartOf(new("a")));
        foreach (var (artist, learntFrom) in new[] { ("a", false), ("a", true), (other, true) })
        {
            Assert.Equal(Predict(network, artist, learntFrom), Predict(loaded.Network, artist, learntFrom));
        }
        Assert.Equal(3, new[] { Predict(network, "a", false), Predict(network, "a", true), Predict(network, other, true) }.Select(values => values[0]).Distinct().Count());
        Assert.Empty(registry.Verify(TestContext.Current.CancellationToken));
        registry.Publish(models, new(items, users, 5));
        Assert.Null(registry.LoadCurrent().Network);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        var registry = new ModelRegistry(_directory);
        registry.Publish(Models(), network: Network());
        var path = Path.Combine(_directory, "000001", "cold-network.model");
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);

        Assert.Contains("cold-network.model", Assert.Single(registry.Verify(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        File.WriteAllBytes(path, bytes[..40]);
        Assert.Contains("cold-network.model", Assert.Throws<InvalidDataException>(() => registry.LoadCurrent()).Message, StringComparison.Ordinal);
    }

    private static IRecommenderModel[] Models()
    {
        var data = Worlds.Chance(1, 30, 20, ordered: true);
        return [.. new[] { "als", "cooccurrence", "popular" }.Select(kind => ModelKinds.Get(kind)
            .Trainer(kind == "als" ? new Dictionary<string, double> { ["factors"] = 4, ["sweeps"] = 2 } : null).Train(data, new(1, 1)))];
    }
}

using Segue.Core;
using Segue.Models.ColdStart;
using Segue.Models.Playlists;
using Segue.Models.Registry;
using Segue.Models.Tags;

namespace Segue.Models.Tests.Registry;

/// <summary>What is published beside the three models that every set has.</summary>
public sealed class PublishedPartsTests : IDisposable
{
    private static readonly (ColdWeights Weights, ColdFactorsOptions Options) Cold = (
        new(1, 2, 0.5, 1.25, 40, [.. Enumerable.Range(0, 64).Select(n => n / 64.0)], [double.NaN, .. Enumerable.Range(1, 15).Select(n => n / 16.0)]), new() { BlendListens = 4 });

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"segue-parts-{Guid.NewGuid():N}");

    private ModelRegistry Registry => new(_directory);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_space_of_tags_is_published_with_the_set_and_stays_when_a_user_is_erased()
    {
        var tags = (TagSpaceModel)ModelKinds.Get(TagSpaceModel.KindName).Trainer(new Dictionary<string, double> { ["minItems"] = 2, ["dimensions"] = 3 }).Train(Worlds.Chance(1, 30, 20, ordered: true), new(1, 1));
        ModelRows rows = new([.. Enumerable.Range(0, 20).Select(n => new Track(new($"t{n}"), "T", new(new("a"), "A"), null, [], null))], [.. Enumerable.Range(0, 30).Select(n => $"listener-{n:D3}")]);
        Registry.Publish(ModelRegistryTests.Models());
        Assert.Null(Registry.LoadCurrent().Tags);

        Registry.Publish([.. ModelRegistryTests.Models(), tags], rows);
        Registry.Erase("listener-007");

        var loaded = Registry.OpenCurrent().Tags!;
        Assert.Equal((3, 20, "000003"), (loaded.Dimensions, loaded.Items, Registry.Current()));
        Assert.All(Enumerable.Range(0, 20), item => Assert.Equal(tags.Place(item).ToArray(), loaded.Place(item).ToArray()));
        Registry.Publish([.. ModelRegistryTests.Models(items: 19), tags]);
        Assert.Contains("not trained on the same items", Assert.Throws<InvalidDataException>(Registry.LoadCurrent).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Playlists_are_published_with_the_set_and_stay_when_a_user_is_erased()
    {
        var playlists = (PlaylistNeighborsModel)ModelKinds.Get(PlaylistNeighborsModel.KindName).Trainer().Train(Worlds.Chance(1, 30, 20, ordered: true), new(1, 1));
        ModelRows rows = new([.. Enumerable.Range(0, 20).Select(n => new Track(new($"t{n}"), "T", new(new("a"), "A"), null, [], null))], [.. Enumerable.Range(0, 30).Select(n => $"listener-{n:D3}")]);
        Registry.Publish(ModelRegistryTests.Models());
        Assert.Null(Registry.LoadCurrent().Playlists);

        Registry.Publish([.. ModelRegistryTests.Models(), playlists], rows);
        Registry.Erase("listener-007");

        var loaded = Registry.OpenCurrent().Playlists!;
        Assert.Equal((20, "000003"), (loaded.Items, Registry.Current()));
        Assert.Contains(Enumerable.Range(0, 20), item => loaded.Neighbors(item).Length > 0);
        Assert.All(Enumerable.Range(0, 20), item => Assert.Equal(playlists.Neighbors(item).ToArray(), loaded.Neighbors(item).ToArray()));
        Registry.Publish([.. ModelRegistryTests.Models(items: 19), playlists]);
        Assert.Contains("not trained on the same items", Assert.Throws<InvalidDataException>(Registry.LoadCurrent).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_places_of_new_tracks_are_published_with_the_set_and_stay_when_somebody_is_erased()
    {
        Registry.Publish(ModelRegistryTests.Models(), ModelRegistryTests.Rows());
        Assert.Null(Registry.LoadCurrent().Cold);   // a set from before, or of a store without music
        Assert.False(File.Exists(Path.Combine(_directory, "000001", "cold.model")));

        Registry.Publish(ModelRegistryTests.Models(), ModelRegistryTests.Rows(), Cold);
        Registry.Erase("listener-007");

        Assert.Equal("000003", Registry.Current());
        foreach (var set in new[] { Registry.LoadCurrent(), Registry.OpenCurrent() })
        {
            var (weights, options) = set.Cold!.Value;
            Assert.Equal(Cold.Weights.Table, weights.Table);
            Assert.Equal(Cold.Weights.Losses, weights.Losses);
            Assert.Equal((1, 2, 0.5, 1.25, 40, 4), (weights.ArtistShrink, weights.AlbumShrink, weights.LengthPower, weights.Scale, weights.HeldOut, options.BlendListens));
        }
        Assert.Empty(Registry.Verify(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_damaged_byte_of_the_places_is_told_by_their_file()
    {
        Registry.Publish(ModelRegistryTests.Models(), ModelRegistryTests.Rows(), Cold);
        var path = Path.Combine(_directory, "000001", "cold.model");
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at += 29)
        {
            bytes[at] ^= 16;
            File.WriteAllBytes(path, bytes);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Registry.OpenCurrent()).Message, StringComparison.Ordinal);
            bytes[at] ^= 16;
        }
        File.WriteAllBytes(path, bytes[..40]);
        Assert.Contains(path, Assert.Single(Registry.Verify(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }
}

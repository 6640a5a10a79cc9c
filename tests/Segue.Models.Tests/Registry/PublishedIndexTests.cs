using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.Tests.Registry;

public sealed class PublishedIndexTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("segue-index-").FullName;

    private ModelRegistry Registry => new(_directory);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Factors_of_many_items_are_published_with_an_index_that_finds_what_a_new_one_does_and_is_proved()
    {
        var items = new DenseMatrix(5_000, 20);
        var random = new SeededRandom(2);
        for (var item = 0; item < items.Rows; item++)
        {
            for (var f = 0; f < items.Columns; f++)
            {
                items.Row(item)[f] = (float)random.NextNormal() * (item % 7);
            }
        }
        var options = new ImplicitAlsOptions { Factors = 20 };
        var version = Registry.Publish([
            new ImplicitAlsModel(options, new(3, 20), items), new CooccurrenceModel(new(), isOrdered: true, users: 3, [.. Enumerable.Repeat(Array.Empty<ScoredItem>(), 5_000)], new float[5_000]),
            new MostPopularModel(users: 3, new float[5_000]),
        ]);

        var opened = Registry.LoadCurrent();
        using var search = new ByteSearch(opened.Index!, 10);
        search.Add(items.Row(17), []);
        search.Run();
        var all = Enumerable.Range(0, 5_000).Select(item => new ScoredItem(item, Vectors.Dot(items.Row(17), items.Row(item)))).ToList();
        all.Sort(ScoredItem.BestFirst);
        Assert.Equal(all.Take(10).Select(scored => scored.Item), search.Found(0).ToArray().Select(found => found.Item));

        var path = Path.Combine(_directory, version, "item-index.model");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("item-index.model", Assert.Single(Registry.Verify(TestContext.Current.CancellationToken)));
        File.Delete(path);
        Assert.Null(Registry.LoadCurrent().Index);
    }

    [Fact]
    public void Few_items_need_no_index() => Assert.False(File.Exists(Path.Combine(_directory, Registry.Publish(PublisherProcess.Models(1)), "item-index.model")));
}

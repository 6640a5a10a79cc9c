using Segue.Events.Objects;

namespace Segue.Events.Tests.Objects;

[Collection(nameof(S3Server))]
public sealed class S3ObjectStoreTests(S3Server server) : ObjectStoreContract
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private readonly FixedTime _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private S3ObjectStore? _store;

    private protected override IObjectStore Store => _store ??= new(
        server.Options(_prefix, Folder["cache"]) with { PartBytes = 5 << 20, CacheBytes = 20, CacheKeepsFor = TimeSpan.FromMinutes(1) }, _time);

    [Fact]
    public async Task Listing_goes_over_several_pages()
    {
        await File.WriteAllTextAsync(Folder["small"], "x", Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 7).Select(n => Store.PutAsync($"many/{n:D4}", Folder["small"], Cancellation)));

        // A store of its own: s3rver loses keys between pages when folders and their like-named neighbors meet.
        using var pages = new S3ObjectStore(server.Options(_prefix, Folder["cache"]) with { PageKeys = 3 });

        var listed = await pages.ListAsync("many/", Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 7).Select(n => $"many/{n:D4}"), listed.Select(found => found.Name));
    }

    [Fact]
    public async Task Copies_over_the_bound_are_dropped_oldest_first_but_not_those_just_given_out()
    {
        var paths = new List<string>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Put(name, "ten bytes.");
            paths.Add(await Store.LocalFileAsync(name, Cancellation));
            _time.Now += TimeSpan.FromSeconds(10);
        }
        Assert.Equal([true, true, true], paths.Select(File.Exists));   // 30 bytes where 20 are allowed, but all in use

        _time.Now += TimeSpan.FromMinutes(1);
        await Put("d", "ten bytes.");
        paths.Add(await Store.LocalFileAsync("d", Cancellation));

        Assert.Equal([false, false, true, true], paths.Select(File.Exists));
    }

    [Fact]
    public async Task A_location_opens_the_same_objects()
    {
        await Put("2026/one.json", "{}");

        var store = ObjectStores.Open($"s3://segue/{_prefix}/2026?endpoint={server.Endpoint}", Folder["cache"], S3Server.Credentials);
        using var disposable = Assert.IsType<S3ObjectStore>(store);

        Assert.Equal("one.json", Assert.Single(await store.ListAsync("", Cancellation).ToListAsync(Cancellation)).Name);
    }

    protected override void Dispose(bool disposing)
    {
        _store?.Dispose();
        base.Dispose(disposing);
    }
}

using Segue.Events.Objects;

namespace Segue.Events.Tests.Objects;

/// <summary>What every object store keeps to.</summary>
public abstract class ObjectStoreContract : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private protected TemporaryFolder Folder => _folder;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract IObjectStore Store { get; }

    [Fact]
    public async Task What_was_put_is_read_back_and_listed_with_its_size()
    {
        await Put("events/day=2026-01-02/part-0.parquet", "hello");

        Assert.Equal("hello", await Read("events/day=2026-01-02/part-0.parquet"));
        var listed = Assert.Single(await List(""));
        Assert.Equal(("events/day=2026-01-02/part-0.parquet", 5), (listed.Name, listed.Bytes));
    }

    [Fact]
    public async Task Names_are_listed_in_ordinal_order_and_by_prefix()
    {
        foreach (var name in new[] { "b/2", "a-c", "a/z", "B", "b/10", "a/b/c", "ab" })
        {
            await Put(name, name);
        }

        Assert.Equal(["B", "a-c", "a/b/c", "a/z", "ab", "b/10", "b/2"], (await List("")).Select(found => found.Name));
        Assert.Equal(["a/b/c", "a/z"], (await List("a/")).Select(found => found.Name));
        Assert.Equal(["a-c", "a/b/c", "a/z", "ab"], (await List("a")).Select(found => found.Name));
        Assert.Equal(["b/10"], (await List("b/1")).Select(found => found.Name));
        Assert.Empty(await List("nothing/here"));
    }

    [Fact]
    public async Task A_second_put_replaces_the_content_and_changes_the_version()
    {
        await Put("name", "one");
        var before = Assert.Single(await List(""));
        await Put("name", "two");
        var after = Assert.Single(await List(""));

        Assert.Equal("two", await Read("name"));
        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal(after, Assert.Single(await List("")));
    }

    [Fact]
    public async Task A_deleted_object_is_gone_and_a_second_deletion_does_nothing()
    {
        await Put("a/b", "text");
        await Store.DeleteAsync("a/b", Cancellation);
        await Store.DeleteAsync("a/b", Cancellation);

        Assert.Empty(await List(""));
    }

    [Fact]
    public async Task An_absent_object_is_not_found()
    {
        await Put("folder/object", "text");

        foreach (var name in new[] { "nobody", "no/body", "folder" })
        {
            await Assert.ThrowsAsync<FileNotFoundException>(() => Store.OpenAsync(name, Cancellation));
            await Assert.ThrowsAsync<FileNotFoundException>(() => Store.LocalFileAsync(name, Cancellation));
        }
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/absolute")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("c:d")]
    [InlineData("null\0byte")]
    [InlineData("é")]
    public async Task Nothing_is_written_or_removed_under_an_unsafe_name(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Put(name, "text"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(name, Cancellation));
    }

    [Fact]
    public async Task A_local_file_has_the_newest_content()
    {
        await Put("data/rows.parquet", "one");
        var first = await Store.LocalFileAsync("data/rows.parquet", Cancellation);
        Assert.Equal("one", await File.ReadAllTextAsync(first, Cancellation));
        Assert.Equal(first, await Store.LocalFileAsync("data/rows.parquet", Cancellation));
        Assert.EndsWith(".parquet", first, StringComparison.Ordinal);

        await Put("data/rows.parquet", "two");
        Assert.Equal("two", await File.ReadAllTextAsync(await Store.LocalFileAsync("data/rows.parquet", Cancellation), Cancellation));
    }

    [Fact]
    public async Task An_empty_object_and_a_large_one_keep_their_bytes()
    {
        var bytes = new byte[11_000_001];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 31 >> 7);
        }
        await File.WriteAllBytesAsync(_folder["large"], bytes, Cancellation);
        await Store.PutAsync("large", _folder["large"], Cancellation);
        await Put("empty", "");

        Assert.Equal([0, bytes.Length], (await List("")).Select(found => found.Bytes));
        Assert.Equal("", await Read("empty"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(await Store.LocalFileAsync("large", Cancellation), Cancellation));
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _folder.Dispose();

    private protected async Task Put(string name, string text)
    {
        await File.WriteAllTextAsync(_folder["upload"], text, Cancellation);
        await Store.PutAsync(name, _folder["upload"], Cancellation);
    }

    private protected async Task<string> Read(string name)
    {
        using var reader = new StreamReader(await Store.OpenAsync(name, Cancellation));
        return await reader.ReadToEndAsync(Cancellation);
    }

    private protected async Task<List<StoredObject>> List(string prefix)
    {
        var all = new List<StoredObject>();
        await foreach (var found in Store.ListAsync(prefix, Cancellation))
        {
            all.Add(found);
        }
        return all;
    }
}

using Segue.Events.Objects;

namespace Segue.Events.Tests.Objects;

public sealed class DirectoryObjectStoreTests : ObjectStoreContract
{
    private DirectoryObjectStore? _store;

    private protected override IObjectStore Store => _store ??= new(Folder["deep/down/objects"]);

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    public async Task Nothing_outside_is_read_or_listed(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.LocalFileAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => List(name));
    }

    [Fact]
    public async Task A_failed_put_leaves_the_old_object_and_no_draft()
    {
        await Put("name", "old");

        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.PutAsync("name", Folder["absent"], Cancellation));
        await Assert.ThrowsAnyAsync<IOException>(() => Put("name/below", "a file stands where a folder is needed"));

        Assert.Equal("old", await Read("name"));
        Assert.Equal([".drafts", "name"], Directory.EnumerateFileSystemEntries(Folder["deep/down/objects"], "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Drafts_of_a_writer_that_died_are_cleared_after_a_day()
    {
        await Put("name", "text");
        var draft = Folder["deep/down/objects/.drafts/left-over"];
        await File.WriteAllTextAsync(draft, "half", Cancellation);

        _ = new DirectoryObjectStore(Folder["deep/down/objects"]);
        Assert.True(File.Exists(draft));
        _ = new DirectoryObjectStore(Folder["deep/down/objects"], new FixedTime(new DateTimeOffset(File.GetLastWriteTimeUtc(draft)).AddDays(1.1)));

        Assert.False(File.Exists(draft));
        Assert.Equal("text", await Read("name"));
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3://bucket?endpoint=ftp://host")]
    [InlineData("s3://bucket?secret=abc")]
    public void A_location_that_names_no_bucket_is_refused_and_not_repeated(string location)
    {
        var fault = Assert.Throws<FormatException>(() => ObjectStores.Open(location, Folder["cache"]));

        Assert.DoesNotContain("abc", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_location_names_bucket_prefix_endpoint_and_region()
    {
        var options = ObjectStores.ParseS3("s3://music/events/2026/?endpoint=http://127.0.0.1:9000&region=eu-central-1", Folder["cache"]);

        Assert.Equal(("music", "events/2026/", "eu-central-1"), (options.Bucket, options.Prefix, options.Region));
        Assert.Equal(new Uri("http://127.0.0.1:9000"), options.Endpoint);
        Assert.IsType<DirectoryObjectStore>(ObjectStores.Open(Folder["plain"], Folder["cache"]));
    }
}

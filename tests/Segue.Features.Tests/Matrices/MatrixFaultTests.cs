using Segue.Core;
using Segue.Events.Tests;
using Segue.Features.Matrices;
using Segue.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Features.Tests.Matrices;

public sealed class MatrixFaultTests
{
    private static readonly MatrixWorld World = MatrixWorld.Random(11);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3, 0, 0, 1, 0, "the user 3 lies outside: rows are 0 to 2.")]
    [InlineData(-1, 0, 0, 1, 0, "the user -1 lies outside: rows are 0 to 2.")]
    [InlineData(0, 4, 0, 1, 0, "the item 4 lies outside: rows are 0 to 3.")]
    [InlineData(0, 0, 99, 1, 0, "the action 99 is not known.")]
    [InlineData(0, 0, 0, 0, 0, "the amount 0 is not allowed: give a finite number above 0.")]
    [InlineData(0, 0, 0, -2.5f, 0, "the amount -2.5 is not allowed: give a finite number above 0.")]
    [InlineData(0, 0, 0, float.NaN, 0, "the amount NaN is not allowed: give a finite number above 0.")]
    [InlineData(0, 0, 0, float.PositiveInfinity, 0, "the amount Infinity is not allowed: give a finite number above 0.")]
    [InlineData(0, 0, 0, 1, -1, "the age -1 is not allowed: give a finite number of days of at least 0.")]
    [InlineData(0, 0, 0, 1, float.NaN, "the age NaN is not allowed: give a finite number of days of at least 0.")]
    public async Task A_number_out_of_range_is_named_with_its_place(int user, int item, int action, float amount, float age, string expected)
    {
        using var folder = new TemporaryFolder();
        var world = new MatrixWorld(3, 4, [new(0, 0, InteractionAction.Listen, 1, 0), new(user, item, (InteractionAction)action, amount, age)]);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => world.BuildAsync(folder, new() { Threads = 1 }));

        Assert.Equal("Occurrence 1, counted from 0: " + expected, fault.Message);
        Assert.False(Directory.Exists(folder["matrices"]));
    }

    [Fact]
    public async Task An_empty_source_and_one_of_which_nothing_counts_are_told_apart()
    {
        using var folder = new TemporaryFolder();

        var empty = await Assert.ThrowsAsync<InvalidDataException>(() => new MatrixWorld(3, 4, []).BuildAsync(folder, new()));
        var old = await Assert.ThrowsAsync<InvalidDataException>(() => new MatrixWorld(3, 4, [new(0, 0, InteractionAction.Listen, 1, 50)]).BuildAsync(folder, new() { Horizon = 49 }));
        var weightless = await Assert.ThrowsAsync<InvalidDataException>(() => new MatrixWorld(3, 4, [new(0, 0, InteractionAction.Click, 1, 0)]).BuildAsync(folder, new()));
        var few = await Assert.ThrowsAsync<InvalidDataException>(() => new MatrixWorld(3, 4, [new(0, 0, InteractionAction.Listen, 1, 0)]).BuildAsync(folder, new() { MinItemUsers = 2 }));

        Assert.Equal("The source is empty: it holds no occurrence.", empty.Message);
        Assert.StartsWith("None of 1 occurrences counts: all are older than 49 days", old.Message, StringComparison.Ordinal);
        Assert.StartsWith("None of 1 occurrences counts", weightless.Message, StringComparison.Ordinal);
        Assert.StartsWith("Nothing is left of 1 occurrences: no item has 2 users", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_the_range()
    {
        var least = MatrixNeeds.LeastMemory(1_000, 2_000, 3);
        foreach (var (options, expected) in new (MatrixOptions, string)[]
        {
            (new() { MemoryBytes = least - 1, Threads = 3 }, $"give at least {least:N0}."),
            (new() { Horizon = double.NaN }, "The horizon in days is NaN"),
            (new() { Horizon = -1 }, "The horizon in days is -1"),
            (new() { MaxItemsPerUser = -1 }, "The most items of a user is -1"),
            (new() { CapMode = (CapMode)7 }, "The cap's mode is 7"),
            (new() { MinUserItems = -1 }, "The least items of a user is -1"),
            (new() { MinItemUsers = -1 }, "The least users of an item is -1"),
            (new() { Threads = 0 }, "The number of threads is 0"),
        })
        {
            var fault = Assert.Throws<ArgumentException>(() => new MatrixBuilder(1_000, 2_000, MatrixWorld.Weights, options));
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentException>(() => new MatrixBuilder(0, 5, MatrixWorld.Weights, new()));
        Assert.Throws<ArgumentException>(() => new MatrixBuilder(5, 0, MatrixWorld.Weights, new()));
        _ = new MatrixBuilder(1_000, 2_000, MatrixWorld.Weights, new() { MemoryBytes = least, Threads = 3 });
    }

    [Fact]
    public async Task Too_little_disk_or_memory_is_told_before_anything_is_read()
    {
        using var folder = new TemporaryFolder();
        var unread = World.Source(breakAfter: 0);

        var disk = await Assert.ThrowsAsync<IOException>(() => World.BuildAsync(folder, new(), source: unread with { AtMost = 1L << 57 }));
        await Assert.ThrowsAsync<TooLittleMemoryException>(() => World.BuildAsync(folder, new() { MemoryBytes = 1L << 56 }, source: unread));

        Assert.StartsWith("Too little disk for", disk.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Needs_told_before_cover_what_a_build_writes()
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(12);
        var needs = MatrixNeeds.Of(world.Users, world.Items, world.Occurrences.Length);
        long most = 0, mostTogether = 0;
        var watch = new Watch(_ =>
        {
            long Size(string at) => Directory.Exists(folder[at]) ? new DirectoryInfo(folder[at]).EnumerateFiles().Sum(file => file.Length) : 0;
            (most, mostTogether) = (Math.Max(most, Size("work")), Math.Max(mostTogether, Size("work") + Size("matrices.draft")));
        });

        var manifest = await world.BuildAsync(folder, new() { Threads = 1 }, progress: watch);

        Assert.InRange(manifest.Files.Sum(file => file.Bytes), 1, needs.Result);
        Assert.InRange(most, 1, needs.Work);
        Assert.InRange(mostTogether, 1, needs.Together);
    }

    [Fact]
    public async Task A_changed_byte_of_any_file_is_found()
    {
        using var folder = new TemporaryFolder();
        await World.BuildAsync(folder, new() { Threads = 1 });
        var random = new SeededRandom(8);
        foreach (var file in Directory.EnumerateFiles(folder["matrices"]))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancellation);
            for (var n = 0; n < 5; n++)
            {
                var damaged = bytes.ToArray();
                damaged[random.NextInt(damaged.Length)] ^= (byte)(1 << random.NextInt(8));
                await File.WriteAllBytesAsync(file, damaged, Cancellation);

                Assert.Throws<InvalidDataException>(() =>
                {
                    using var matrices = TasteMatrices.Open(folder["matrices"]);
                    matrices.Verify(Cancellation);
                });
            }
            await File.WriteAllBytesAsync(file, bytes[..^1], Cancellation);
            Assert.Throws<InvalidDataException>(() => TasteMatrices.Open(folder["matrices"]));
            File.Delete(file);
            Assert.Throws<FileNotFoundException>(() => TasteMatrices.Open(folder["matrices"]));
            await File.WriteAllBytesAsync(file, bytes, Cancellation);
        }
        using var whole = TasteMatrices.Open(folder["matrices"]);
        whole.Verify(Cancellation);
    }

    [Fact]
    public async Task A_newer_format_is_refused_by_its_number()
    {
        using var folder = new TemporaryFolder();
        await World.BuildAsync(folder, new() { Threads = 1 });
        var manifest = Path.Combine(folder["matrices"], MatrixManifest.Name);
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, Cancellation)).Replace("\"format\": 1", "\"format\": 2, \"more\": 3", StringComparison.Ordinal), Cancellation);

        var fault = Assert.Throws<InvalidDataException>(() => TasteMatrices.Open(folder["matrices"]));

        Assert.EndsWith("has format 2; this program reads 1.", fault.Message, StringComparison.Ordinal);
    }
}

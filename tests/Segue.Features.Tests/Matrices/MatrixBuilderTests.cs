using Segue.Core;
using Segue.Events.Tests;
using Segue.Features.Interactions;
using Segue.Features.Matrices;
using Segue.Numerics;

namespace Segue.Features.Tests.Matrices;

public sealed class MatrixBuilderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_are_those_of_the_plain_way_in_memory_whatever_the_world_and_the_options()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            using var folder = new TemporaryFolder();
            var random = new SeededRandom(seed, 9);
            var world = MatrixWorld.Random(seed);
            var options = new MatrixOptions
            {
                Horizon = random.NextBool(0.5) ? 60 : 0,
                MinUserItems = random.NextInt(4),
                MinItemUsers = random.NextInt(5),
                Threads = 1 + random.NextInt(3),
            };
            var (byUser, byItem) = world.Plainly(options);
            if (byUser.Count == 0)
            {
                await Assert.ThrowsAsync<InvalidDataException>(() => world.BuildAsync(folder, options));
                continue;
            }

            var manifest = await world.BuildAsync(folder, options);

            Assert.Equal((byUser.Count, world.Occurrences.Length), (manifest.Count, manifest.Occurrences));
            using var built = TasteMatrices.Open(folder["matrices"]);
            built.Verify(Cancellation);
            MatrixAssert.Same(byUser, built.ByUser);
            MatrixAssert.Same(byItem, built.ByItem);
            Assert.DoesNotContain("work", folder.Listing());
        }
    }

    [Fact]
    public async Task Bytes_depend_neither_on_threads_nor_on_memory_nor_on_the_order_of_the_source()
    {
        for (var seed = 1UL; seed <= 8; seed++)
        {
            using var folder = new TemporaryFolder();
            var ordered = MatrixWorld.Random(seed);
            // Thirds and sevenths: sums have roundings, which must not show the order.
            var world = new MatrixWorld(ordered.Users, ordered.Items, [.. ordered.Occurrences.Select(o => o with { Amount = o.Amount / 3 + 1e-3f / (o.Age + 7) })]);
            var options = new MatrixOptions { MaxItemsPerUser = 6, CapMode = seed % 2 == 0 ? CapMode.Newest : CapMode.Sampled, MinItemUsers = 2, Seed = 5, Threads = 1 };

            await world.BuildAsync(folder, options, name: "one");
            await world.Shuffled(seed).BuildAsync(folder, options with { Threads = 2 }, MatrixWorld.Tiny with { RunRecords = 17, GroupRecords = 100, TurnBytes = 40 }, "two");
            await world.Shuffled(seed + 100).BuildAsync(folder, options with { Threads = 3 }, BuildSizes.Of(options, world.Users, world.Items), "three");

            var one = MatrixAssert.Content(folder["one"]);
            Assert.Equal(one, MatrixAssert.Content(folder["two"]));
            Assert.Equal(one, MatrixAssert.Content(folder["three"]));
        }
    }

    [Fact]
    public async Task Sizes_from_the_smallest_budget_build_the_same_matrices()
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(3);
        var options = new MatrixOptions { Threads = 2, MemoryBytes = MatrixNeeds.LeastMemory(world.Users, world.Items, 2) };

        await new MatrixBuilder(world.Users, world.Items, MatrixWorld.Weights, options).BuildAsync(world.Source(), folder["matrices"], folder["work"], cancellation: Cancellation);

        using var built = TasteMatrices.Open(folder["matrices"]);
        MatrixAssert.Same(world.Plainly(options).ByUser, built.ByUser);
    }

    [Fact]
    public async Task A_user_with_more_than_fits_is_read_in_pieces_and_added_up_whole()
    {
        using var folder = new TemporaryFolder();
        var random = new SeededRandom(4);
        var occurrences = Enumerable.Range(0, 2_000).Select(n => new Occurrence(n % 20 == 0 ? 1 : 0, random.NextInt(200), InteractionAction.Listen, 1, random.NextInt(9))).ToArray();
        var world = new MatrixWorld(2, 200, occurrences);

        await world.BuildAsync(folder, new() { Threads = 1 });

        using var built = TasteMatrices.Open(folder["matrices"]);
        MatrixAssert.Same(world.Plainly(new()).ByUser, built.ByUser);
    }

    [Fact]
    public async Task A_pair_with_more_occurrences_than_fit_is_added_up_unless_they_are_equal()
    {
        using var folder = new TemporaryFolder();
        var world = new MatrixWorld(3, 4, [.. Enumerable.Range(0, 300).Select(n => new Occurrence(2, 1, InteractionAction.Listen, 1 + n % 7, n * 37 % 100)), new(1, 1, InteractionAction.Listen, 1, 0)]);
        var alike = new MatrixWorld(3, 4, [.. Enumerable.Range(0, 300).Select(n => new Occurrence(2, 1, InteractionAction.Listen, 1, 9))]);

        await world.BuildAsync(folder, new() { Threads = 1 });
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => alike.BuildAsync(folder, new() { Threads = 1 }, name: "alike"));

        using var built = TasteMatrices.Open(folder["matrices"]);
        MatrixAssert.Same(world.Plainly(new()).ByUser, built.ByUser);
        Assert.StartsWith("User 2 has 40 or more equal occurrences of item 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_items_stay_under_a_cap()
    {
        using var folder = new TemporaryFolder();
        // Item n was met n days ago, item 9 again today.
        var world = new MatrixWorld(1, 10, [.. Enumerable.Range(0, 10).Select(n => new Occurrence(0, n, InteractionAction.Listen, 1, n + 1)), new(0, 9, InteractionAction.PlaylistAdd, 1, 0)]);
        var options = new MatrixOptions { MaxItemsPerUser = 4, Threads = 1 };

        await world.BuildAsync(folder, options);

        using var built = TasteMatrices.Open(folder["matrices"]);
        Assert.Equal([0, 1, 2, 9], built.ByUser.ColumnsOf(0));
        MatrixAssert.Same(world.Plainly(options).ByItem, built.ByItem);
    }

    [Theory]
    [InlineData(CapMode.Sampled, 5)]
    [InlineData(CapMode.Newest, 0)]
    public async Task A_sample_takes_every_item_equally_often_and_another_seed_takes_others(CapMode mode, int age)
    {
        using var folder = new TemporaryFolder();
        const int Users = 3_000, Items = 12, Cap = 3;
        var world = new MatrixWorld(Users, Items, [.. from user in Enumerable.Range(0, Users) from item in Enumerable.Range(0, Items)
                                                      select new Occurrence(user, item, InteractionAction.Listen, 1, mode == CapMode.Newest ? age : age + item)]);
        var options = new MatrixOptions { MaxItemsPerUser = Cap, CapMode = mode, Threads = 1 };
        var sizes = BuildSizes.Of(options, Users, Items);

        await world.BuildAsync(folder, options with { Seed = 1 }, sizes, "one");
        await world.BuildAsync(folder, options with { Seed = 2 }, sizes, "two");

        using var one = TasteMatrices.Open(folder["one"]);
        using var two = TasteMatrices.Open(folder["two"]);
        Assert.All(Enumerable.Range(0, Users), user => Assert.Equal(Cap, one.ByUser.CountOf(user)));
        // 750 expected of each, deviation 24.
        Assert.All(Enumerable.Range(0, Items), item => Assert.InRange(one.ByItem.CountOf(item), 630, 870));
        Assert.InRange(Enumerable.Range(0, Users).Count(user => one.ByUser.ColumnsOf(user).SequenceEqual(two.ByUser.ColumnsOf(user))), 0, 60);
    }

    [Fact]
    public async Task Equal_weights_take_four_bytes_an_entry()
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(7);
        var alike = new TasteWeights(new Dictionary<InteractionAction, ActionTerm> { [InteractionAction.Listen] = new(1, 1) }, 0);

        var manifest = await new MatrixBuilder(world.Users, world.Items, alike, new() { Threads = 1 }, MatrixWorld.Tiny)
            .BuildAsync(world.Source(), folder["matrices"], folder["work"], cancellation: Cancellation);

        Assert.Equal(8L * (world.Users + world.Items + 2) + 8 * manifest.Count, manifest.Files.Sum(file => file.Bytes));
        using var built = TasteMatrices.Open(folder["matrices"]);
        built.Verify(Cancellation);
        Assert.Equal(1, built.ByUser.Codebook.Count);
    }

    [Fact]
    public void Every_action_has_room_in_a_packed_occurrence_and_comes_back_as_it_was()
    {
        foreach (var action in Enum.GetValues<InteractionAction>())
        {
            Assert.InRange((int)action, 0, PackedOccurrence.MaxActions - 1);
            var occurrence = new Occurrence(int.MaxValue, int.MaxValue - 1, action, float.MaxValue, -0f);

            var packed = PackedOccurrence.Pack(occurrence);

            Assert.Equal(occurrence, new(packed.User, packed.Item, packed.Action, packed.Amount, packed.Age));
            Assert.Equal(((ulong)int.MaxValue << 31) + int.MaxValue - 1, packed.Pair);
        }
    }

    [Fact]
    public void Sorting_by_digits_agrees_with_sorting_by_comparison()
    {
        foreach (var (count, users, items) in new[] { (0, 1, 1), (1, 5, 5), (300, 1, 3), (5_000, 2_000, 5_000), (20_000, 70_000, 3), (5_000, 1, 1 << 23) })
        {
            var random = new SeededRandom((ulong)count);
            const int First = 12_345;
            var records = Enumerable.Range(0, count).Select(_ => PackedOccurrence.Pack(new(
                First + random.NextInt(users), random.NextInt(items), (InteractionAction)random.NextInt(6), 1 + random.NextInt(3), random.NextInt(3)))).ToArray();
            var expected = records.ToArray();
            Array.Sort(expected, PackedOccurrence.Compare);

            RadixSort.Sort(records, new PackedOccurrence[count], First, users, items);

            Assert.Equal(expected, records);
        }
    }
}

using Segue.Core;
using Segue.Events.Compaction;
using Segue.Events.Tests;
using Segue.Features.Matrices;
using Segue.Numerics;

namespace Segue.Features.Tests.Matrices;

public sealed class MatrixResumeTests
{
    private static readonly MatrixOptions Options = new() { MaxItemsPerUser = 12, MinItemUsers = 2, Threads = 2 };

    [Fact]
    public async Task A_build_cut_off_again_and_again_ends_in_the_same_bytes()
    {
        for (var seed = 1UL; seed <= 12; seed++)
        {
            using var folder = new TemporaryFolder();
            var (world, random) = (MatrixWorld.Random(20 + seed), new SeededRandom(seed));
            await world.BuildAsync(folder, Options, name: "whole");
            var cuts = 0;
            // Each time the source breaks, or the build is left in the midst of some step, a little later than before.
            for (var reports = 0; !Directory.Exists(folder["cut"]); reports += random.NextInt(2), cuts++)
            {
                try
                {
                    var source = world.Source(random.NextBool(0.5) ? random.NextInt(world.Occurrences.Length) : -1);
                    await world.BuildAsync(folder, Options, name: "cut", source: source, progress: new Axe(reports));
                }
                catch (IOException)
                {
                    Assert.False(Directory.Exists(folder["cut"]));
                }
            }

            Assert.True(cuts > 3);
            Assert.Equal(MatrixAssert.Content(folder["whole"]), MatrixAssert.Content(folder["cut"]));
            Assert.Equal(["cut", "whole"], Directory.EnumerateDirectories(folder.Path).Select(Path.GetFileName).Order());
        }
    }

    [Fact]
    public async Task A_build_whose_process_is_killed_again_and_again_ends_in_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        await BuilderProcess.World.BuildAsync(folder, BuilderProcess.Options, name: "whole");
        var random = new SeededRandom(77);
        var kills = 0;
        // It must end when it is left alone long enough; what it did before the kills is not done again.
        for (var patience = 1; !Directory.Exists(folder["cut"]); patience += 2, kills++)
        {
            using var process = BuilderProcess.Start(folder);
            for (var lines = random.NextInt(patience); lines >= 0 && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is not null; lines--)
            {
                await process.StandardInput.WriteLineAsync("go on");   // after the last one it is killed somewhere before its next line
            }
            process.Kill();   // SIGKILL
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await BuilderProcess.World.BuildAsync(folder, BuilderProcess.Options, name: "cut");   // clears what a kill after the last step may have left
        Assert.True(kills > 3, $"Only {kills} kills.");
        Assert.Equal(MatrixAssert.Content(folder["whole"]), MatrixAssert.Content(folder["cut"]));
        Assert.Equal(["cut", "whole"], Directory.EnumerateDirectories(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_is_in_whole_runs_is_not_taken_again_and_what_is_whole_is_not_read_at_all()
    {
        using var folder = new TemporaryFolder();
        var occurrences = Enumerable.Range(0, 500).Select(n => new Occurrence(n % 50, n % 37, InteractionAction.Listen, 1, 0)).ToArray();
        var world = new MatrixWorld(50, 37, occurrences);
        await Assert.ThrowsAsync<IOException>(() => world.BuildAsync(folder, Options, source: world.Source(breakAfter: 400)));
        Assert.Contains(Path.Combine("work", "run-000002"), folder.Listing());

        // What lies in runs is passed over unseen: another content under the same fingerprint does not show.
        var changed = new MatrixWorld(50, 37, [.. occurrences.Select((o, n) => n < 100 ? o with { Amount = float.NaN } : o)]);
        await Assert.ThrowsAsync<IOException>(() => changed.BuildAsync(folder, Options, progress: new Axe(1)));
        Assert.Contains(Path.Combine("work", "intake.json"), folder.Listing());
        await changed.BuildAsync(folder, Options, source: changed.Source(breakAfter: 0));

        await world.BuildAsync(folder, Options, name: "whole");
        Assert.Equal(MatrixAssert.Content(folder["whole"]), MatrixAssert.Content(folder["matrices"]));
    }

    [Theory]
    [InlineData("reading")]
    [InlineData("counting")]
    [InlineData("rows")]
    [InlineData("encoding")]
    [InlineData("turning")]
    [InlineData("sealing")]
    public async Task A_cancelled_build_stops_in_its_step_and_goes_on_later(string step)
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(5);
        var options = Options with { Threads = 1 };
        using var cancellation = new CancellationTokenSource();
        var steps = new List<string>();
        var progress = new Watch(report =>
        {
            steps.Add(report.Step);
            if (report.Step == step)
            {
                cancellation.Cancel();
            }
        });
        if (step == "reading")
        {
            await cancellation.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new MatrixBuilder(world.Users, world.Items, MatrixWorld.Weights, options, MatrixWorld.Tiny)
            .BuildAsync(world.Source(), folder["cut"], folder["work"], progress, cancellation.Token));
        Assert.Equal(step == "reading" ? 0 : 1, steps.Count(seen => seen == step));
        Assert.False(Directory.Exists(folder["cut"]));

        await world.BuildAsync(folder, options, name: "cut");
        await world.BuildAsync(folder, options, name: "whole");
        Assert.Equal(MatrixAssert.Content(folder["whole"]), MatrixAssert.Content(folder["cut"]));
    }

    [Fact]
    public async Task A_draft_that_somebody_removed_is_made_anew()
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(5);
        await Assert.ThrowsAsync<IOException>(() => world.BuildAsync(folder, Options, progress: new Watch(report =>
        {
            if (report.Step == "turning")
            {
                throw new IOException();
            }
        })));
        Directory.Delete(folder["matrices.draft"], recursive: true);

        await world.BuildAsync(folder, Options);

        using var built = TasteMatrices.Open(folder["matrices"]);
        built.Verify(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_source_that_became_shorter_under_its_fingerprint_is_refused()
    {
        using var folder = new TemporaryFolder();
        var world = new MatrixWorld(5, 5, [.. Enumerable.Range(0, 200).Select(n => new Occurrence(n % 5, n % 5, InteractionAction.Listen, 1, 0))]);
        await Assert.ThrowsAsync<IOException>(() => world.BuildAsync(folder, Options, source: world.Source(breakAfter: 190)));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => new MatrixWorld(5, 5, world.Occurrences[..50]).BuildAsync(folder, Options));

        Assert.StartsWith("The source ended after 50 occurrences", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_options_begin_anew_and_an_equal_result_is_kept()
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(31);
        await Assert.ThrowsAsync<IOException>(() => world.BuildAsync(folder, Options, progress: new Axe(4)));

        await world.BuildAsync(folder, Options with { Horizon = 80 });
        var built = MatrixAssert.Content(folder["matrices"]);
        await world.BuildAsync(folder, Options with { Horizon = 80, Threads = 1 }, source: world.Source(breakAfter: 0));
        var refused = await Assert.ThrowsAsync<IOException>(() => world.BuildAsync(folder, Options));

        Assert.Contains("holds matrices of another recipe", refused.Message, StringComparison.Ordinal);
        Assert.Equal(built, MatrixAssert.Content(folder["matrices"]));
        using var plain = world.Plainly(Options with { Horizon = 80, MaxItemsPerUser = 0 }).ByUser;
        using var opened = TasteMatrices.Open(folder["matrices"]);
        Assert.All(Enumerable.Range(0, world.Users), user => Assert.Equal(Math.Min(12, plain.CountOf(user)), opened.ByUser.CountOf(user)));
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["work"]);
        await File.WriteAllTextAsync(Path.Combine(folder["work"], "letter.txt"), "Dear", TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<IOException>(() => MatrixWorld.Random(1).BuildAsync(folder, Options));

        Assert.Contains("holds what no build made", fault.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("work", "letter.txt"), folder.Listing());
    }

    [Fact]
    public async Task A_second_build_in_the_same_work_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        var world = MatrixWorld.Random(2);
        using var held = new FileStream(Path.Combine(Directory.CreateDirectory(folder["work"]).FullName, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var fault = await Assert.ThrowsAsync<IOException>(() => world.BuildAsync(folder, Options));

        Assert.StartsWith("Another build works in", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Breaks a build at its n-th report.</summary>
    private sealed class Axe(int reports) : IProgress<StepProgress>
    {
        private int _left = reports;

        public void Report(StepProgress value)
        {
            if (Interlocked.Decrement(ref _left) < 0)
            {
                throw new IOException($"Cut off while {value.Step}.");
            }
        }
    }
}

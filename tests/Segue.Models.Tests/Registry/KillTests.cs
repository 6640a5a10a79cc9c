using Segue.Models.Registry;

namespace Segue.Models.Tests.Registry;

public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"segue-killed-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Whenever_a_publisher_is_killed_the_set_in_use_is_whole_and_no_older_than_what_was_told()
    {
        Directory.CreateDirectory(_directory);
        var (registry, chance, told, cut) = (new ModelRegistry(_directory), new Random(3), "", 0);
        for (var kill = 0; kill < 12; kill++)
        {
            using var publisher = PublisherProcess.Start(_directory);
            for (var lines = chance.Next(1, 4); lines > 0; lines--)
            {
                told = (await publisher.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            }
            await Task.Delay(chance.Next(12), TestContext.Current.CancellationToken);   // into the next publication, nobody knows how far
            publisher.Kill();   // SIGKILL
            told = (await publisher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(told);
            await publisher.WaitForExitAsync(TestContext.Current.CancellationToken);
            cut += Directory.GetDirectories(_directory, ".partial-*").Length;

            var set = registry.LoadCurrent();   // proves every byte

            Assert.True(string.CompareOrdinal(set.Version, told) >= 0, $"{told} was published, {set.Version} is in use.");
            var number = set.Popular.Likes(0);
            Assert.Equal((number, number, number), (set.Taste.UserFactors(7)[0], set.Taste.ItemFactors.Row(7)[0], set.Neighbors.Neighbors(7)[0].Score));
            Assert.InRange(Directory.GetDirectories(_directory, ".partial-*").Length, 0, 1);   // the next publisher clears what the last one left
        }
        registry.Publish(PublisherProcess.Models(99));
        Assert.Empty(Directory.GetDirectories(_directory, ".partial-*"));
        Assert.Equal(99, registry.LoadCurrent().Popular.Likes(0));
        output.WriteLine($"12 kills, {registry.Versions().Count} publications, {cut} times a part was left");
    }
}

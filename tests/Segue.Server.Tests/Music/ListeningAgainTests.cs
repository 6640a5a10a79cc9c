using System.Collections.Concurrent;
using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Server.Tests.Music;

public sealed class ListeningAgainTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-again-");
    private readonly StoreParts _parts;
    private readonly ConcurrentQueue<WindowPlan> _made = new();
    private int _disposed;

    public ListeningAgainTests()
    {
        StoreParts.Create(In("store"), TimeProvider.System);
        _parts = new(In("store"), new());
    }

    public void Dispose()
    {
        _parts.Dispose();
        _folder.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Scanned(string name, string analysis)
    {
        File.WriteAllText(In(name), name);
        _parts.Sound.Keep(
            new(_folder.FullName, In(name), 1, DateTimeOffset.UnixEpoch),
            new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)), new(AudioOutcome.Silent, "silent", TimeSpan.Zero, null), Audio.Tags.AudioTags.None, analysis), 1);
        return In(name);
    }

    private FileAnalyzer Create(WindowPlan plan)
    {
        _made.Enqueue(plan);
        return new(
            (path, _, cancellation) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(9), new([plan.Count], []));
            },
            (_, _) => Audio.Tags.AudioTags.None,
            new Told(() => Interlocked.Increment(ref _disposed)));
    }

    [Fact]
    public void A_file_is_heard_again_by_the_plan_by_which_it_was_scanned_and_analyzers_are_used_again()
    {
        using (var again = new ListeningAgain(_parts, Create))
        {
            float PlanOf(string path) => again.Listen(path, null, TestContext.Current.CancellationToken)!.Descriptors[0];
            var (middle, whole, passing) = (Scanned("a", "1.1-middle"), Scanned("b", "1.1-whole"), Scanned("c", "1.1-middle?"));
            File.WriteAllText(In("strange"), "never scanned");

            Assert.Equal((WindowPlan.Middle.Count, WindowPlan.Whole.Count), ((int)PlanOf(middle), (int)Math.Min(int.MaxValue, (double)PlanOf(whole))));
            Assert.Equal((WindowPlan.Middle.Count, WindowPlan.Spread.Count), ((int)PlanOf(passing), (int)PlanOf(In("strange"))));
            Assert.Equal(WindowPlan.Spread.Count, (int)PlanOf(Scanned("d", "1.1-spread")));
            Assert.Null(again.Listen(In("gone"), null, TestContext.Current.CancellationToken));
            Assert.Equal([WindowPlan.Middle, WindowPlan.Whole, WindowPlan.Spread], _made);
        }
        Assert.Equal(3, _disposed);
    }

    [Fact]
    public void Listening_ends_when_it_is_told_to()
    {
        using var again = new ListeningAgain(_parts, Create);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => again.Listen(Scanned("a", "1.1-spread"), null, stop.Token));
        Assert.NotNull(again.Listen(In("a"), null, TestContext.Current.CancellationToken));
        Assert.Single(_made);
    }

    private sealed class Told(Action disposed) : IDisposable
    {
        public void Dispose() => disposed();
    }
}

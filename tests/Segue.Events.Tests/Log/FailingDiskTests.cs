using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class FailingDiskTests(ITestOutputHelper output) : IDisposable
{
    private const int InputOutputError = 5;
    private const int NoSpace = 28;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(InputOutputError, false)]
    [InlineData(InputOutputError, true)]
    [InlineData(NoSpace, false)]
    [InlineData(NoSpace, true)]
    public async Task Whichever_write_fails_no_acknowledged_event_is_lost_and_the_refusal_says_why(int error, bool staysBroken)
    {
        var shim = await CompileShim();
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in Calls(new Random(error + (staysBroken ? 1 : 0))))
        {
            var folder = _folder[$"log-{error}-{staysBroken}-{call}"];
            var (acknowledged, end) = await Write(folder, shim, error, staysBroken, call);

            Check(folder, acknowledged, end);
            var kind = end.Split(' ')[0];
            outcomes[kind] = outcomes.GetValueOrDefault(kind) + 1;
        }
        output.WriteLine(string.Join(", ", outcomes.Select(outcome => $"{outcome.Key}: {outcome.Value}")));
        Assert.Contains("refused", outcomes.Keys);
    }

    /// <summary>Which call fails: the first ones, at opening, and some of the later ones.</summary>
    private static IEnumerable<int> Calls(Random chance)
        => LongTests.AreWanted ? Enumerable.Range(1, 600) : Enumerable.Range(0, 12).Select(i => 1 + i * 6 + chance.Next(6)).Concat(Enumerable.Range(0, 8).Select(_ => chance.Next(80, 1200)));

    private static async Task<(List<long> Acknowledged, string End)> Write(string folder, string shim, int error, bool staysBroken, int call)
    {
        Directory.CreateDirectory(folder);
        using var writer = WriterProcess.Start(folder, 0, batches: 400, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = shim,
            ["FAULT_FOLDER"] = folder,
            ["FAULT_AT"] = call.ToString(CultureInfo.InvariantCulture),
            ["FAULT_ERRNO"] = error.ToString(CultureInfo.InvariantCulture),
            ["FAULT_STAYS"] = staysBroken ? "1" : "0",
        });
        var (acknowledged, end) = (new List<long>(), "nothing");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await writer.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (long.TryParse(line, CultureInfo.InvariantCulture, out var number))
            {
                acknowledged.Add(number);
            }
            else
            {
                end = line;
            }
        }
        await writer.WaitForExitAsync(patience.Token);
        var faults = await writer.StandardError.ReadToEndAsync(patience.Token);
        Assert.True(writer.ExitCode == 0 && end != "nothing", $"Call {call} ended with {writer.ExitCode}: {end}\n{faults}");
        // A disk that was full for a moment, in a sync, cannot be told from a broken one: SQLite does not say, and it is full no more.
        var isTold = end.StartsWith("refused True", StringComparison.Ordinal);
        Assert.True(!end.StartsWith("refused", StringComparison.Ordinal) || isTold == (error == NoSpace) || (error == NoSpace && !staysBroken), $"Call {call}: {end}\n{faults}");
        return (acknowledged, end);
    }

    private static void Check(string folder, List<long> acknowledged, string end)
    {
        using var log = EventLog.Open(folder, WriterProcess.LogOptions);
        var keys = log.Read(0).Select(logged => logged.Event.Key).ToList();
        var there = keys.ToHashSet();
        Assert.Equal(keys.Count, there.Count);
        Assert.All(acknowledged, number => Assert.All(WriterProcess.Batch(number), listened => Assert.Contains(listened.Key, there)));
        Assert.True(log.Verify(TestContext.Current.CancellationToken).IsSound);
        if (end.StartsWith("refused", StringComparison.Ordinal))
        {
            // What could be read after the refusal: at least what was acknowledged, and no more than is there.
            var read = int.Parse(end.Split(' ')[2], CultureInfo.InvariantCulture);
            Assert.InRange(read, acknowledged.Sum(number => WriterProcess.Batch(number).Count), keys.Count);
        }
    }

    private async Task<string> CompileShim()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The failing disk is made by LD_PRELOAD, which is Linux's.");
        var source = Path.Combine(AppContext.BaseDirectory, "Log", "failing-disk.c");
        var library = _folder["failing-disk.so"];
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
            await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(compiler.ExitCode == 0, "The C compiler could not compile failing-disk.c.");
        }
        catch (Win32Exception)
        {
            Assert.Skip("No C compiler (cc) is on this machine: the failing disk cannot be made.");
        }
        return library;
    }
}

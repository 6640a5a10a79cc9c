using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Segue.Events.Storage;
using Segue.Numerics;
using Segue.Retrieval.Lists;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue lists --store S</c>: makes every listener's best new tracks with the models in use, for a server to answer from. Exit code 2: no store, no
/// models, or an option is out of range; the lists before then stay.</summary>
internal sealed class ListsCommand
{
    private readonly StoreOptions _store = new(description: "The store, with trained models; the lists go into it.");
    private readonly Option<int> _count = new("--count") { Description = $"Tracks of a list, 1 to {ListenerLists.MaxLength}.", DefaultValueFactory = _ => 100 };
    private readonly Option<int?> _days = new("--active-days") { Description = "Only for those who did something in so many days, 1 to 36500. Default: all." };

    public static Command Create()
    {
        var options = new ListsCommand();
        var command = new Command("lists", "Make every listener's list of the best tracks new to them, beforehand, exactly.") { options._count, options._days };
        options._store.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var (count, days) = (line.GetValue(_count), line.GetValue(_days));
        if (count is < 1 or > ListenerLists.MaxLength)
        {
            throw new ArgumentException($"--count is {count}; allowed are 1 to {ListenerLists.MaxLength}.");
        }
        if (days is < 1 or > 36_500)
        {
            throw new ArgumentException($"--active-days is {days}; allowed are 1 to 36500.");
        }
        using var store = _store.OpenParts(line);
        var models = store.Models.LoadCurrent();
        await using var open = _store.OpenUnlessInUse(line);
        var log = open?.Events.Log;
        var learning = await LearningData.LoadForAsync(store, log, models, cancel);
        var lastSeen = days is null ? null : await LearningData.LastSeenAsync(store, log, cancel);
        var (now, clock) = (TimeProvider.System.GetUtcNow(), Stopwatch.StartNew());
        var since = days is { } some ? now.AddDays(-some) : default;
        var maker = new ListMaker(store.Layout.ListsFile, learning.With(models, log, TimeProvider.System), count, Workers.Default);
        var report = ConsoleProgress.Run("Making lists", progress => maker.Draft(lastSeen, since, now, progress, cancel));
        var seconds = Math.Max(clock.Elapsed.TotalSeconds, 1e-3);
        if (!maker.Publish(store.Models.Current()))
        {
            throw new StoreException("Other models were published meanwhile: make the lists again.");
        }
        await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Made {report.Lists:N0} lists of {count} tracks with models of version {models.Version} in {seconds:F1} s ({report.Lists / seconds:N0} listeners/s), {report.Bytes / 1048576.0:F1} MiB; tiles begun {report.Begun * 100:F1} %, finished {report.Finished * 100:F1} %."));
        return 0;
    }
}

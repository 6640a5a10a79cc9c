using System.CommandLine;
using System.Globalization;
using System.Text;
using Segue.Events.Doors;
using Segue.Events.Mapping;

namespace Segue.Cli.Commands;

/// <summary><c>segue dead-letters list|replay</c>: rejected events, to look at and to send once more. Exit code 2: the store cannot be used.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() => new("dead-letters", "Look at rejected events, or send them through the pipeline once more.") { List(), Replay() };

    private static Command List()
    {
        var (options, reason) = (new StoreOptions(), Reason());
        var count = new Option<int>("--count") { Description = "Letters to show, 0 to 1000; the counts by reason come first.", DefaultValueFactory = _ => 20 };
        var command = new Command("list", "Counts by reason, and the oldest letters with their place and text.") { reason, count };
        options.AddTo(command);
        command.RunsAs(async (line, _) =>
        {
            var shown = line.GetValue(count);
            if (shown is < 0 or > 1000)
            {
                throw new ArgumentException($"--count is {shown}; allowed are 0 to 1000.");
            }
            await using var store = options.Open(line);
            var output = line.InvocationConfiguration.Output;
            foreach (var (why, letters) in store.Events.DeadLetters.CountByReason())
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{letters,12:N0}  {why}"));
            }
            foreach (var letter in shown == 0 ? [] : store.Events.DeadLetters.List(line.GetValue(reason), after: 0, shown))
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{letter.Letter.Source}:{letter.Letter.Position}: {letter.Letter.Reason}: {letter.Letter.Detail}"));
                await output.WriteLineAsync("  " + Encoding.UTF8.GetString(letter.Letter.Raw.Span).ReplaceLineEndings(" "));
            }
            return 0;
        });
        return command;
    }

    private static Command Replay()
    {
        var (options, reason) = (new StoreOptions(), Reason());
        var mapping = new Option<FileInfo?>("--mapping") { Description = "A mapping that mends the letters; none: as they are." };
        var command = new Command("replay", "Send rejected events through the pipeline once more; prints the counts as JSON.") { reason, mapping };
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            var mend = line.GetValue(mapping) is { } file ? EventMapping.Load(file.FullName) : null;
            await using var store = options.Open(line);
            var counts = await new DeadLetterReplay(store.Events, TimeProvider.System).RunAsync(line.GetValue(reason), mend, cancel);
            await line.InvocationConfiguration.Output.WriteLineAsync(counts.ToJson());
            return 0;
        });
        return command;
    }

    private static Option<string?> Reason() => new("--reason") { Description = "Only letters rejected for this reason." };
}

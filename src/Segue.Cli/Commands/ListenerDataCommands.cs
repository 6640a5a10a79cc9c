using System.CommandLine;
using System.Text.Json;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue export</c>, <c>segue erase</c> and <c>segue token</c>: what a person may ask for. Exit code 2: the store cannot be used, or after an
/// erasure something was still found.</summary>
internal static class ListenerDataCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Export()
    {
        var (options, listener) = (new StoreOptions(), Listener());
        var output = new Option<string?>("--out") { Description = "The file to write, for its owner's eyes only; standard output when left out." };
        var command = new Command("export", "Write everything that a store holds of a listener, as JSON.") { listener, output };
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            await using var store = options.Open(line);
            var export = new ListenerExport(store);
            if (line.GetValue(output) is not { } path)
            {
                using var buffer = new MemoryStream();
                await export.WriteAsync(line.GetRequiredValue(listener), buffer, cancel);
                await line.InvocationConfiguration.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
                return 0;
            }
            var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            await using var file = new FileStream(path, access);
            await export.WriteAsync(line.GetRequiredValue(listener), file, cancel);
            return 0;
        });
        return command;
    }

    public static Command Erase()
    {
        var (options, listener) = (new StoreOptions(), Listener());
        var command = new Command("erase", "Take a listener out of a store: events, features, models, accounts; prints a receipt.") { listener };
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            await using var store = options.Open(line);
            var receipt = await new ListenerErasure(store, TimeProvider.System).EraseAsync(line.GetRequiredValue(listener), cancel);
            await line.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(receipt, Json));
            if (receipt.FilesHolding.Count > 0)
            {
                throw new InvalidDataException($"the listener is still found in {string.Join(", ", receipt.FilesHolding)}: run the command again.");
            }
            if (receipt.Places.All(place => place.Removed == 0))
            {
                await line.InvocationConfiguration.Error.WriteLineAsync("segue: nothing was kept of this listener.");
            }
            return 0;
        });
        return command;
    }

    public static Command Token()
    {
        var (options, listener) = (new StoreOptions(), Listener());
        var revoke = new Option<bool>("--revoke") { Description = "Take all tokens of the listener away instead." };
        var command = new Command("token", "Make a token by which a ListenBrainz player speaks for a listener.") { listener, revoke };
        options.AddTo(command);
        command.RunsAs(async (line, _) =>
        {
            await using var store = options.Open(line);
            var whose = store.Pseudonyms.Know(line.GetRequiredValue(listener));
            await line.InvocationConfiguration.Output.WriteLineAsync(line.GetValue(revoke)
                ? $"{store.Tokens.Revoke(whose.Id)} tokens taken away."
                : store.Tokens.Create(whose));
            return 0;
        });
        return command;
    }

    private static Option<string> Listener() => new("--listener") { Description = "The id by which the service knows the listener.", Required = true };
}

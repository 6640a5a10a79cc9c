using System.CommandLine;
using System.Globalization;
using Segue.Events.Storage;
using Segue.Models.Registry;
using Segue.Radio;
using Segue.Server;

namespace Segue.Cli.Commands;

/// <summary><c>segue serve --store STORE</c>: the radio over HTTP, on the models that were trained last. Exit code 2: no store, no models,
/// or the address cannot be used.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var path = new Option<string>("--store") { Description = "The store, with trained models.", Required = true };
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var command = new Command("serve", "Serve the radio and recommendations of a store over HTTP.") { path, urls };
        command.RunsAs(async (line, cancellation) =>
        {
            var output = line.InvocationConfiguration.Output;
            var store = Store.Open(line.GetRequiredValue(path));
            await using var host = await RadioHost.ListenAsync(line.GetRequiredValue(urls), cancellation);
            var models = new ModelRegistry(store.ModelsDirectory).LoadCurrent();
            var data = StoreLoading.Load(store);
            host.OnAir.Open(new RadioStation(data, models, new(), host.OnAir.Counts, TimeProvider.System));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Serving {data.Catalogue.Count:N0} tracks to {data.Users.Count:N0} known listeners with models of version {models.Version}."));
            await host.ServeAsync(output, cancellation);
            return 0;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Radio;
using Segue.Server;
using Segue.Server.Simulation;
using Segue.Server.Sound;

namespace Segue.Cli.Commands;

/// <summary><c>segue demo</c>: a simulated world, models that learn it, and a radio to try. Exit code 2: a value is out of range or the
/// address cannot be used.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seed = new Option<ulong>("--seed") { Description = "Decides the world and all chance in it.", DefaultValueFactory = _ => 1 };
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var once = new Option<bool>("--once") { Description = "Ask the radio once over HTTP, print its answer and end." };
        var command = new Command("demo", "Simulate listeners, learn from them, and serve a radio to try in the browser.") { seed, urls, once };
        sizes.AddTo(command);
        command.RunsAs(async (line, cancellation) =>
        {
            var options = sizes.Read(line) with { Seed = line.GetValue(seed) };
            var console = line.InvocationConfiguration;
            await using var host = await RadioHost.ListenAsync(new() { Urls = line.GetRequiredValue(urls) }, cancellation);
            var steps = new StepClock(TimeProvider.System, console.Error);
            Prepare(options, host.OnAir, steps, console.Output, cancellation);
            if (line.GetValue(once))
            {
                await console.Output.WriteLineAsync(await AnswerOnceAsync(host, cancellation));
                await steps.TellTotalAsync("The first answer came");
                await host.StopAsync(cancellation);
                return 0;
            }
            await steps.TellTotalAsync("Ready");
            await host.ServeAsync(console.Output, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task<string> AnswerOnceAsync(RadioHost host, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        using var body = new StringContent(host.ExampleBody, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"{host.Address}/v1/radio", body, cancellation);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    private static void Prepare(LabOptions options, OnAir onAir, StepClock steps, TextWriter output, CancellationToken cancellation)
    {
        var world = steps.Run(
            $"a world of {options.Listeners:N0} listeners and {options.Tracks:N0} tracks", () => LabWorld.Create(options));
        var history = steps.Run($"{options.Days:N0} days of listening", () => world.SimulateHistory(cancellation: cancellation));
        DemoEvaluation.Run(world, history, steps, output, cancellation);
        var (data, models) = steps.Run("learning from all days", () =>
        {
            var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, history));
            return (data, LabModels.TrainAll("demo", data.Training, new(options.Seed, options.Threads, Cancellation: cancellation)));
        });
        onAir.Audio = new LabAudio(world);
        onAir.Open(
            new RadioStation(data, models, new(), onAir.Counts, TimeProvider.System),
            new SimulatedListeners(world, data, models, options.Seed, TimeProvider.System));
    }
}

using System.CommandLine;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Radio;
using Segue.Server;
using Segue.Server.Simulation;

namespace Segue.Cli.Commands;

/// <summary><c>segue demo</c>: a simulated world, models that learn it, and a radio to try. Exit code 2: a value is out of range or the
/// address cannot be used.</summary>
internal static class DemoCommand
{
    private const int BadInput = 2;
    private const int Cancelled = 130;   // 128 + SIGINT, as shells have it

    public static Command Create()
    {
        var usual = new LabOptions();
        var listeners = new Option<int>("--listeners") { Description = "Simulated listeners.", DefaultValueFactory = _ => usual.Listeners };
        var tracks = new Option<int>("--tracks") { Description = "Tracks in the catalogue.", DefaultValueFactory = _ => usual.Tracks };
        var days = new Option<int>("--days") { Description = "Days of history to learn from.", DefaultValueFactory = _ => usual.Days };
        var seed = new Option<ulong>("--seed") { Description = "Decides all chance.", DefaultValueFactory = _ => usual.Seed };
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var once = new Option<bool>("--once") { Description = "Ask the radio once over HTTP, print its answer and end." };
        var command = new Command("demo", "Simulate listeners, learn from them, and serve a radio to try in the browser.")
        {
            listeners, tracks, days, seed, urls, once,
        };
        // On a thread of its own: the library listens to Ctrl+C only once the action has returned its task.
        command.SetAction((line, cancellation) => Task.Run(
            () => RunAsync(
                () => new()
                {
                    Listeners = line.GetValue(listeners),
                    Tracks = line.GetValue(tracks),
                    Days = line.GetValue(days),
                    Seed = line.GetValue(seed),
                },
                line.GetValue(urls)!, line.GetValue(once), line.InvocationConfiguration, cancellation),
            CancellationToken.None));
        return command;
    }

    private static async Task<int> RunAsync(
        Func<LabOptions> world, string urls, bool once, InvocationConfiguration console, CancellationToken cancellation)
    {
        try
        {
            var onAir = new OnAir();
            var options = world();
            await using var app = SegueServer.Build(new() { Urls = urls }, onAir);
            await ListenAsync(app, urls, cancellation);   // before the learning: a port in use is told at once
            var steps = new StepClock(TimeProvider.System, console.Error);
            Prepare(options, onAir, steps, console.Output, cancellation);
            await (once ? AnswerOnceAsync(app, onAir, steps, console, cancellation) : ServeAsync(app, onAir, steps, console, cancellation));
            return 0;
        }
        catch (ArgumentOutOfRangeException fault)
        {
            var name = $" (Parameter '{fault.ParamName}')";   // a name of the program's, which tells a user nothing
            await console.Error.WriteLineAsync($"segue: {fault.Message.Replace(name, "", StringComparison.Ordinal)}");
            return BadInput;
        }
        catch (CannotListenException fault)
        {
            await console.Error.WriteLineAsync($"segue: {fault.Message}");
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("segue: stopped.");
            return Cancelled;
        }
    }

    private static async Task ListenAsync(WebApplication app, string urls, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception fault) when (fault is IOException or FormatException or InvalidOperationException)
        {
            throw new CannotListenException($"cannot listen at {urls}: {fault.Message.TrimEnd('.')}. Give another address with --urls.");
        }
    }

    private static async Task AnswerOnceAsync(
        WebApplication app, OnAir onAir, StepClock steps, InvocationConfiguration console, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        using var body = new StringContent(Body(onAir), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"{Address(app)}/v1/radio", body, cancellation);
        response.EnsureSuccessStatusCode();
        await console.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation));
        await steps.TellTotalAsync("The first answer came");
        await app.StopAsync(cancellation);
    }

    private static async Task ServeAsync(
        WebApplication app, OnAir onAir, StepClock steps, InvocationConfiguration console, CancellationToken cancellation)
    {
        var address = Address(app);
        await steps.TellTotalAsync("Ready");
        await console.Output.WriteLineAsync($"""

            Listen at {address} (Ctrl+C ends it), or ask:
              curl -s {address}/v1/radio -H 'Content-Type: application/json' -d '{Body(onAir)}'
            """);
        await app.WaitForShutdownAsync(cancellation);
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
            return (data, Train(data.Training, options.Seed, cancellation));
        });
        onAir.Open(
            new RadioStation(data, models, new(), onAir.Counts, TimeProvider.System),
            new SimulatedListeners(world, data, models, options.Seed, TimeProvider.System));
    }

    private static ModelSet Train(TrainingSet data, ulong seed, CancellationToken cancellation) => new(
        "demo",
        (ImplicitAlsModel)DemoEvaluation.Train(ImplicitAlsModel.KindName, data, seed, cancellation),
        (CooccurrenceModel)DemoEvaluation.Train(CooccurrenceModel.KindName, data, seed, cancellation),
        (MostPopularModel)DemoEvaluation.Train(MostPopularModel.KindName, data, seed, cancellation));

    private static string Body(OnAir onAir) => $$"""{"listener":"{{onAir.Station!.Listeners[0]}}"}""";

    /// <summary>An address that a browser on this machine can open, whichever addresses the server took.</summary>
    private static string Address(WebApplication app)
        => app.Urls.First().TrimEnd('/')
            .Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal);

    private sealed class CannotListenException(string message) : Exception(message);
}

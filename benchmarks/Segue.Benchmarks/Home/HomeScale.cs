using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Segue.Evaluation.Lab;
using Segue.Events.Storage;
using Segue.Models.Registry;
using Segue.Server;
using Segue.Server.Stores;

namespace Segue.Benchmarks.Home;

/// <summary>First screens a second over loopback, beside plain text by the same driver in the same run: <c>home [THOUSANDS OF REQUESTS]</c>. A lab world of 2,000 listeners and 5,000 tracks.</summary>
internal static class HomeScale
{
    private const int Connections = 64, Rounds = 3;

    public static async Task RunAsync(string[] args)
    {
        var requests = (int)(1000 * double.Parse(args.FirstOrDefault() ?? "200", CultureInfo.InvariantCulture));
        var folder = Directory.CreateTempSubdirectory("segue-home-");
        try
        {
            var root = Path.Combine(folder.FullName, "store");
            var world = LabWorld.Create(new());
            await MakeAsync(root, world);
            await using var store = OpenStore.Open(root, new(), TimeProvider.System);
            var onAir = new OnAir();
            var host = onAir.TakeEvents(store, TimeProvider.System);
            await host.OpenRadioAsync(CancellationToken.None);
            await host.MakeListsAsync(100, CancellationToken.None);
            await using var app = SegueServer.Build(new() { Urls = "http://127.0.0.1:0" }, onAir);
            await app.StartAsync();
            await using var plain = await PlainTextAsync();
            string[] Paths(string rest) => [.. world.Listeners.Select(listener => $"/v1/listeners/{listener.Id}/{rest}")];
            var one = new Uri(app.Urls.Single());
            for (var round = 0; round < Rounds; round++)   // the first one compiles
            {
                Console.WriteLine($"Round {round + 1}, {Connections} connections, client included, {Environment.ProcessorCount} cores");
                await TellAsync("plain text OK", new(plain.Urls.Single()), ["/ok"], requests);
                await TellAsync("home of 50 in a row, made once each: first look", one, Paths($"home?rows=1&count={50 - round}"), world.Listeners.Count);
                await TellAsync("home of 50 in a row, looked up", one, Paths($"home?rows=1&count={50 - round}"), requests);
                await TellAsync("home of 6 rows of 10: first look", one, Paths("home"), world.Listeners.Count);
                await TellAsync("home of 6 rows of 10, looked up", one, Paths("home"), requests);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A store of a lab world, with models trained on it.</summary>
    internal static async Task MakeAsync(string root, LabWorld world)
    {
        using (var writer = new StoreWriter(root, "a lab world", TimeProvider.System))
        {
            world.Catalogue.ToList().ForEach(writer.Add);
            world.Listeners.ToList().ForEach(writer.Add);
            foreach (var interaction in LabExport.ToInteractions(world, world.SimulateHistory()))
            {
                writer.Add(interaction);
            }
            writer.Commit();
        }
        using var parts = new StoreParts(root, new());
        var learning = await LearningData.LoadAsync(parts, log: null, CancellationToken.None);
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, Environment.ProcessorCount));
        new ModelRegistry(parts.Layout.Models).Publish(
            [models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
    }

    private static async Task<WebApplication> PlainTextAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentLength = 2;
            return context.Response.Body.WriteAsync("OK"u8.ToArray().AsMemory()).AsTask();
        });
        await app.StartAsync();
        return app;
    }

    private static async Task TellAsync(string what, Uri server, string[] paths, int requests)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var outcome = await GetLoad.RunAsync(server, paths, requests, Connections);
        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"BENCH home: {what}: {outcome.RequestsPerSecond:N0} requests/s, p50 {outcome.P50.TotalMilliseconds:F1} ms, p99 {outcome.P99.TotalMilliseconds:F1} ms, {spent.TotalMicroseconds / requests:F1} µs CPU and {outcome.BytesPerAnswer:N0} bytes an answer"));
    }
}

using System.Diagnostics;
using System.Globalization;
using Segue.Benchmarks.Home;
using Segue.Evaluation.Lab;
using Segue.Server;
using Segue.Server.Stores;

namespace Segue.Benchmarks.Radio;

/// <summary>Reactions over loopback, each with the changed list in the answer: <c>funnel-http [TRACKS LISTENERS DAYS [SECONDS]]</c>, 20,000, 3,000 and 30 unless told otherwise, 20 seconds a measurement.</summary>
/// <remarks>The server is a process of its own, with a store whose log is synced before each answer, as <c>segue serve</c> has it; the client shares the cores with it.</remarks>
internal static class FunnelHttpScale
{
    /// <summary>The command that serves a store.</summary>
    public const string ServerCommand = "funnel-http-server";

    private const int Connections = 16, WarmUp = 4;
    private const double Share = 0.7;   // of the load that it can take

    public static async Task RunAsync(string[] args)
    {
        int Given(int n, int usual) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : usual;
        var folder = Directory.CreateTempSubdirectory("segue-funnel-");
        try
        {
            var root = Path.Combine(folder.FullName, "store");
            var world = LabWorld.Create(new() { Tracks = Given(0, 20_000), Listeners = Given(1, 3_000), Days = Given(2, 30) });
            await HomeScale.MakeAsync(root, world);
            using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. ProgramFile(), ServerCommand, root]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true })!;
            var address = new Uri((await server.StandardOutput.ReadLineAsync())!);
            var load = new RadioLoad(address, [.. world.Listeners.Select(listener => listener.Id.Value)]);
            var length = TimeSpan.FromSeconds(Given(3, 20));
            await load.RunAsync(Connections, perSecond: null, WarmUp * length);   // until the code is compiled for speed: the server has much of it
            var most = await TellAsync("as many as it takes", server, load, perSecond: null, length);
            await TellAsync($"at {Share:P0} of that", server, load, Share * most, length);
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Serves a store until its input ends.</summary>
    public static async Task ServeAsync(string root)
    {
        await using var store = OpenStore.Open(root, new(), TimeProvider.System);
        var onAir = new OnAir();
        var host = onAir.TakeEvents(store, TimeProvider.System);
        await host.OpenRadioAsync(CancellationToken.None);
        await using var app = SegueServer.Build(new() { Urls = "http://127.0.0.1:0" }, onAir);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static async Task<double> TellAsync(string what, Process server, RadioLoad load, double? perSecond, TimeSpan length)
    {
        server.Refresh();
        var before = server.TotalProcessorTime;
        var outcome = await load.RunAsync(Connections, perSecond, length);
        server.Refresh();
        var spent = (server.TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"BENCH funnel-http: {what}: {outcome.PerSecond:F0} reactions/s, {outcome.Reactions / spent:F0} a CPU second of the server, starts of sittings included; p50 {outcome.P50.TotalMilliseconds:F2} ms, p99 {outcome.P99.TotalMilliseconds:F2} ms, {Connections} connections"));
        return outcome.PerSecond;
    }

    // Where the program runs as `dotnet FILE`, the file comes first again.
    private static string[] ProgramFile()
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(FunnelHttpScale).Assembly.Location] : [];
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Segue.Server;

namespace Segue.Cli;

/// <summary>A server that listens already, while what it will serve is still being learned or loaded.</summary>
internal sealed class RadioHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RadioHost(WebApplication app, OnAir onAir) => (_app, OnAir) = (app, onAir);

    public OnAir OnAir { get; }

    /// <summary>An address that a browser on this machine can open, whichever addresses the server took.</summary>
    public string Address => _app.Urls.First().TrimEnd('/')
        .Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("0.0.0.0", "localhost", StringComparison.Ordinal);

    /// <summary>Begins to listen: first of all, so that a port in use is told at once.</summary>
    /// <exception cref="CannotListenException">The address is not one, or cannot be used.</exception>
    public static async Task<RadioHost> ListenAsync(ServerOptions options, CancellationToken cancellation)
    {
        var onAir = new OnAir();
        var app = SegueServer.Build(options, onAir);
        try
        {
            await app.StartAsync(cancellation);
            return new(app, onAir);
        }
        catch (Exception fault)
        {
            await app.DisposeAsync();
            throw fault is IOException or FormatException or InvalidOperationException
                ? new CannotListenException($"cannot listen at {options.Urls}: {fault.Message.TrimEnd('.')}. Give another address with --urls.")
                : fault;
        }
    }

    /// <summary>A request to begin with, as a shell command: a radio, or an event where there is no radio yet.</summary>
    public string Example => OnAir.Station is null
        ? $$"""curl -s {{Address}}/v1/events -H 'Content-Type: application/json' -d '[{"type":"listen","listener":"me","at":"2026-01-01T12:00:00Z","track":"some-track"}]'"""
        : $"curl -s {Address}/v1/radio -H 'Content-Type: application/json' -d '{ExampleBody}'";

    /// <summary>The body of <see cref="Example"/>, for a listener that the data knows; needs a station on the air.</summary>
    public string ExampleBody => OnAir.Station!.Listeners is [var first, ..] ? $$"""{"listener":"{{first}}"}""" : "{}";

    /// <summary>Tells where it listens, and serves until Ctrl+C.</summary>
    public async Task ServeAsync(TextWriter output, CancellationToken cancellation)
    {
        await output.WriteLineAsync($"\nListen at {Address} (Ctrl+C ends it), or ask:\n  {Example}");
        await _app.WaitForShutdownAsync(cancellation);
    }

    public Task StopAsync(CancellationToken cancellation) => _app.StopAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>The server cannot listen where it was told to.</summary>
internal sealed class CannotListenException(string message) : IOException(message);

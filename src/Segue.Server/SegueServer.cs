using Segue.Server.Endpoints;
using Segue.Server.Hosting;
using Segue.Server.Music;
using Segue.Server.Simulation;
using Segue.Server.Stores;

namespace Segue.Server;

/// <summary>Puts the HTTP server together: all of its parts stand on this page.</summary>
public static class SegueServer
{
    /// <returns>A server that was not started yet. Its addresses are in <c>Urls</c> once it was.</returns>
    public static WebApplication Build(ServerOptions options, OnAir onAir)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onAir);

        // Empty: no settings file or environment variable of the place where the program runs changes what it does.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "segue" });
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ServerOptions.MaxBodyBytes;
        });
        AddLogging(builder.Logging);
        builder.Services.AddSingleton(onAir);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddTransient(_ => onAir.Station ?? throw new NotOnAirException());
        builder.Services.AddHostedService<SimulationService>();
        builder.Services.AddHostedService<EtlService>();
        builder.Services.AddHostedService<ModelWatch>();
        builder.Services.AddHostedService<StateService>();
        builder.Services.AddSingleton<ListRequests>();
        builder.Services.AddHostedService<ListService>();
        builder.Services.AddSingleton<MusicService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MusicService>());
        builder.Services.AddSingleton<SoundTrainingService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SoundTrainingService>());
        builder.Services.AddRouting();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);   // for Problems to describe
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.AddOpenApi("v1", OpenApiTitle.Set);

        var app = builder.Build();
        (onAir.Logger, onAir.Radio) = (app.Logger, options.Radio);
        app.UseSecurityHeaders();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(Problems.DescribeStatus);
        app.MapPage();
        app.MapRadio();
        app.MapAnswers();
        app.MapEvents();
        app.MapListenBrainz();
        app.MapListenerData();
        app.MapListeners();
        app.MapLists();
        app.MapHome();
        app.MapTracks();
        app.MapPlaylists();
        app.MapTrending();
        app.MapAudio();
        app.MapMusic();
        app.MapSounds();
        app.MapStats();
        app.MapHealth();
        app.MapOpenApi();
        return app;
    }

    // To stderr, and from Warning on: the line that hosting writes for each request would name listeners.
    // The host itself is left out: its one error, that it failed to start, is thrown as well, for the caller to tell.
    private static void AddLogging(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
}

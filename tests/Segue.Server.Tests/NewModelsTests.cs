using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Segue.Evaluation.Lab;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>Models that are published while the server serves.</summary>
public sealed class NewModelsTests
{
    private readonly Lines _log = new();

    private static string[] Tracks(JsonElement answer) => [.. answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];

    private static string Ago(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(-minutes).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static async Task<string> TrainAsync(StoreServer server)
    {
        var learning = await LearningData.LoadAsync(server.Store.Parts, server.Store.Events.Log, TestContext.Current.CancellationToken);
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        return server.Store.Parts.Models.Publish(
            [models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
    }

    private ModelWatch Watch(StoreServer server) => new(server.OnAir, new(), _log);

    [Fact]
    public async Task New_models_are_taken_up_while_sittings_go_on()
    {
        await using var server = await StoreServer.StartAsync();
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{StoreServer.Listener(4)}}","count":10}""", 201);
        var (session, tracks) = (start.GetProperty("session").GetString(), Tracks(start));
        await server.PostAsync($"/v1/radio/{session}/events", $$"""{"events":[{"type":"voted","track":"{{tracks[0]}}","vote":-1}]}""");
        await server.PostAsync("/v1/events", $$"""
            [{"type":"listen","listener":"new@service","at":{{Ago(50)}},"recording":{"artist":"An Artist","title":"A Quite New Song"},"heardSeconds":90,"trackSeconds":90},
             {"type":"listen","listener":"{{StoreServer.Listener(4)}}","track":"{{tracks[1]}}","at":{{Ago(40)}},"heardSeconds":200,"trackSeconds":200}]
            """);
        var version = await TrainAsync(server);
        await server.PostAsync("/v1/events", $$"""[{"type":"ban","listener":"{{StoreServer.Listener(4)}}","track":"{{tracks[2]}}","at":{{Ago(1)}}}]""");   // after the training

        var watch = Watch(server);
        await watch.StepAsync(server.OnAir.Host!, TestContext.Current.CancellationToken);

        var next = await server.GetAsync($"/v1/radio/{session}/next?count=100");
        Assert.Equal((version, "000002"), (next.GetProperty("modelVersion").GetString(), version));
        Assert.Empty(Tracks(next).Intersect(tracks[..3]));
        Assert.NotEmpty(Tracks(await server.GetAsync("/v1/tracks?query=quite+new")));
        await server.PostAsync($"/v1/radio/{session}/events", $$"""{"events":[{"type":"skipped","track":"{{Tracks(next)[0]}}"}]}""");
        Assert.DoesNotContain(Tracks(next)[0], Tracks(await server.GetAsync($"/v1/radio/{session}/next?count=100")));
        var recommended = Tracks(await server.GetAsync($"/v1/listeners/{StoreServer.Listener(4)}/recommendations?count=50"));
        await server.RestartAsync();
        Assert.Equal(recommended, Tracks(await server.GetAsync($"/v1/listeners/{StoreServer.Listener(4)}/recommendations?count=50")));
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task Damaged_models_are_refused_and_told_once_and_the_next_version_is_taken()
    {
        await using var server = await StoreServer.StartAsync();
        var damaged = await TrainAsync(server);
        var file = Directory.GetFiles(Path.Combine(server.Store.Parts.Layout.Models, damaged), "*.model")[0];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var watch = Watch(server);
        await watch.StepAsync(server.OnAir.Host!, TestContext.Current.CancellationToken);
        await watch.StepAsync(server.OnAir.Host!, TestContext.Current.CancellationToken);

        Assert.Equal("000001", server.OnAir.Station!.ModelVersion);
        Assert.Equal("Models of version 000002 cannot be used; the radio goes on with version 000001.", Assert.Single(_log.All));
        await server.PostAsync("/v1/radio", "{}", 201);

        var mended = await TrainAsync(server);
        await watch.StepAsync(server.OnAir.Host!, TestContext.Current.CancellationToken);
        Assert.Equal(mended, server.OnAir.Station!.ModelVersion);
    }

    [Fact]
    public async Task Whoever_is_erased_is_not_brought_back_by_the_models_that_follow()
    {
        await using var server = await StoreServer.StartAsync();
        var path = $"/v1/listeners/{StoreServer.Listener(7)}";
        await server.GetAsync($"{path}/recommendations");
        using var erased = await server.Client.DeleteAsync(path, TestContext.Current.CancellationToken);

        await Watch(server).StepAsync(server.OnAir.Host!, TestContext.Current.CancellationToken);

        Assert.Empty(_log.All);
        Assert.Equal("000002", server.OnAir.Station!.ModelVersion);
        using var gone = await server.Client.GetAsync($"{path}/recommendations", TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    private sealed class Lines : ILogger<ModelWatch>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Add(formatter(state, exception));
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Segue.Evaluation.Lab;
using Segue.Models.Playlists;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>Playlists on their way from events over a training to the radio.</summary>
public sealed class PlaylistTests
{
    private static readonly int[] Evening = [3, 30, 60, 90];

    private static string Edit(string listener, string playlist, int track, double hoursAgo, string type = "playlistAdd")
        => $$"""{"type":"{{type}}","listener":"{{listener}}","playlist":"{{playlist}}","track":"{{StoreServer.Track(track)}}","at":{{TimeProvider.System.GetUtcNow().AddHours(-hoursAgo).ToUnixTimeMilliseconds()}}}""";

    private static Task<JsonElement> TellAsync(StoreServer server, string listener, string playlist, params int[] tracks)
        => server.PostAsync("/v1/events", $"[{string.Join(',', tracks.Select(track => Edit(listener, playlist, track, 5)))}]");

    private static async Task<string[]> LearntAsync(StoreServer server)
    {
        var learning = await LearningData.LoadAsync(server.Store.Parts, server.Store.Events.Log, TestContext.Current.CancellationToken);
        var playlists = learning.Data.Training.Playlists;
        return playlists is null ? [] : [.. Enumerable.Range(0, playlists.Count).Select(n => string.Join(' ', playlists[n].ToArray())).Order(StringComparer.Ordinal)];
    }

    // As segue train does it.
    private static async Task PublishAsync(StoreServer server)
    {
        var learning = await LearningData.LoadAsync(server.Store.Parts, server.Store.Events.Log, TestContext.Current.CancellationToken);
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        server.Store.Parts.Models.Publish(
            [models.Taste, models.Neighbors, models.Popular, LabModels.Train(PlaylistNeighborsModel.KindName, learning.Data.Training, new(1, 2))],
            new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
        await server.OnAir.Host!.OpenRadioAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Standing_edits_of_the_log_and_of_compacted_events_make_the_playlists_of_a_training()
    {
        await using var server = await StoreServer.StartAsync();
        await TellAsync(server, "ann", "evenings", 1, 2, 3);
        await TellAsync(server, "bob", "evenings", 4, 5);
        await server.OnAir.Host!.RunEtlAsync(keep: 7, TestContext.Current.CancellationToken);
        await server.PostAsync("/v1/events", $"[{Edit("ann", "evenings", 2, 1, "playlistRemove")},{Edit("ann", "evenings", 6, 2)}]");

        Assert.Equal(["1 3 6", "4 5"], await LearntAsync(server));
    }

    [Fact]
    public async Task Who_is_erased_or_lets_an_hour_be_forgotten_is_in_no_later_training()
    {
        await using var server = await StoreServer.StartAsync();
        await TellAsync(server, "ann", "evenings", 1, 2, 3);
        await TellAsync(server, "bob", "mornings", 4, 5);
        await server.PostAsync("/v1/events", $"[{Edit("bob", "mornings", 6, 0.1)}]");
        Assert.Equal(["1 2 3", "4 5 6"], await LearntAsync(server));

        await server.PostAsync("/v1/listeners/bob/forget?minutes=60", "");
        Assert.Equal(["1 2 3", "4 5"], await LearntAsync(server));
        using var erased = await server.Client.DeleteAsync("/v1/listeners/ann", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);

        Assert.Equal(["4 5"], await LearntAsync(server));
    }

    [Fact]
    public async Task A_published_training_continues_lists_of_which_two_listeners_know_and_gives_its_answers_again()
    {
        await using var server = await StoreServer.StartAsync();
        await TellAsync(server, "ann", "evenings", Evening);
        await TellAsync(server, "bob", "late", Evening);
        await TellAsync(server, "cleo", "mine alone", 9, 19, 29, 39);
        await PublishAsync(server);

        var shared = await server.PostAsync("/v1/playlists/continue", $$"""{"tracks":["{{StoreServer.Track(3)}}"],"count":10}""");
        var alone = await server.PostAsync("/v1/playlists/continue", $$"""{"tracks":["{{StoreServer.Track(9)}}"],"count":50}""");

        Assert.Equal(Evening.Skip(1).Select(StoreServer.Track).Order(StringComparer.Ordinal), OfPlaylists(shared).Order(StringComparer.Ordinal));
        Assert.Empty(OfPlaylists(alone));
        using var started = await server.Client.PostAsync(
            "/v1/radio", new StringContent($$"""{"listener":"{{StoreServer.Listener(4)}}","count":30,"seeds":{"playlists":[["{{StoreServer.Track(3)}}","{{StoreServer.Track(30)}}"]]} }""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        var body = await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(StoreServer.Track(60), body, StringComparison.Ordinal);
        await server.RestartAsync();
        var again = await new AnswerReplay(server.Store).RunAsync(
            new(JsonSerializer.Deserialize<JsonElement>(body).GetProperty("recommendation").GetGuid()), TestContext.Current.CancellationToken);
        Assert.Equal(body, Encoding.UTF8.GetString(again.Body));
    }

    private static IEnumerable<string> OfPlaylists(JsonElement answer)
        => answer.GetProperty("tracks").EnumerateArray().Where(track => track.GetProperty("source").GetString() == "playlist").Select(track => track.GetProperty("id").GetString()!);
}

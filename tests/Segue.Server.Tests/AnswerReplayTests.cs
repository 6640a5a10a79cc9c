using System.Globalization;
using System.Text;
using System.Text.Json;
using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Events;
using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>Past answers are given again, byte for byte.</summary>
public sealed class AnswerReplayTests
{
    private readonly List<(RecommendationId Id, string Body)> _sent = [];

    private static string Ago(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(-minutes).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Sends a request of the radio and keeps what came back.</summary>
    private async Task<(string Session, string[] Tracks)> AskAsync(StoreServer server, string path, string? json)
    {
        using var response = json is null
            ? await server.Client.GetAsync(path, TestContext.Current.CancellationToken)
            : await server.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        var body = JsonSerializer.Deserialize<JsonElement>(text);
        _sent.Add((new(body.GetProperty("recommendation").GetGuid()), text));
        return (body.GetProperty("session").GetString()!, [.. body.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)]);
    }

    private async Task ListenAsync(StoreServer server, string listener)
    {
        var (session, tracks) = await AskAsync(server, "/v1/radio", $$"""{"listener":"{{listener}}","newListener":true,"count":12,"seeds":{"tracks":["{{StoreServer.Track(20)}}"]} }""");
        var path = $"/v1/radio/{session}";
        await AskAsync(server, $"{path}/events?count=7", $$"""{"events":[{"type":"played","track":"{{tracks[0]}}"},{"type":"skipped","track":"{{tracks[1]}}"}]}""");
        await server.PostAsync("/v1/events", $$"""[{"type":"ban","listener":"{{listener}}","track":"{{tracks[2]}}","at":{{Ago(1)}}}]""");
        await AskAsync(server, $"{path}/next?count=30", null);
        await server.PostAsync("/v1/events", $$"""[{"type":"vote","listener":"{{listener}}","track":"{{tracks[3]}}","vote":1,"at":{{Ago(0)}}}]""");   // in no sitting
        await AskAsync(server, $"{path}/events", $$"""{"events":[{"type":"voted","track":"{{tracks[4]}}","vote":-1}]}""");
    }

    private async Task AssertAllAreGivenAgainAsync(StoreServer server)
    {
        var replay = new AnswerReplay(server.Store);
        foreach (var (id, body) in _sent)
        {
            var again = await replay.RunAsync(id, TestContext.Current.CancellationToken);
            Assert.Equal(body, Encoding.UTF8.GetString(again.Body));
            Assert.True(again.IsSame);
            Assert.Empty(again.Differences);
        }
    }

    private static async Task<LearningData> LearnAsync(StoreServer server)
        => await LearningData.LoadAsync(server.Store.Parts, server.Store.Events.Log, TestContext.Current.CancellationToken);

    private static void Publish(StoreServer server, LearningData learning)
    {
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        server.Store.Parts.Models.Publish(
            [models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
    }

    [Fact]
    public async Task Answers_before_and_after_new_models_a_compaction_and_a_restart_are_given_again()
    {
        await using var server = await StoreServer.StartAsync();
        await ListenAsync(server, StoreServer.Listener(4));
        await ListenAsync(server, "somebody@new");
        var learning = await LearnAsync(server);
        await ListenAsync(server, StoreServer.Listener(4));
        Publish(server, learning);
        await server.OnAir.Host!.OpenRadioAsync(TestContext.Current.CancellationToken);
        await AskAsync(server, $"/v1/radio/{Session(0)}/next", null);   // began under the old models
        await ListenAsync(server, "somebody@new");
        await server.OnAir.Host.RunEtlAsync(keep: 2, TestContext.Current.CancellationToken);
        await server.RestartAsync();
        await AskAsync(server, $"/v1/radio/{Session(0)}/next", null);

        await AssertAllAreGivenAgainAsync(server);
    }

    [Fact]
    public async Task Answers_of_a_radio_that_explores_are_given_again_with_the_same_places_for_new_tracks()
    {
        await using var server = await StoreServer.StartAsync(explore: 0.5);
        await ListenAsync(server, StoreServer.Listener(4));
        await ListenAsync(server, "somebody@new");
        await server.RestartAsync();
        await AskAsync(server, $"/v1/radio/{Session(0)}/next", null);

        Assert.Contains(_sent, answer => answer.Body.Contains("\"source\":\"explore\"", StringComparison.Ordinal));
        await AssertAllAreGivenAgainAsync(server);
    }

    private string Session(int answer) => JsonSerializer.Deserialize<JsonElement>(_sent[answer].Body).GetProperty("session").GetString()!;

    [Fact]
    public async Task A_server_gives_its_own_answers_again_while_it_serves()
    {
        await using var server = await StoreServer.StartAsync();
        await ListenAsync(server, StoreServer.Listener(4));

        var again = await server.GetAsync($"/v1/radio/answers/{_sent[1].Id}");

        Assert.Equal(_sent[1].Body, again.GetProperty("answer").GetRawText());
        Assert.Equal((7, true, 0), (again.GetProperty("asked").GetInt32(), again.GetProperty("same").GetBoolean(), again.GetProperty("differences").GetArrayLength()));
        using var none = await server.Client.GetAsync($"/v1/radio/answers/{Guid.Empty}", TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)none.StatusCode);
    }

    [Fact]
    public async Task Answers_of_a_radio_that_has_listened_to_its_tracks_are_given_again()
    {
        await using var server = await StoreServer.StartAsync();
        var heard = new Music.HeardLibrary(server.Store.Parts.Sound, Path.Combine(server.Root, "files"));
        foreach (var track in server.Store.Parts.Store.ReadCatalogue())
        {
            heard.Add(track.Id, (int)(SeededRandom.Hash(track.Id.Value) % 7), artist: track.Artist.Name);
        }
        await server.OnAir.Host!.TakeMusicAsync((_, _, _) => null, 1, TestContext.Current.CancellationToken);
        Assert.NotNull(server.OnAir.Station!.Repertoire.Sounds);

        await ListenAsync(server, StoreServer.Listener(4));
        await server.RestartAsync();
        await AskAsync(server, $"/v1/radio/{Session(0)}/next?count=60", null);

        await AssertAllAreGivenAgainAsync(server);
    }

    [Fact]
    public async Task An_answer_that_was_made_from_other_music_is_told_to_be_another()
    {
        await using var server = await StoreServer.StartAsync();
        await ListenAsync(server, StoreServer.Listener(4));
        var (id, _) = _sent[0];
        var note = server.Store.Events.Log.Read(0).Single(logged => logged.Event.Kind == EventKind.Answer && logged.Event.Recommendation == id).Event;
        var (other, extra) = (new RecommendationId(Guid.NewGuid()), Encoding.UTF8.GetString(note.Extra.Span).Replace("000001", "000001+7", StringComparison.Ordinal));
        await server.Store.Events.KeepAsync(
            [note with { Key = new(1), Recommendation = other, Extra = Encoding.UTF8.GetBytes(extra) }], TestContext.Current.CancellationToken);

        var again = await server.OnAir.Host!.Replay.RunAsync(other, TestContext.Current.CancellationToken);

        Assert.False(again.IsSame);   // its id is another one
        Assert.Equal("The radio played models 000001+7, which with today's music are 000001.", Assert.Single(again.Differences));
    }

    [Fact]
    public async Task What_is_gone_is_named()
    {
        await using var server = await StoreServer.StartAsync();
        await ListenAsync(server, StoreServer.Listener(4));
        await ListenAsync(server, StoreServer.Listener(5));
        var replay = new AnswerReplay(server.Store);
        Task<ReplayedAnswer> Again(RecommendationId id) => replay.RunAsync(id, TestContext.Current.CancellationToken);

        var unknown = await Assert.ThrowsAsync<AnswerGoneException>(() => Again(new(Guid.Empty)));
        Assert.Contains("has no note of answer 00000000", unknown.Message, StringComparison.Ordinal);
        Publish(server, await LearnAsync(server));
        server.Store.Parts.Models.Prune(keep: 1);
        var pruned = await Assert.ThrowsAsync<AnswerGoneException>(() => Again(_sent[0].Id));
        Assert.Equal("The models of version 000001 are not kept any more; there are 000002.", pruned.Message);
        using var erased = await server.Client.DeleteAsync($"/v1/listeners/{StoreServer.Listener(5)}", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<AnswerGoneException>(() => Again(_sent[^1].Id));
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Segue.Evaluation.Lab;
using Segue.Events;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>Sittings go on after a restart as if nothing had happened.</summary>
public sealed class SittingRestartTests
{
    private static string[] Tracks(JsonElement answer) => [.. answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];

    private static string Session(JsonElement answer) => answer.GetProperty("session").GetString()!;

    private static string Ago(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(-minutes).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The answer but for its own id.</summary>
    private static string Body(JsonElement answer)
    {
        var body = JsonNode.Parse(answer.GetRawText())!.AsObject();
        body.Remove("recommendation");
        return body.ToJsonString();
    }

    private static Task<JsonElement> NextAsync(StoreServer server, string session, int count = 40) => server.GetAsync($"/v1/radio/{session}/next?count={count}");

    /// <summary>A sitting with seeds and wishes, in which things were kept, skipped, refused and banned.</summary>
    private static async Task<string> SitAsync(StoreServer server, string listener)
    {
        var genre = server.OnAir.Station!.Catalogue.Tracks[3].Genre;
        var start = await server.PostAsync("/v1/radio", $$"""
            {"listener":"{{listener}}","newListener":true,"count":10,"seeds":{"tracks":["{{StoreServer.Track(9)}}"],"genres":["{{genre}}"]},
             "wishes":{"discovery":0.4,"diversity":0.2,"exclude":{"artists":["{{server.OnAir.Station.Catalogue.Tracks[11].Artist.Id.Value}}"]},"webRadio":true} }
            """, 201);
        var (session, tracks) = (Session(start), Tracks(start));
        await server.PostAsync($"/v1/radio/{session}/events", $$"""
            {"events":[{"type":"played","track":"{{tracks[0]}}"},{"type":"skipped","track":"{{tracks[1]}}","heardSeconds":4},{"type":"voted","track":"{{tracks[2]}}","vote":-1}]}
            """);
        await server.PostAsync("/v1/events", $$"""
            [{"type":"ban","listener":"{{listener}}","track":"{{tracks[3]}}","at":{{Ago(1)}}},
             {"type":"listen","listener":"{{listener}}","track":"{{tracks[4]}}","at":{{Ago(5)}},"heardSeconds":200,"trackSeconds":200}]
            """);
        await server.PostAsync($"/v1/radio/{session}/events", $$"""{"events":[{"type":"voted","track":"{{tracks[5]}}","vote":1}]}""");
        return session;
    }

    [Fact]
    public async Task Sittings_of_known_and_new_listeners_answer_after_a_restart_as_before()
    {
        await using var server = await StoreServer.StartAsync();
        var sessions = new List<string>();
        foreach (var listener in (string[])[StoreServer.Listener(4), StoreServer.Listener(5), "somebody@new"])
        {
            sessions.Add(await SitAsync(server, listener));
        }
        sessions.Add(await SitAsync(server, StoreServer.Listener(4)));   // two at once
        var before = new List<string>();
        foreach (var session in sessions)
        {
            before.Add(Body(await NextAsync(server, session)));
        }

        await server.RestartAsync();

        for (var n = 0; n < sessions.Count; n++)
        {
            Assert.Equal(before[n], Body(await NextAsync(server, sessions[n])));
        }
        Assert.Equal(4, server.OnAir.Station!.Sessions);
    }

    [Fact]
    public async Task A_reaction_after_a_restart_is_joined_to_the_answer_before_it_and_sent_again_counts_once()
    {
        await using var server = await StoreServer.StartAsync();
        var start = await server.PostAsync("/v1/radio", """{"listener":"somebody@new","newListener":true}""", 201);
        var (path, track) = ($"/v1/radio/{Session(start)}/events", Tracks(start)[0]);
        var reaction = $$"""{"events":[{"type":"played","track":"{{track}}","id":"r-1"}]}""";
        await server.PostAsync(path, reaction);
        await server.RestartAsync();

        await server.PostAsync(path, reaction);
        await server.PostAsync(path, $$"""{"events":[{"type":"voted","track":"{{track}}","vote":1,"id":"r-2"}]}""");

        var told = server.Store.Events.Log.Read(0).Select(logged => logged.Event).Where(happened => happened.Kind is EventKind.Listen or EventKind.Vote).ToList();
        Assert.Equal([EventKind.Listen, EventKind.Vote], told.Select(happened => happened.Kind));
        var offers = server.Store.Events.Log.Read(0).Where(logged => logged.Event.Kind == EventKind.Impression && logged.Event.Track!.Value.Value == track).Select(logged => logged.Event.Recommendation);
        Assert.Contains(told[1].Recommendation, offers);
    }

    [Fact]
    public async Task A_sitting_under_new_models_goes_on_after_a_restart_as_before()
    {
        await using var server = await StoreServer.StartAsync();
        var session = await SitAsync(server, StoreServer.Listener(4));
        var learning = await LearningData.LoadAsync(server.Store.Parts, server.Store.Events.Log, TestContext.Current.CancellationToken);
        var late = await SitAsync(server, StoreServer.Listener(6));   // between the reading for the training and its end
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        server.Store.Parts.Models.Publish([models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
        await server.OnAir.Host!.OpenRadioAsync(TestContext.Current.CancellationToken);
        var (first, second) = (Body(await NextAsync(server, session)), Body(await NextAsync(server, late)));

        await server.RestartAsync();

        Assert.Equal("000002", server.OnAir.Station!.ModelVersion);
        Assert.Equal(first, Body(await NextAsync(server, session)));
        Assert.Equal(second, Body(await NextAsync(server, late)));
    }

    [Fact]
    public async Task A_compaction_before_the_restart_changes_nothing()
    {
        await using var server = await StoreServer.StartAsync();
        var session = await SitAsync(server, StoreServer.Listener(4));
        var before = Body(await NextAsync(server, session));
        var list = Tracks(await server.GetAsync($"/v1/listeners/{StoreServer.Listener(4)}/recommendations?count=30"));
        await server.OnAir.Host!.RunEtlAsync(keep: 2, TestContext.Current.CancellationToken);

        await server.RestartAsync();

        Assert.Equal(before, Body(await NextAsync(server, session)));
        Assert.Equal(list, Tracks(await server.GetAsync($"/v1/listeners/{StoreServer.Listener(4)}/recommendations?count=30")));
    }

    [Fact]
    public async Task Private_sittings_and_those_of_nobody_leave_nothing_in_the_log_and_end_with_the_process()
    {
        await using var server = await StoreServer.StartAsync();
        var hidden = Session(await server.PostAsync("/v1/radio", $$"""{"listener":"{{StoreServer.Listener(4)}}","private":true}""", 201));
        var nobody = Session(await server.PostAsync("/v1/radio", "{}", 201));
        await NextAsync(server, hidden);
        await NextAsync(server, nobody);

        await server.RestartAsync();

        Assert.Empty(server.Store.Events.Log.Read(0));
        foreach (var session in (string[])[hidden, nobody])
        {
            using var gone = await server.Client.GetAsync($"/v1/radio/{session}/next", TestContext.Current.CancellationToken);
            Assert.Equal(404, (int)gone.StatusCode);
        }
    }

    [Fact]
    public async Task An_erased_listener_has_no_sitting_after_a_restart_and_the_log_holds_nothing_of_it()
    {
        await using var server = await StoreServer.StartAsync();
        var session = await SitAsync(server, StoreServer.Listener(4));
        using var erased = await server.Client.DeleteAsync($"/v1/listeners/{StoreServer.Listener(4)}", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)erased.StatusCode);

        await server.RestartAsync();

        using var gone = await server.Client.GetAsync($"/v1/radio/{session}/next", TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)gone.StatusCode);
        Assert.DoesNotContain(server.Store.Events.Log.Read(0), logged => logged.Event.Session == session);
    }
}

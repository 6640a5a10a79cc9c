using System.Globalization;
using System.Text.Json.Nodes;
using Segue.Evaluation.Lab;
using Segue.Events.Relational;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>A server that starts from what it saved and from the rest of the log.</summary>
public sealed class SavedStateTests
{
    private const string Account = "ursula@example.org";

    private static string[] Files(StoreServer server) => Directory.Exists(Folder(server)) ? Directory.GetFiles(Folder(server)) : [];

    private static string Folder(StoreServer server) => server.Store.Parts.Layout.State;

    private static Task<bool> SaveAsync(StoreServer server) => server.OnAir.Host!.SaveStateAsync(0, TestContext.Current.CancellationToken);

    private static long Behind(StoreServer server) => server.OnAir.Host!.State.Behind(server.OnAir.Station!);

    private static string Listen(string account, int track, double minutesAgo)
        => $$"""{"type":"listen","listener":"{{account}}","track":"{{StoreServer.Track(track)}}","at":{{TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}},"heardSeconds":200,"trackSeconds":200}""";

    /// <summary>Begins a sitting and reacts in it.</summary>
    /// <returns>Its path.</returns>
    private static async Task<string> SitDownAsync(StoreServer server, string listener)
    {
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{listener}}","newListener":true,"count":9,"seeds":{"tracks":["{{StoreServer.Track(20)}}"]} }""", 201);
        var path = $"/v1/radio/{start.GetProperty("session").GetString()}";
        await ReactAsync(server, path);
        return path;
    }

    private static async Task ReactAsync(StoreServer server, string path)
    {
        var tracks = (await server.GetAsync(path + "/next?count=9")).GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()).ToList();
        await server.PostAsync(path + "/events", $$"""{"events":[{"type":"played","track":"{{tracks[0]}}"},{"type":"skipped","track":"{{tracks[1]}}","heardSeconds":7},{"type":"voted","track":"{{tracks[2]}}","vote":-1}]}""");
    }

    private static async Task<string[]> AskAsync(StoreServer server, params string[] paths)
    {
        var answers = new List<string>();
        foreach (var path in paths)
        {
            var answer = JsonNode.Parse((await server.GetAsync(path)).GetRawText())!.AsObject();
            answer.Remove("recommendation");
            answers.Add(answer.ToJsonString());
        }
        return [.. answers];
    }

    [Fact]
    public async Task A_start_from_what_was_saved_answers_as_before_and_past_answers_are_given_again()
    {
        await using var server = await StoreServer.StartAsync();
        var (known, somebody) = (await SitDownAsync(server, StoreServer.Listener(4)), await SitDownAsync(server, Account));
        await SaveAsync(server);
        await ReactAsync(server, somebody);
        var later = await SitDownAsync(server, Account);
        string[] paths = [known + "/next?count=20", somebody + "/next?count=20", later + "/next?count=20", $"/v1/listeners/{Account}/recommendations?count=20"];
        var before = await AskAsync(server, paths);
        var behind = Behind(server);

        await server.RestartAsync();

        Assert.InRange(Behind(server), behind, server.Store.Events.Log.End - 10);   // only the rest of the log was read
        Assert.Equal(before, await AskAsync(server, paths));
        await ReactAsync(server, somebody);
        var replay = new AnswerReplay(server.Store);
        var answers = server.Store.Events.Log.Read(0).Where(logged => logged.Event.Kind == Events.EventKind.Answer).ToList();
        foreach (var answer in (Events.LoggedEvent[])[answers[0], answers[^1]])
        {
            Assert.True((await replay.RunAsync(answer.Event.Recommendation!.Value, TestContext.Current.CancellationToken)).IsSame);
        }
    }

    [Fact]
    public async Task A_damaged_state_and_one_of_another_log_are_passed_over()
    {
        await using var server = await StoreServer.StartAsync();
        var path = await SitDownAsync(server, Account) + "/next?count=20";
        await SaveAsync(server);
        var (file, before) = (Assert.Single(Files(server)), await AskAsync(server, path));
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        whole[100] ^= 1;
        await File.WriteAllBytesAsync(file, whole, TestContext.Current.CancellationToken);

        await server.RestartAsync();

        Assert.Equal(server.Store.Events.Log.End, Behind(server));
        Assert.Equal(before, await AskAsync(server, path));
        whole[100] ^= 1;
        await File.WriteAllBytesAsync(file, whole, TestContext.Current.CancellationToken);
        var end = server.Store.Events.Log.End;
        await server.RestartAsync(store => Directory.Delete(store.Log, recursive: true));
        Assert.Equal(0, Behind(server));
        for (var n = 0; server.Store.Events.Log.End < end; n++)
        {
            await server.PostAsync("/v1/events", $"[{Listen("other", n, n)}]");
        }
        await server.RestartAsync();
        Assert.Equal(server.Store.Events.Log.End, Behind(server));
        using var unknown = await server.Client.GetAsync($"/v1/listeners/{Account}/recommendations", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_erasure_takes_the_listener_out_of_what_was_saved_and_who_stays_is_as_before(bool byPseudonym)
    {
        await using var server = await StoreServer.StartAsync();
        await SitDownAsync(server, Account);
        var other = await SitDownAsync(server, "other") + "/next?count=20";
        await SaveAsync(server);
        byte[][] names = [System.Text.Encoding.UTF8.GetBytes(server.Store.Pseudonyms.Of(Account).Value), Convert.FromHexString(server.Store.Pseudonyms.Of(Account).Value)];
        Assert.All(names, name => Assert.True(ByteScan.HoldsAny(Files(server)[0], [name])));
        var before = await AskAsync(server, other);

        using var response = await server.Client.DeleteAsync($"/v1/listeners/{(byPseudonym ? server.Store.Pseudonyms.Of(Account).Value : Account)}", TestContext.Current.CancellationToken);

        var receipt = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Empty(receipt["filesHolding"]!.AsArray());
        Assert.Equal(1, receipt["places"]!.AsArray().Single(place => place!["place"]!.GetValue<string>() == "saved state")!["removed"]!.GetValue<int>());
        Assert.Empty(Files(server));
        await SaveAsync(server);
        Assert.False(ByteScan.HoldsAny(Assert.Single(Files(server)), [.. names]));
        await server.RestartAsync();
        Assert.Equal(before, await AskAsync(server, other));
    }

    [Fact]
    public async Task Forgetting_the_last_hour_leaves_nothing_of_it_in_what_was_saved_and_counts_nothing_twice()
    {
        await using var server = await StoreServer.StartAsync();
        await server.PostAsync("/v1/events", $"[{Listen(Account, 1, 120)},{Listen(Account, 2, 30)},{Listen(Account, 3, 5)}]");
        await SaveAsync(server);
        var listens = server.OnAir.Counts.Listens;

        await server.PostAsync($"/v1/listeners/{Account}/forget?minutes=60", "");

        Assert.Equal((3, 3), (listens, server.OnAir.Counts.Listens));
        Assert.Empty(Files(server));
        var before = await AskAsync(server, $"/v1/listeners/{Account}/recommendations?count=20");
        await SaveAsync(server);
        await server.RestartAsync();
        Assert.Equal(before, await AskAsync(server, $"/v1/listeners/{Account}/recommendations?count=20"));
    }

    [Fact]
    public async Task New_models_make_the_saved_state_useless_until_the_next_one_takes_its_place()
    {
        await using var server = await StoreServer.StartAsync();
        var path = await SitDownAsync(server, Account);
        await SaveAsync(server);
        var first = Assert.Single(Files(server));
        var learning = await LearningData.LoadAsync(server.Store.Parts, server.Store.Events.Log, TestContext.Current.CancellationToken);
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        server.Store.Parts.Models.Publish([models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
        await ReactAsync(server, path);

        await server.RestartAsync();
        Assert.Equal(server.Store.Events.Log.End, Behind(server));
        await SaveAsync(server);
        Assert.NotEqual(first, Assert.Single(Files(server)));
        var before = await AskAsync(server, path + "/next?count=20");
        await server.RestartAsync();

        Assert.InRange(Behind(server), 0, server.Store.Events.Log.End / 2);
        Assert.Equal(before, await AskAsync(server, path + "/next?count=20"));
    }

    [Fact]
    public async Task Nothing_is_saved_before_a_start_would_have_to_read_so_much()
    {
        await using var server = await StoreServer.StartAsync();
        await SitDownAsync(server, Account);
        var behind = Behind(server);

        await server.OnAir.Host!.SaveStateAsync(behind + 100, TestContext.Current.CancellationToken);
        Assert.Empty(Files(server));
        await server.OnAir.Host.SaveStateAsync(behind, TestContext.Current.CancellationToken);

        Assert.Single(Files(server));
        Assert.InRange(Behind(server), 0, 10);
    }
}

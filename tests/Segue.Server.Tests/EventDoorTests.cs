using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Segue.Server.Tests;

public sealed class EventDoorTests
{
    private static string Now(double secondsAgo = 0)
        => TimeProvider.System.GetUtcNow().AddSeconds(-secondsAgo).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Listen(string listener, string track, double secondsAgo = 300, string more = "")
        => $$"""{"type":"listen","listener":"{{listener}}","track":"{{track}}","at":"{{Now(secondsAgo)}}","heardSeconds":200,"trackSeconds":200{{more}}}""";

    private static string[] Tracks(JsonElement answer)
        => [.. answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];

    [Fact]
    public async Task Each_event_of_a_batch_has_its_verdict_and_a_resend_counts_nothing_twice()
    {
        await using var server = await StoreServer.StartAsync();
        var batch = $$"""
            {"events":[{{Listen("new@service", StoreServer.Track(1), more: ",\"id\":\"a\"")}},
                       {{Listen("new@service", StoreServer.Track(2), more: ",\"private\":true")}},
                       {"type":"listen","listener":"new@service","at":"yesterday","track":"t"},
                       {{Listen("new@service", StoreServer.Track(1), more: ",\"id\":\"a\"")}}]}
            """;

        var first = await server.PostAsync("/v1/events", batch);
        var second = await server.PostAsync("/v1/events", batch);

        Assert.Equal(["accepted", "private", "rejected", "duplicate"], first.GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetString()));
        var rejection = first.GetProperty("rejections")[0];
        Assert.Equal((2, "bad-time"), (rejection.GetProperty("event").GetInt32(), rejection.GetProperty("reason").GetString()));
        Assert.Equal((0, 2), (second.GetProperty("accepted").GetInt32(), second.GetProperty("duplicate").GetInt32()));
        Assert.Equal(1, server.Store.Events.Log.End);
        Assert.Equal(new Dictionary<string, long> { ["bad-time"] = 1 }, server.Store.Events.DeadLetters.CountByReason());
    }

    [Fact]
    public async Task The_radio_follows_an_event_that_was_posted_less_than_a_second_before()
    {
        await using var server = await StoreServer.StartAsync();
        var listener = StoreServer.Listener(3);
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{listener}}","count":10}""", 201);
        var next = $"/v1/radio/{start.GetProperty("session").GetString()}/next?count=10";
        var before = Tracks(await server.GetAsync(next));

        var clock = Stopwatch.StartNew();
        await server.PostAsync("/v1/events", $$"""[{"type":"vote","listener":"{{listener}}","track":"{{before[0]}}","at":"{{Now()}}","vote":-1}]""");
        var after = Tracks(await server.GetAsync(next));

        Assert.DoesNotContain(before[0], after);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), clock.Elapsed.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vote_that_comes_late_undoes_no_newer_one_at_once_and_after_a_restart(bool isCompacted)
    {
        await using var server = await StoreServer.StartAsync();
        var listener = StoreServer.Listener(3);
        var list = $"/v1/listeners/{listener}/recommendations?count=20";
        var track = Tracks(await server.GetAsync(list))[0];
        string Vote(int vote, double secondsAgo)
            => $$"""[{"type":"vote","listener":"{{listener}}","track":"{{track}}","at":"{{Now(secondsAgo)}}","vote":{{vote}}}]""";

        await server.PostAsync("/v1/events", Vote(-1, 10));
        if (isCompacted)
        {
            await server.OnAir.Host!.RunEtlAsync(keep: 7, TestContext.Current.CancellationToken);
            await server.RestartAsync();   // the newer vote is in the data then
        }
        await server.PostAsync("/v1/events", Vote(1, 600));

        var atOnce = Tracks(await server.GetAsync(list));
        await server.RestartAsync();
        Assert.DoesNotContain(track, atOnce);
        Assert.Equal(atOnce, Tracks(await server.GetAsync(list)));
    }

    [Fact]
    public async Task A_listener_whom_nobody_knew_is_served_by_their_first_events()
    {
        await using var server = await StoreServer.StartAsync();
        await server.PostAsync("/v1/radio", """{"listener":"somebody@new"}""", 404);

        await server.PostAsync("/v1/events", $"[{Listen("somebody@new", StoreServer.Track(5))}]");

        await server.PostAsync("/v1/radio", """{"listener":"somebody@new"}""", 201);
    }

    [Fact]
    public async Task What_was_done_at_the_radio_is_in_the_log_before_it_is_answered_and_survives_a_restart()
    {
        await using var server = await StoreServer.StartAsync();
        var listener = StoreServer.Listener(4);
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{listener}}","count":5}""", 201);
        var session = start.GetProperty("session").GetString();
        var reactions = Tracks(start).Select(track => $$"""{"type":"voted","track":"{{track}}","vote":-1}""");
        await server.PostAsync($"/v1/radio/{session}/events", $$"""{"events":[{{string.Join(',', reactions)}}]}""");
        var before = Tracks(await server.GetAsync($"/v1/listeners/{listener}/recommendations?count=20"));

        await server.RestartAsync();

        Assert.Equal(before, Tracks(await server.GetAsync($"/v1/listeners/{listener}/recommendations?count=20")));
        Assert.Empty(before.Intersect(Tracks(start)));
        var kinds = server.Store.Events.Log.Read(0).CountBy(logged => logged.Event.Kind).ToDictionary();
        Assert.Equal(5, kinds[Segue.Events.EventKind.Vote]);
        Assert.True(kinds[Segue.Events.EventKind.Impression] >= 30);
    }

    [Fact]
    public async Task A_reaction_sent_again_with_its_id_counts_once_whichever_door_it_comes_to()
    {
        await using var server = await StoreServer.StartAsync();
        var listener = "somebody@new";
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{listener}}","newListener":true}""", 201);
        var (path, track) = ($"/v1/radio/{start.GetProperty("session").GetString()}/events", Tracks(start)[0]);
        var reactions = $$"""{"events":[{"type":"played","track":"{{track}}","id":"r-1"},{"type":"voted","track":"{{track}}","vote":1,"id":"r-2"}]}""";

        await server.PostAsync(path, reactions);
        await server.PostAsync(path, reactions);
        var other = await server.PostAsync("/v1/events", $"[{Listen(listener, track, more: ",\"id\":\"r-1\"")}]");
        await server.PostAsync(path, $$"""{"events":[{"type":"played","track":"{{track}}"}]}""");
        await server.PostAsync(path, $$"""{"events":[{"type":"played","track":"{{track}}"}]}""");

        Assert.Equal(1, other.GetProperty("duplicate").GetInt32());
        var kinds = server.Store.Events.Log.Read(0).CountBy(logged => logged.Event.Kind).ToDictionary();
        Assert.Equal((3, 1), (kinds[Segue.Events.EventKind.Listen], kinds[Segue.Events.EventKind.Vote]));   // those without id count each time
    }

    [Fact]
    public async Task Events_are_taken_before_there_is_any_model()
    {
        var folder = Directory.CreateTempSubdirectory("segue-empty-");
        await using (var store = Stores.OpenStore.OpenOrCreate(Path.Combine(folder.FullName, "store"), new(), TimeProvider.System))
        {
            var onAir = new OnAir();
            onAir.TakeEvents(store, TimeProvider.System);
            var (app, client) = await LabServer.StartAsync(onAir);
            await using (app)
            using (client)
            {
                using var events = new StringContent($"[{Listen("l", "t")}]", Encoding.UTF8, "application/json");
                using var taken = await client.PostAsync("/v1/events", events, TestContext.Current.CancellationToken);
                using var radio = await client.GetAsync("/v1/genres", TestContext.Current.CancellationToken);
                Assert.Equal((200, 503), ((int)taken.StatusCode, (int)radio.StatusCode));
            }
            Assert.Equal(1, store.Events.Log.End);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_private_sitting_leaves_nothing_in_the_log()
    {
        await using var server = await StoreServer.StartAsync();
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{StoreServer.Listener(4)}}","private":true}""", 201);

        await server.PostAsync($"/v1/radio/{start.GetProperty("session").GetString()}/events",
            $$"""{"events":[{"type":"skipped","track":"{{Tracks(start)[0]}}"}]}""");
        await server.Store.Events.RunAsync(log => log.End);

        Assert.Equal(0, server.Store.Events.Log.End);
    }

    [Fact]
    public async Task A_player_that_speaks_ListenBrainz_is_heard_with_its_token()
    {
        await using var server = await StoreServer.StartAsync();
        var token = server.Store.Tokens.Create(server.Store.Pseudonyms.Know("somebody@new"));
        var listen = $$$"""
            {"listen_type":"single","payload":[{"listened_at":{{{TimeProvider.System.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds()}}},
             "track_metadata":{"artist_name":"An Artist","track_name":"A Song","additional_info":{"duration_ms":200000,"duration_played":12} } } ]}
            """;

        await server.PostAsync("/1/submit-listens", listen, 401);
        server.Client.DefaultRequestHeaders.Authorization = new("Token", "0000");
        await server.PostAsync("/1/submit-listens", listen, 401);
        Assert.False((await server.GetAsync("/1/validate-token")).GetProperty("valid").GetBoolean());
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token);
        Assert.True((await server.GetAsync("/1/validate-token")).GetProperty("valid").GetBoolean());
        Assert.Equal("ok", (await server.PostAsync("/1/submit-listens", listen)).GetProperty("status").GetString());
        await server.PostAsync("/1/submit-listens", listen.Replace("single", "playing_now", StringComparison.Ordinal), 400);   // it has a time
        var error = await server.PostAsync("/1/submit-listens", """{"listen_type":"single","payload":[]}""", 400);

        Assert.Equal(400, error.GetProperty("code").GetInt32());
        Assert.NotEmpty(server.Store.Events.DeadLetters.Of(server.Store.Pseudonyms.Of("somebody@new")));   // they came with the token
        var logged = Assert.Single(server.Store.Events.Log.Read(0)).Event;
        Assert.Equal(("An Artist", TimeSpan.FromSeconds(12)), (logged.Described!.Artist, logged.Heard));
    }

    [Fact]
    public async Task Fuzzed_bodies_never_make_the_server_fail()
    {
        await using var server = await StoreServer.StartAsync();
        var token = server.Store.Tokens.Create(server.Store.Pseudonyms.Know("fuzz"));
        server.Client.DefaultRequestHeaders.Authorization = new("Token", token);
        string[] seeds =
        [
            $"[{Listen("l", "t")}]", """{"events":[{"type":"vote","listener":"l","track":"t","at":1700000000000,"vote":1}]}""",
            """{"listen_type":"single","payload":[{"listened_at":1700000000,"track_metadata":{"artist_name":"a","track_name":"t"}}]}""",
        ];
        var bodies = int.Parse(Environment.GetEnvironmentVariable("SEGUE_FUZZED_BODIES") ?? "3000", CultureInfo.InvariantCulture);
        var random = new Segue.Numerics.SeededRandom(5);
        for (var n = 0; n < bodies; n++)
        {
            var body = Encoding.UTF8.GetBytes(seeds[random.NextInt(seeds.Length)]);
            for (var change = random.NextInt(4); change >= 0; change--)
            {
                body[random.NextInt(body.Length)] = (byte)random.NextInt(256);
            }
            foreach (var door in new[] { "/v1/events", "/1/submit-listens", "/v1/radio" })
            {
                using var content = new ByteArrayContent(body, 0, body.Length - random.NextInt(body.Length / 2));
                content.Headers.ContentType = new("application/json");
                using var response = await server.Client.PostAsync(door, content, TestContext.Current.CancellationToken);
                Assert.True((int)response.StatusCode < 500, $"{door}: {(int)response.StatusCode} for {Convert.ToHexString(body)}");
            }
        }
    }

    [Fact]
    public async Task A_follower_that_fails_stops_neither_the_log_nor_the_radio_and_is_seen_by_whoever_looks_after_the_server()
    {
        await using var server = await StoreServer.StartAsync();
        var seen = new List<long>();
        await server.PostAsync("/v1/events", $"[{Listen("a", "t", 400)}]");
        await server.Store.Events.FollowAsync(0, logged =>
        {
            seen.Add(logged.Offset);
            _ = logged.Offset < 2 ? throw new InvalidDataException("secret") : 0;
        });
        Assert.Equal("degraded", (await server.GetAsync("/health/ready")).GetProperty("status").GetString());

        await server.PostAsync("/v1/events", $"[{Listen("a", StoreServer.Track(1))}]");
        await server.PostAsync("/v1/events", $"[{Listen("b", StoreServer.Track(1))}]");

        Assert.Equal([0, 1, 2], seen);
        Assert.Equal(2, (await server.GetAsync("/health/ready")).GetProperty("missedEvents").GetInt64());
        await server.PostAsync("/v1/radio", """{"listener":"b"}""", 201);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{}", 400)]
    [InlineData("[1,2]", 200)]
    [InlineData("[] []", 400)]
    public async Task A_bad_batch_is_refused_whole(string body, int status)
    {
        await using var server = await StoreServer.StartAsync();
        await server.PostAsync("/v1/events", body, status);
        server.Client.DefaultRequestHeaders.ExpectContinue = true;   // so that the refusal is read before the body is sent
        await server.PostAsync("/v1/events", "[" + new string(' ', 5_000_000) + "]", 413);
        using var text = await server.Client.PostAsync("/v1/events", new StringContent("[]"), TestContext.Current.CancellationToken);
        Assert.Equal(415, (int)text.StatusCode);
    }
}

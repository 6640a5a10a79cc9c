using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Segue.Models;
using Segue.Retrieval.Lists;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>Lists made beforehand, and answers from them.</summary>
public sealed class ListTests
{
    private const int Length = 30, Known = 112;   // of the 120 listeners the others played nothing

    private static string[] Tracks(JsonElement answer) => [.. answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];

    private static string? Source(JsonElement answer) => answer.GetProperty("source").GetString();

    private static Task<JsonElement> ListAsync(StoreServer server, int listener, int count = 20)
        => server.GetAsync($"/v1/listeners/{StoreServer.Listener(listener)}/list?count={count}");

    private static string Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static async Task<StoreServer> StartWithListsAsync()
    {
        var server = await StoreServer.StartAsync();
        Assert.NotNull(await server.OnAir.Host!.MakeListsAsync(Length, TestContext.Current.CancellationToken));
        return server;
    }

    private static ListService Service(StoreServer server, TimeSpan? every, TimeProvider? time = null)
        => new(server.OnAir, new() { ListsEvery = every, ListLength = Length, Time = time ?? TimeProvider.System }, new(), NullLogger<ListService>.Instance);

    private static string File(StoreServer server) => server.Store.Parts.Layout.ListsFile;

    [Fact]
    public async Task A_list_has_the_tracks_that_would_be_computed_in_the_same_order()
    {
        await using var server = await StoreServer.StartAsync();
        var repertoire = server.OnAir.Station!.Repertoire;
        var computed = new List<string[]>();
        for (var n = 0; n < 120; n++)
        {
            var answer = await ListAsync(server, n);
            Assert.Equal("computed", Source(answer));
            computed.Add(Tracks(answer));
            var history = repertoire.Data.History(repertoire.Data.Users.Find(StoreServer.Listener(n))!.Value);
            IRecommenderModel model = history.Items.Count > 0 ? repertoire.Models.Taste : repertoire.Models.Popular;
            Assert.Equal(model.Recommend(history, 20, history.Items).Select(scored => repertoire.Catalogue.Tracks[scored.Item].Id.Value), computed[n]);
        }

        var report = await server.OnAir.Host!.MakeListsAsync(Length, TestContext.Current.CancellationToken);

        Assert.Equal(Known, report!.Lists);
        var listed = 0;
        for (var n = 0; n < 120; n++)
        {
            var answer = await ListAsync(server, n);
            listed += Source(answer) == "list" ? 1 : 0;
            Assert.Equal(computed[n], Tracks(answer));
            Assert.Equal("000001", answer.GetProperty("modelVersion").GetString());
        }
        Assert.Equal(Known, listed);
    }

    [Fact]
    public async Task What_was_banned_or_voted_down_since_is_left_out_at_once()
    {
        await using var server = await StartWithListsAsync();
        var before = Tracks(await ListAsync(server, 3));

        await server.PostAsync("/v1/events", $$"""
            [{"type":"ban","listener":"{{StoreServer.Listener(3)}}","track":"{{before[0]}}","at":{{Now}}},
             {"type":"vote","listener":"{{StoreServer.Listener(3)}}","track":"{{before[2]}}","vote":-1,"at":{{Now}}}]
            """);

        var after = await ListAsync(server, 3);
        Assert.Equal("list", Source(after));
        Assert.Equal(before.Where((_, n) => n is not 0 and not 2), Tracks(after)[..18]);
        Assert.Equal(before[3..], Tracks(await ListAsync(server, 3, 18))[1..]);
    }

    [Fact]
    public async Task More_than_the_list_has_is_computed()
    {
        await using var server = await StartWithListsAsync();

        Assert.Equal("list", Source(await ListAsync(server, 3, Length)));
        var longer = await ListAsync(server, 3, Length + 5);
        Assert.Equal(("computed", Length + 5), (Source(longer), Tracks(longer).Length));
    }

    [Fact]
    public async Task A_listener_who_came_later_is_computed_and_an_unknown_one_is_not_found()
    {
        await using var server = await StartWithListsAsync();
        await server.PostAsync("/v1/events", $$"""
            [{"type":"listen","listener":"new@service","track":"{{StoreServer.Track(1)}}","at":{{Now}},"heardSeconds":200,"trackSeconds":200}]
            """);

        var answer = await server.GetAsync("/v1/listeners/new@service/list?count=5");

        Assert.Equal(("computed", 5), (Source(answer), Tracks(answer).Length));
        Assert.DoesNotContain(StoreServer.Track(1), Tracks(answer));
        foreach (var (path, status) in new[] { ("nobody@service/list", HttpStatusCode.NotFound), ("new@service/list?count=1001", HttpStatusCode.BadRequest) })
        {
            using var refused = await server.Client.GetAsync($"/v1/listeners/{path}", TestContext.Current.CancellationToken);
            Assert.Equal(status, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_making_can_be_asked_for_and_its_state_seen()
    {
        await using var server = await StoreServer.StartAsync();
        Assert.Equal(0, (await server.GetAsync("/v1/lists")).GetProperty("listeners").GetInt32());

        await server.PostAsync("/v1/lists", "", 202);

        JsonElement state;
        do
        {
            state = await server.GetAsync("/v1/lists");
        }
        while (state.GetProperty("listeners").GetInt32() == 0);
        Assert.Equal((Known, 100, "000001"), (state.GetProperty("listeners").GetInt32(), state.GetProperty("length").GetInt32(), state.GetProperty("modelVersion").GetString()));
        Assert.Equal(new FileInfo(File(server)).Length, state.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task Lists_are_there_again_after_a_restart()
    {
        await using var server = await StartWithListsAsync();
        var before = await ListAsync(server, 5);

        await server.RestartAsync();

        var after = await ListAsync(server, 5);
        Assert.Equal("list", Source(after));
        Assert.Equal(Tracks(before), Tracks(after));
    }

    [Fact]
    public async Task Whoever_is_erased_is_not_in_the_lists_and_the_others_keep_theirs()
    {
        await using var server = await StartWithListsAsync();
        var before = Tracks(await ListAsync(server, 8));
        var row = server.OnAir.Station!.Repertoire.Data.Users.Find(StoreServer.Listener(7))!.Value;

        using var erased = await server.Client.DeleteAsync($"/v1/listeners/{StoreServer.Listener(7)}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        using (var lists = ListenerLists.Open(File(server)))
        {
            Assert.Equal((Known - 1, "000002"), (lists.Count, lists.ModelVersion));
            Assert.Null(lists.Find(row));
        }
        Assert.Equal("computed", Source(await ListAsync(server, 8)));   // the radio has the models before for some seconds
        await server.OnAir.Host!.OpenRadioAsync(TestContext.Current.CancellationToken);
        var after = await ListAsync(server, 8);
        Assert.Equal("list", Source(after));
        Assert.Equal(before, Tracks(after));
    }

    [Fact]
    public async Task Lists_are_made_for_new_models_and_when_they_grow_old_and_else_not()
    {
        await using var server = await StoreServer.StartAsync();
        var (day, time) = (TimeSpan.FromDays(1), new SetTime());
        var (host, models) = (server.OnAir.Host!, server.Store.Parts.Models);
        async Task<DateTimeOffset?> MadeAsync()
        {
            await Service(server, day, time).StepAsync(host, isAsked: false, TestContext.Current.CancellationToken);
            return host.Lists.Of(server.OnAir.Station!.ModelVersion)?.MadeAt;
        }

        await Service(server, every: null).StepAsync(host, isAsked: false, TestContext.Current.CancellationToken);
        Assert.False(System.IO.File.Exists(File(server)));
        var first = await MadeAsync();
        Assert.NotNull(first);
        Assert.Equal(first, await MadeAsync());
        var set = models.LoadCurrent();
        models.Publish([set.Taste, set.Neighbors, set.Popular], set.Rows);
        await host.OpenRadioAsync(TestContext.Current.CancellationToken);
        Assert.Null(host.Lists.Of("000002"));
        var second = await MadeAsync();
        Assert.True(second > first);
        time.Now = second!.Value + day;
        Assert.True(await MadeAsync() > second);
    }

    [Fact]
    public async Task Lists_of_models_that_went_meanwhile_are_not_published()
    {
        await using var server = await StoreServer.StartAsync();
        var (repertoire, models) = (server.OnAir.Station!.Repertoire, server.Store.Parts.Models);
        var maker = new ListMaker(File(server), repertoire, Length, threads: 1);
        maker.Draft(lastSeen: null, since: default, TimeProvider.System.GetUtcNow(), progress: null, TestContext.Current.CancellationToken);
        var set = models.LoadCurrent();

        Assert.False(maker.Publish(models.Publish([set.Taste, set.Neighbors, set.Popular], set.Rows)));

        Assert.Empty(Directory.GetFiles(server.Root, "*.lists*"));
    }

    [Fact]
    public async Task A_damaged_list_is_computed_instead_and_made_anew()
    {
        await using var server = await StartWithListsAsync();
        var expected = Tracks(await ListAsync(server, 5));
        var bytes = await System.IO.File.ReadAllBytesAsync(File(server), TestContext.Current.CancellationToken);
        bytes.AsSpan(128 + 4 * Known).Fill(7);
        await System.IO.File.WriteAllBytesAsync(File(server), bytes, TestContext.Current.CancellationToken);
        await server.RestartAsync();

        var answer = await ListAsync(server, 5);

        Assert.Equal("computed", Source(answer));
        Assert.Equal(expected, Tracks(answer));
        await Service(server, TimeSpan.FromDays(1)).StepAsync(server.OnAir.Host!, isAsked: false, TestContext.Current.CancellationToken);
        Assert.Equal("list", Source(await ListAsync(server, 5)));
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

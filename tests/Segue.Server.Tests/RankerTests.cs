using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Segue.Ranking.Learnt;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

public sealed class RankerTests
{
    private static RankingModels Models(float weight) => new(
        new(RankerKinds.Logistic, null, 0, RankingFeatures.Names(0), new float[RankingFeatures.Context.Count], [.. Enumerable.Repeat(1f, RankingFeatures.Context.Count)],
            [.. RankingFeatures.Context.Select((feature, column) => column < 6 || feature.Name == "appeal" ? weight : 0), 0], 1, 0, 1, 0, 0),
        Factors: null);

    private static string[] Tracks(JsonElement answer) => [.. answer.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()!)];

    private static Task Look(StoreServer server)
        => new ModelWatch(server.OnAir, new(), NullLogger<ModelWatch>.Instance).StepAsync(server.OnAir.Host!, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_published_ranker_is_taken_up_while_the_server_serves_and_after_a_restart_unless_it_is_off()
    {
        await using var server = await StoreServer.StartAsync();
        var path = $"/v1/listeners/{StoreServer.Listener(4)}/recommendations?count=10";
        var before = Tracks(await server.GetAsync(path));

        server.Store.Parts.Rankers.Publish(Models(-1).Save);
        await Look(server);
        var turned = Tracks(await server.GetAsync(path));

        Assert.Equal("000001", server.OnAir.Station!.Repertoire.Ranker!.Version);
        Assert.NotEqual(before, turned);
        server.Store.Parts.Rankers.Publish(stream => stream.Write("{}"u8));
        await Look(server);
        Assert.Equal("000001", server.OnAir.Station!.Repertoire.Ranker!.Version);   // what cannot be read changes nothing
        server.Store.Parts.Rankers.Publish(Models(1).Save);
        await Look(server);
        Assert.Equal(before, Tracks(await server.GetAsync(path)));
        server.Store.Parts.Rankers.Publish(Models(-1).Save);
        await server.RestartAsync();
        Assert.Equal(turned, Tracks(await server.GetAsync(path)));
        server.OnAir.Host!.Ranker.IsOn = false;
        server.OnAir.Station!.Repertoire.Ranker = null;
        await Look(server);
        Assert.Equal(before, Tracks(await server.GetAsync(path)));
    }

    [Fact]
    public async Task What_the_radio_showed_and_what_became_of_it_are_rows_to_learn_from_in_the_log_and_when_compacted()
    {
        await using var server = await StoreServer.StartAsync();
        var start = await server.PostAsync("/v1/radio", $$"""{"listener":"{{StoreServer.Listener(4)}}","count":3}""", 201);
        var (session, tracks) = (start.GetProperty("session").GetString(), Tracks(start));
        await server.PostAsync($"/v1/radio/{session}/events", $$"""{"events":[{"type":"skipped","track":"{{tracks[0]}}","heardSeconds":3},{"type":"voted","track":"{{tracks[1]}}","vote":1}]}""");

        var rows = await RankingData.LoadAsync(server.Store.Parts, server.Store.Events.Log, 100, TestContext.Current.CancellationToken);

        Assert.Equal([(tracks[0], 0, false), (tracks[1], 1, true)], rows.Select(row => (row.Track.Value, row.Position, row.Taken)));
        Assert.All(rows, row => Assert.Equal(server.OnAir.Station!.Repertoire.Models.Taste.Factors, row.Seen.Taste.Length));
        var models = server.Store.Parts.Models.LoadCurrent();
        Assert.All(rows, row => Assert.Equal(row.Track, models.Rows!.Items[RankingData.RowsIn(models)(row)!.Value].Id));
        Assert.Null(RankingData.RowsIn(models)(rows[0] with { ModelVersion = "000009+3" }));

        await server.OnAir.Host!.RunEtlAsync(keep: 1, TestContext.Current.CancellationToken);
        var compacted = await RankingData.LoadAsync(server.Store.Parts, log: null, 1, TestContext.Current.CancellationToken);
        Assert.Equal(rows[1].Seen.Features, Assert.Single(compacted).Seen.Features);   // one at most: the newest
    }

    [Fact]
    public async Task A_wish_for_sure_tracks_is_held_to_its_range()
    {
        await using var server = await StoreServer.StartAsync();

        var problem = await server.PostAsync("/v1/radio", """{"wishes":{"sureness":1.5}}""", 400);

        Assert.Contains("sureness", problem.GetRawText(), StringComparison.Ordinal);
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Segue.Server.Simulation;

namespace Segue.Server.Tests;

public sealed class OperationTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task Live_and_ready_answer_200_once_models_are_served()
    {
        Assert.Equal("live", (await server.Get("/health/live")).GetProperty("status").GetString());
        Assert.Equal("ready", (await server.Get("/health/ready")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Before_models_are_there_the_server_lives_is_not_ready_and_says_so()
    {
        var (app, client) = await LabServer.StartAsync(new());
        await using (app)
        using (client)
        {
            Assert.Equal(HttpStatusCode.OK, await Status(client, "/health/live"));
            Assert.Equal(HttpStatusCode.OK, await Status(client, "/"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(client, "/health/ready"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(client, "/v1/genres"));
        }
    }

    [Fact]
    public async Task A_fault_of_the_server_is_answered_500_without_its_details()
    {
        var (app, client) = await LabServer.StartAsync(new());
        app.MapGet("/fault", string () => throw new InvalidDataException("secret of the house"));
        await using (app)
        using (client)
        {
            using var response = await client.GetAsync("/fault", TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenApi_lists_every_route_with_its_answers()
    {
        var paths = (await server.Get("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(
            [
                "/1/submit-listens", "/1/validate-token", "/health/live", "/health/ready", "/v1/events", "/v1/genres", "/v1/listeners",
                "/v1/listeners/{id}", "/v1/listeners/{id}/export", "/v1/listeners/{id}/features", "/v1/listeners/{id}/forget",
                "/v1/listeners/{id}/home", "/v1/listeners/{id}/list", "/v1/listeners/{id}/recommendations", "/v1/lists", "/v1/music", "/v1/music/faults", "/v1/music/scan", "/v1/onboarding", "/v1/playlists/continue", "/v1/radio",
                "/v1/radio/answers/{recommendation}",
                "/v1/radio/{session}/events", "/v1/radio/{session}/next", "/v1/sounds", "/v1/sounds/duplicates", "/v1/stats", "/v1/tracks", "/v1/tracks/{id}/audio",
                "/v1/tracks/{id}/path-to/{other}", "/v1/tracks/{id}/similar", "/v1/tracks/{id}/sounds-like", "/v1/trending",
            ],
            paths.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        var start = paths.GetProperty("/v1/radio").GetProperty("post");
        Assert.NotEmpty(start.GetProperty("summary").GetString()!);
        Assert.Equal(
            ["201", "400", "404", "413", "415", "503"],
            start.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task The_page_comes_with_a_strict_policy_and_a_tag_that_saves_sending_it_again(string path, string type)
    {
        using var first = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(type, first.Content.Headers.ContentType!.MediaType);
        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Problems_carry_the_policy_too()
    {
        using var response = await server.Client.GetAsync("/v1/tracks?limit=0", TestContext.Current.CancellationToken);

        Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task The_page_keeps_to_its_policy()
    {
        var html = await server.Client.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" onclick", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Stats_count_what_listeners_are_shown_and_do()
    {
        var before = await server.Get("/v1/stats");
        var start = await server.Start();
        var ids = start.GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("id").GetString()).ToList();
        await server.PostForJson($"/v1/radio/{start.GetProperty("session").GetString()}/events",
            $$"""
            {"events":[{"type":"played","track":"{{ids[0]}}"},{"type":"skipped","track":"{{ids[1]}}","heardSeconds":1},
            {"type":"voted","track":"{{ids[0]}}","vote":1}]}
            """);

        var after = await server.Get("/v1/stats");

        long Grown(string name) => after.GetProperty(name).GetInt64() - before.GetProperty(name).GetInt64();
        Assert.Equal(
            (1, 10, 2, 1, 1, 0),
            (Grown("sessions"), Grown("impressions"), Grown("listens"), Grown("skips"), Grown("votesUp"), Grown("votesDown")));
        Assert.Equal(0.5, after.GetProperty("keptShare").GetDouble());
        Assert.Equal(JsonValueKind.Null, after.GetProperty("simulated").ValueKind);
    }

    [Fact]
    public void Simulated_listeners_hold_sittings_and_are_counted_apart()
    {
        var simulated = new SimulatedListeners(server.World, server.Data, server.Models, seed: 1, TimeProvider.System);

        for (var step = 0; step < 400; step++)
        {
            simulated.Step();
        }

        Assert.InRange(simulated.Counts.Listens, 300, 400);
        Assert.InRange(simulated.Sittings, 9, 100);
        Assert.InRange(simulated.Counts.KeptShare!.Value, 0.2, 0.95);
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}

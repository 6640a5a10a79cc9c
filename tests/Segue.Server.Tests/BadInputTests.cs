using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Segue.Server.Tests;

public sealed class BadInputTests(LabServer server) : IClassFixture<LabServer>
{
    [Theory]
    [InlineData("", "body is missing")]
    [InlineData("null", "body is missing")]
    [InlineData("{\"count\":\n 5,,}", "not JSON", "line 2, byte 4")]
    [InlineData("{\"count\":NaN}", "not JSON", "line 1, byte 10")]
    [InlineData("{} {}", "not JSON")]
    [InlineData("[]", "body must be an object")]
    [InlineData("""{"lisener":"x"}""", "lisener is not known")]
    [InlineData("""{"seeds":{"track":[]}}""", "seeds.track is not known")]
    [InlineData("""{"count":"five"}""", "count must be", "number", "line 1")]
    [InlineData("""{"count":2.5}""", "count must be a whole number", "line 1, byte 13")]
    [InlineData("""{"count":99999999999}""", "count must be a whole number")]
    [InlineData("""{"count":"5"}""", "count must be", "number")]
    [InlineData("""{"count":1,"count":2}""", "count is given twice")]
    [InlineData("""{"newListener":1}""", "newListener must be true or false")]
    [InlineData("""{"listener":7}""", "listener must be a text")]
    [InlineData("""{"seeds":{"tracks":"x"}}""", "seeds.tracks must be a list")]
    [InlineData("""{"count":0}""", "count is 0", "1 to 100")]
    [InlineData("""{"count":101}""", "count is 101", "1 to 100")]
    [InlineData("""{"listener":" "}""", "listener is empty")]
    [InlineData("""{"listener":"a\u0000b"}""", "listener holds the control character U+0000 at position 1")]
    [InlineData("""{"listener":"\ud800"}""", "listener is not valid UTF-8 text", "line 1")]
    [InlineData("""{"seeds":{"artists":["ok",null]}}""", "seeds.artists[1] is missing")]
    [InlineData("""{"seeds":{"genres":[""]}}""", "seeds.genres[0] is empty")]
    [InlineData("""{"seeds":{"playlists":[["ok"],[""]]}}""", "seeds.playlists[1][0] is empty")]
    [InlineData("""{"seeds":{"tracks":["t"],"weights":{"t":6}}}""", "seeds.weights of 't' is 6", "0.1 to 5")]
    [InlineData("""{"seeds":{"tracks":["t"],"weights":[2]}}""", "seeds.weights must be an object")]
    [InlineData("""{"seeds":{"tracks":["t"],"weights":{"u":1}}}""", "seeds.weights names 'u', which is no seed")]
    [InlineData("""{"seeds":{"genres":["Jazz"],"less":{"genres":["jazz"]}}}""", "seeds and seeds.less both name the genre 'Jazz'")]
    [InlineData("""{"seeds":{"less":{"less":{}}}}""", "seeds.less.less")]
    [InlineData("""{"wishes":{"discovery":1.5}}""", "wishes.discovery is 1.5", "-1 to 1")]
    [InlineData("""{"wishes":{"diversity":1}}""", "wishes.diversity is 1", "0 to 0.9")]
    [InlineData("""{"wishes":{"smoothness":-0.1}}""", "wishes.smoothness is -0.1", "0 to 1")]
    [InlineData("""{"wishes":{"webRadio":"yes"}}""", "wishes.webRadio must be true or false")]
    [InlineData("""{"wishes":{"restByHabit":1}}""", "wishes.restByHabit must be true or false")]
    [InlineData("""{"wishes":{"mood":"sunny"}}""", "wishes.mood is not known")]
    [InlineData("""{"wishes":{"minSeconds":-1}}""", "wishes.minSeconds is -1", "0 to 86400")]
    [InlineData("""{"wishes":{"minSeconds":300,"maxSeconds":200}}""", "minSeconds is 300 and wishes.maxSeconds is 200", "nothing lies between")]
    [InlineData("""{"wishes":{"tempo":{"min":20}}}""", "wishes.tempo.min is 20", "40 to 240")]
    [InlineData("""{"wishes":{"energy":{"min":0.6,"max":0.5}}}""", "wishes.energy.min is 0.6 and wishes.energy.max is 0.5", "nothing lies between")]
    [InlineData("""{"wishes":{"loudness":{"target":11}}}""", "wishes.loudness.target is 11", "-70 to 10")]
    [InlineData("""{"wishes":{"brightness":{"max":20001}}}""", "wishes.brightness.max is 20001", "20 to 20000")]
    [InlineData("""{"wishes":{"include":{"tags":[""]}}}""", "wishes.include.tags[0] is empty")]
    [InlineData("""{"wishes":{"include":{"genres":["rock"]},"exclude":{"genres":["jazz","Rock"]}}}""", "wishes.include.genres and wishes.exclude.genres both name 'rock'")]
    public async Task A_bad_start_is_answered_400_and_told_its_place(string body, params string[] told)
        => await IsProblem(await server.Post("/v1/radio", body), HttpStatusCode.BadRequest, told);

    [Theory]
    [InlineData("{}", "events is missing")]
    [InlineData("""{"events":[]}""", "number of events is 0", "1 to 100")]
    [InlineData("""{"events":[null]}""", "events[0] is null")]
    [InlineData("""{"events":[{"track":"t"}]}""", "events[0].type is missing")]
    [InlineData("""{"events":[{"type":"heard","track":"t"}]}""", "events[0].type is 'heard'", "played, skipped, voted and less")]
    [InlineData("""{"events":[{"type":"played"}]}""", "events[0].track is missing")]
    [InlineData("""{"events":[{"type":"played","track":""}]}""", "events[0].track is empty")]
    [InlineData("""{"events":[{"type":"skipped","track":"t","heardSeconds":-3}]}""", "events[0].heardSeconds is -3", "0 to 86400")]
    [InlineData("""{"events":[{"type":"skipped","track":"t","heardSeconds":1e999}]}""", "events[0].heardSeconds")]
    [InlineData("""{"events":[{"type":"skipped","track":"t","heardSeconds":NaN}]}""", "not JSON")]
    [InlineData("""{"events":[{"type":"skipped","track":"t","heardSeconds":"NaN"}]}""", "events[0].heardSeconds must be a number")]
    [InlineData("""{"events":[{"type":"played","track":"t","id":" "}]}""", "events[0].id is empty")]
    [InlineData("""{"events":[{"type":"played","track":"t","id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}]}""", "characters of events[0].id is 129", "0 to 128")]
    [InlineData("""{"events":[{"type":"voted","track":"t"}]}""", "events[0].vote is missing", "-1, 0 and 1")]
    [InlineData("""{"events":[{"type":"voted","track":"t","vote":2}]}""", "events[0].vote is 2", "-1 to 1")]
    [InlineData("""{"events":[{"type":"voted","track":"t","vote":1,"heardSeconds":3}]}""", "events[0].heardSeconds does not belong")]
    [InlineData("""{"events":[{"type":"less","track":"t","heardSeconds":3}]}""", "events[0].heardSeconds does not belong to less")]
    [InlineData("""{"events":[{"type":"played","track":"t","vote":1}]}""", "events[0].vote belongs to type voted only")]
    [InlineData("""{"events":[{"type":"played","track":"t","heard":1}]}""", "events[0].heard is not known")]
    public async Task A_bad_event_is_answered_400_and_told_its_place(string body, params string[] told)
    {
        var session = (await server.Start()).GetProperty("session").GetString();

        await IsProblem(await server.Post($"/v1/radio/{session}/events", body), HttpStatusCode.BadRequest, told);
    }

    [Fact]
    public async Task More_than_a_hundred_events_are_refused_with_both_numbers()
    {
        var session = (await server.Start()).GetProperty("session").GetString();
        var events = string.Join(',', Enumerable.Repeat("""{"type":"played","track":"t"}""", 101));

        await IsProblem(
            await server.Post($"/v1/radio/{session}/events", $$"""{"events":[{{events}}]}"""),
            HttpStatusCode.BadRequest, "number of events is 101", "1 to 100");
    }

    [Theory]
    [InlineData("", "body is missing")]
    [InlineData("{}", "tracks is missing", "1 to 500")]
    [InlineData("""{"tracks":[]}""", "number of tracks is 0", "1 to 500")]
    [InlineData("""{"tracks":["t",""]}""", "tracks[1] is empty")]
    [InlineData("""{"tracks":["t",null]}""", "tracks[1] is missing")]
    [InlineData("""{"tracks":"t"}""", "tracks must be a list")]
    [InlineData("""{"tracks":["t"],"count":0}""", "count is 0", "1 to 100")]
    [InlineData("""{"tracks":["t"],"name":"x"}""", "name is not known")]
    public async Task A_bad_list_to_continue_is_answered_400_and_told_its_place(string body, params string[] told)
        => await IsProblem(await server.Post("/v1/playlists/continue", body), HttpStatusCode.BadRequest, told);

    [Fact]
    public async Task A_list_to_continue_with_too_many_or_unknown_tracks_is_refused()
    {
        var many = string.Join(',', Enumerable.Repeat("\"t\"", 501));

        await IsProblem(await server.Post("/v1/playlists/continue", $$"""{"tracks":[{{many}}]}"""), HttpStatusCode.BadRequest, "number of tracks is 501", "1 to 500");
        await IsProblem(await server.Post("/v1/playlists/continue", """{"tracks":["t?"]}"""), HttpStatusCode.NotFound, "no track 't?'");
    }

    [Theory]
    [InlineData("/v1/tracks?limit=0", "limit is 0", "1 to 100")]
    [InlineData("/v1/tracks?limit=many", "limit is 'many'", "a whole number, 1 to 100")]
    [InlineData("/v1/tracks?limit=1&limit=2", "limit is '1,2'", "a whole number, 1 to 100")]
    [InlineData("/v1/tracks?limit=99999999999", "limit is '99999999999'", "a whole number, 1 to 100")]
    [InlineData("/v1/listeners?limit=101", "limit is 101", "1 to 100")]
    [InlineData("/v1/listeners/a%01b/recommendations", "listener id holds the control character U+0001 at position 1")]
    [InlineData("/v1/tracks/%20/similar", "track id is empty")]
    public async Task A_bad_query_is_answered_400_and_told_its_place(string path, params string[] told)
        => await IsProblem(await Get(path), HttpStatusCode.BadRequest, told);

    [Theory]
    [InlineData("recommendations", "/v1/listeners/{0}/recommendations")]
    [InlineData("similar tracks", "/v1/tracks/{1}/similar")]
    [InlineData("next tracks", "/v1/radio/{2}/next")]
    public async Task A_count_out_of_range_is_told_with_the_range(string what, string path)
    {
        var session = (await server.Start()).GetProperty("session").GetString();
        var full = string.Format(path, server.World.Listeners[0].Id, server.World.Catalogue[0].Id, session);

        await IsProblem(await Get($"{full}?count=0"), HttpStatusCode.BadRequest, "count is 0", "1 to 100");
        await IsProblem(await Get($"{full}?count=101"), HttpStatusCode.BadRequest, "count is 101", "1 to 100");
        await IsProblem(await Get($"{full}?count=x"), HttpStatusCode.BadRequest, "count is 'x'", "a whole number, 1 to 100");
        Assert.NotEmpty(what);
    }

    [Theory]
    [InlineData("""{"listener":"nobody"}""", "no such listener", "\"newListener\": true", "left out")]
    [InlineData("""{"seeds":{"tracks":["t?"]}}""", "no track 't?'")]
    [InlineData("""{"seeds":{"artists":["a?"]}}""", "no artist 'a?'")]
    [InlineData("""{"seeds":{"genres":["polka-core"]}}""", "no genre 'polka-core'")]
    public async Task An_unknown_name_in_a_start_is_answered_404_and_named(string body, params string[] told)
        => await IsProblem(await server.Post("/v1/radio", body), HttpStatusCode.NotFound, told);

    [Theory]
    [InlineData("/v1/listeners/nobody/recommendations", "no such listener")]
    [InlineData("/v1/tracks/nothing/similar", "no track 'nothing'")]
    [InlineData("/v1/tracks?genre=polka-core", "no genre 'polka-core'")]
    [InlineData("/v1/radio/not-a-guid/next", "no session 'not-a-guid'")]
    [InlineData("/v1/radio/00000000-0000-0000-0000-000000000001/next", "no session '00000000-0000-0000-0000-000000000001'")]
    [InlineData("/v2/radio", "nothing at /v2/radio")]
    public async Task What_is_not_there_is_answered_404_and_named(string path, params string[] told)
        => await IsProblem(await Get(path), HttpStatusCode.NotFound, told);

    [Fact]
    public async Task Events_for_an_unknown_session_are_answered_404()
        => await IsProblem(
            await server.Post("/v1/radio/nowhere/events", """{"events":[{"type":"played","track":"t"}]}"""),
            HttpStatusCode.NotFound, "no session 'nowhere'");

    [Fact]
    public async Task Another_content_type_is_answered_415()
        => await IsProblem(
            await server.Client.PostAsync(
                "/v1/radio", new StringContent("{}", Encoding.UTF8, "text/plain"), TestContext.Current.CancellationToken),
            HttpStatusCode.UnsupportedMediaType, "text/plain", "application/json");

    [Fact]
    public async Task Another_method_is_answered_405_and_told_the_allowed_one()
        => await IsProblem(
            await server.Client.DeleteAsync("/v1/radio", TestContext.Current.CancellationToken),
            HttpStatusCode.MethodNotAllowed, "DELETE", "POST");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_ten_megabytes_is_answered_413_with_its_length_told_or_not(bool chunked)
    {
        var body = Encoding.ASCII.GetBytes($$"""{"listener":"{{new string('x', 10_000_000)}}"}""");
        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
        var head = $"POST /v1/radio HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}\r\n\r\n";
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(chunked ? $"{head}{body.Length:x}\r\n" : head), TestContext.Current.CancellationToken);

        var sending = stream.WriteAsync(body, TestContext.Current.CancellationToken).AsTask();
        var answer = await ReadToEnd(stream);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("1,048,576 bytes", answer, StringComparison.Ordinal);
        await Task.WhenAny(sending);   // the server closed while it was sent
    }

    [Fact]
    public async Task A_caller_who_accepts_only_html_is_told_of_faults_as_problems_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/tracks?limit=0");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        await IsProblem(
            await server.Client.SendAsync(request, TestContext.Current.CancellationToken), HttpStatusCode.BadRequest, "limit is 0");
    }

    // HttpClient would report the broken pipe of its sending and not the answer, so this reads for itself.
    private static async Task<string> ReadToEnd(NetworkStream stream)
    {
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset after the answer: the rest of the body was never read.
        }
        return answer.ToString();
    }

    private Task<HttpResponseMessage> Get(string path) => server.Client.GetAsync(path, TestContext.Current.CancellationToken);

    private static async Task IsProblem(HttpResponseMessage response, HttpStatusCode status, params string[] told)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = JsonSerializer.Deserialize<JsonElement>(text);
            Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
            Assert.NotEmpty(problem.GetProperty("type").GetString()!);
            Assert.NotEmpty(problem.GetProperty("title").GetString()!);
            Assert.All(told, part => Assert.Contains(part, problem.GetProperty("detail").GetString(), StringComparison.Ordinal));
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("bind", text, StringComparison.OrdinalIgnoreCase);
        }
    }
}

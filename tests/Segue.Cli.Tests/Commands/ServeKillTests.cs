using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Segue.Events;
using Segue.Events.Log;
using Segue.Events.Storage;

namespace Segue.Cli.Tests.Commands;

/// <summary>A server that is killed in the middle of traffic, and its listeners who go on.</summary>
public sealed class ServeKillTests : IDisposable
{
    // Few enough that no track trends: what one listener hears must not depend on how fast another one is.
    private const int Listeners = 3;
    private const int Steps = 12;
    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Sittings_go_on_after_kills_as_if_nothing_had_happened()
    {
        var store = _shell.PathOf("store");
        foreach (var args in new string[][]
        {
            ["lab", "--listeners", "60", "--tracks", "200", "--days", "8", "--seed", "3", "--out", store],
            ["train", "--store", store, "--set", "factors=8", "sweeps=3"],
        })
        {
            var (code, _, errors) = await CommandLine.Run(args);
            Assert.True(code == 0, errors);
        }
        var twin = _shell.PathOf("twin");
        Copy(store, twin);

        var unbroken = await RunAsync(twin, killsAfter: [], saveAfter: 0);
        var killed = await RunAsync(store, killsAfter: [7, 22], saveAfter: 1);

        for (var n = 0; n < Listeners; n++)
        {
            Assert.Equal(unbroken[n], killed[n]);
        }
        List<ListenerEvent> events;
        using (var log = EventLog.Open(new StoreLayout(store).Log))
        {
            events = [.. log.Read(0).Select(logged => logged.Event)];
        }
        Assert.Equal(Listeners * Steps, events.Count(happened => happened.Kind is EventKind.Listen or EventKind.Vote));   // none lost, none twice
        var answers = events.Where(happened => happened.Kind == EventKind.Answer).ToList();
        foreach (var answer in (ListenerEvent[])[answers[0], answers[answers.Count / 2], answers[^1]])
        {
            var (code, output, errors) = await CommandLine.Run("replay", $"{answer.Recommendation}", "--store", store);
            Assert.True(code == 0, errors);
            Assert.Contains("as sent, byte for byte.", output, StringComparison.Ordinal);
            Assert.Contains($"Answer {answer.Recommendation} of ", output, StringComparison.Ordinal);
        }
        var (other, _, told) = await CommandLine.Run("replay", $"{Guid.Empty}", "--store", store);
        Assert.Equal(2, other);
        Assert.Contains($"The log has no note of answer {Guid.Empty}.", told, StringComparison.Ordinal);
    }

    /// <summary>All listeners at once, each reacting to what it is offered.</summary>
    /// <param name="killsAfter">Numbers of answers after which the server is killed, ascending.</param>
    /// <param name="saveAfter">So many events of the log, and each start saves what the radio knows, beside the traffic.</param>
    /// <returns>The answers of each listener, in their order, but for what differs from run to run.</returns>
    private static async Task<List<string>[]> RunAsync(string store, IReadOnlyList<int> killsAfter, int saveAfter)
    {
        string[] listeners = ["somebody@new", .. Store.Open(store).ReadListeners().Take(Listeners - 1).Select(listener => listener.Id.Value)];
        var server = await ServedStore.StartAsync(store, saveAfter);
        try
        {
            var (told, answered, kill) = (Enumerable.Range(0, Listeners).Select(_ => new List<string>()).ToArray(), 0, 0);
            var sittings = new Sitting?[Listeners];
            while (told.Any(answers => answers.Count <= Steps))
            {
                var (now, due) = (server, kill < killsAfter.Count ? killsAfter[kill] : int.MaxValue);
                await Task.WhenAll(Enumerable.Range(0, Listeners).Select(async n =>
                {
                    try
                    {
                        while (told[n].Count <= Steps)
                        {
                            sittings[n] = await StepAsync(now.Client, listeners[n], told[n].Count, sittings[n]);
                            told[n].Add(sittings[n]!.Told);
                            if (Interlocked.Increment(ref answered) == due)
                            {
                                now.Kill();
                            }
                        }
                    }
                    catch (HttpRequestException) when (due < int.MaxValue)
                    {
                        // Killed: the step is taken again when there is a server.
                    }
                }));
                if (due < int.MaxValue)
                {
                    kill++;
                    server.Dispose();
                    server = await ServedStore.StartAsync(store, saveAfter);
                }
            }
            return told;
        }
        finally
        {
            server.Dispose();
        }
    }

    private static async Task<Sitting> StepAsync(HttpClient client, string listener, int step, Sitting? sitting)
    {
        if (sitting is null)
        {
            return await AskAsync(client, "/v1/radio", $$"""{"listener":"{{listener}}","newListener":true,"count":5}""");
        }
        var (track, id) = (sitting.Tracks[step % 3], string.Create(CultureInfo.InvariantCulture, $"{listener}-{step}"));
        var reaction = (step % 4) switch
        {
            0 => $$"""{"type":"skipped","heardSeconds":3,"track":"{{track}}","id":"{{id}}"}""",
            3 => $$"""{"type":"voted","vote":-1,"track":"{{track}}","id":"{{id}}"}""",
            _ => $$"""{"type":"played","track":"{{track}}","id":"{{id}}"}""",
        };
        return await AskAsync(client, $"/v1/radio/{sitting.Id}/events", $$"""{"events":[{{reaction}}]}""");
    }

    private static async Task<Sitting> AskAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        var body = JsonNode.Parse(text)!.AsObject();
        var id = body["session"]!.GetValue<string>();
        body.Remove("session");
        body.Remove("recommendation");
        return new(id, [.. body["tracks"]!.AsArray().Select(track => track!["id"]!.GetValue<string>())], body.ToJsonString());
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private sealed record Sitting(string Id, string[] Tracks, string Told);
}

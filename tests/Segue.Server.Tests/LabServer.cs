using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Similarity;
using Segue.Server.Sound;

namespace Segue.Server.Tests;

/// <summary>A small lab world, trained once, behind a real server on a free port of this machine.</summary>
public sealed class LabServer : IAsyncLifetime
{
    private WebApplication _app = null!;

    public LabWorld World { get; } = LabWorld.Create(new() { Listeners = 300, Tracks = 600, Days = 10, Seed = 7 });
    public Dataset Data { get; private set; } = null!;
    public ModelSet Models { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Data = Dataset.Build(World.Catalogue, World.Listeners, LabExport.ToInteractions(World, World.SimulateHistory()));
        Models = new("test",
            (ImplicitAlsModel)Train(ImplicitAlsModel.KindName, new() { ["factors"] = 8, ["sweeps"] = 5 }),
            (CooccurrenceModel)Train(CooccurrenceModel.KindName),
            (MostPopularModel)Train(MostPopularModel.KindName));
        var onAir = new OnAir();
        onAir.Audio = new LabAudio(World);
        onAir.Open(new(Data, Models, new(), onAir.Counts, TimeProvider.System));
        (_app, Client) = await StartAsync(onAir);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Starts a server on a free port, and a client that talks to it.</summary>
    /// <param name="time">By which work in the background is due; null: the system's.</param>
    public static async Task<(WebApplication App, HttpClient Client)> StartAsync(OnAir onAir, TimeProvider? time = null)
    {
        var app = SegueServer.Build(new() { Urls = "http://127.0.0.1:0", Time = time ?? TimeProvider.System }, onAir);
        await app.StartAsync();
        return (app, new() { BaseAddress = new(app.Urls.Single()) });
    }

    /// <summary>Sends text as a JSON body.</summary>
    public Task<HttpResponseMessage> Post(string path, string json)
        => Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    public async Task<JsonElement> PostForJson(string path, string json)
    {
        using var response = await Post(path, json);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public Task<JsonElement> Get(string path) => Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>Begins a sitting of the first listener.</summary>
    public Task<JsonElement> Start(int count = 5)
        => PostForJson("/v1/radio", $$"""{"listener":"{{World.Listeners[0].Id}}","count":{{count}}}""");

    private IRecommenderModel Train(string kind, Dictionary<string, double>? settings = null)
        => ModelKinds.Get(kind).Trainer(settings).Train(Data.Training, TrainingRun.WithSeed(1));
}

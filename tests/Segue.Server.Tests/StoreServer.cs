using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Segue.Evaluation.Lab;
using Segue.Events.Storage;
using Segue.Models.Registry;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

/// <summary>A store of a small lab world with trained models and an event log, behind a real server; in a folder of its own.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private static readonly LabWorld World = LabWorld.Create(new() { Listeners = 120, Tracks = 300, Days = 10, Seed = 7 });
    private static readonly SemaphoreSlim Making = new(1);
    private static string? _template;
    private readonly DirectoryInfo _folder;
    private WebApplication _app = null!;

    private readonly TimeProvider _time;

    private TimeProvider? _background;
    private double _explore;

    private StoreServer(DirectoryInfo folder, TimeProvider time) => (_folder, _time) = (folder, time);

    public OpenStore Store { get; private set; } = null!;
    public OnAir OnAir { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;
    public string Root => _folder.FullName;

    public static string Listener(int n) => World.Listeners[n].Id.Value;

    public static string Track(int n) => World.Catalogue[n].Id.Value;

    /// <param name="explore">Share of the radio's places that go to tracks few have heard.</param>
    /// <param name="background">By which work in the background is due; null: the system's.</param>
    public static async Task<StoreServer> StartAsync(TimeProvider? time = null, TimeProvider? background = null, double explore = 0)
    {
        var server = new StoreServer(Directory.CreateTempSubdirectory("segue-server-"), time ?? TimeProvider.System) { _background = background, _explore = explore };
        await CopyTemplateAsync(server.Root);
        await server.OpenAsync();
        return server;
    }

    /// <summary>Stops the server and starts another on the same folder.</summary>
    /// <param name="between">Done while none runs.</param>
    public async Task RestartAsync(Action<StoreLayout>? between = null)
    {
        await CloseAsync();
        between?.Invoke(Store.Parts.Layout);
        await OpenAsync();
    }

    public async Task<JsonElement> PostAsync(string path, string json, int status = 200)
    {
        using var response = await Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task<JsonElement> GetAsync(string path) => Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        Store = OpenStore.Open(Root, new(), _time);
        OnAir = new() { Radio = new() { Exploration = new() { Share = _explore } } };
        var host = OnAir.TakeEvents(Store, _time);
        await host.LoadFeaturesAsync(TestContext.Current.CancellationToken);
        await host.LoadTrendsAsync(TestContext.Current.CancellationToken);
        await host.OpenRadioAsync(TestContext.Current.CancellationToken);
        (_app, Client) = await LabServer.StartAsync(OnAir, _background);
    }

    private async Task CloseAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
    }

    // Trained once for all tests; each test has a copy of its own.
    private static async Task CopyTemplateAsync(string target)
    {
        await Making.WaitAsync();
        try
        {
            _template ??= await MakeTemplateAsync();
        }
        finally
        {
            Making.Release();
        }
        foreach (var file in Directory.GetFiles(_template, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(_template, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var root = Path.Combine(Directory.CreateTempSubdirectory("segue-template-").FullName, "store");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(root)!, recursive: true);
        using (var writer = new StoreWriter(root, "a small lab world", TimeProvider.System))
        {
            World.Catalogue.ToList().ForEach(writer.Add);
            World.Listeners.ToList().ForEach(writer.Add);
            foreach (var interaction in LabExport.ToInteractions(World, World.SimulateHistory()))
            {
                writer.Add(interaction);
            }
            writer.Commit();
        }
        using var parts = new StoreParts(root, new());
        var learning = await LearningData.LoadAsync(parts, log: null, CancellationToken.None);
        var models = LabModels.TrainAll("", learning.Data.Training, new(1, 2));
        new ModelRegistry(parts.Layout.Models).Publish(
            [models.Taste, models.Neighbors, models.Popular], new(learning.Data.Catalogue.Tracks, learning.Data.Users.Ids, learning.LogEnd));
        return root;
    }
}
